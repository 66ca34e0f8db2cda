"""The portal's tables as far as the floor reads them; the portal makes and fills them."""

from django.db import models


class Service(models.Model):
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=300)

    objects: models.Manager["Service"] = models.Manager()

    class Meta:
        managed = False
        db_table = "services_service"

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=16)
    subject = models.CharField(max_length=120)
    next_on = models.DateField(null=True)
    received_at = models.DateTimeField()
    unit_id = models.BigIntegerField(null=True)

    objects: models.Manager["Case"] = models.Manager()

    class Meta:
        managed = False
        db_table = "feedback_case"

    def __str__(self) -> str:
        return self.number
