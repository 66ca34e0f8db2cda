from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from samokov_portal.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0002_initial'),
    ]

    operations = together([
        migrations.RemoveConstraint(model_name='application', name='services_application_due_after_receipt'),
        migrations.AddField(
            model_name='application',
            name='due_moved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='срокът е преместен на'),
        ),
        migrations.AddField(
            model_name='historicalapplication',
            name='due_moved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='срокът е преместен на'),
        ),
        # Until now no last day has moved, so the first one is that in force.
        migrations.AddField(
            model_name='application',
            name='first_due_on',
            field=models.DateField(null=True, verbose_name='първоначален срок'),
        ),
        migrations.AddField(
            model_name='historicalapplication',
            name='first_due_on',
            field=models.DateField(null=True, verbose_name='първоначален срок'),
        ),
        migrations.RunSQL('UPDATE services_application SET first_due_on = due_on', migrations.RunSQL.noop),
        migrations.RunSQL('UPDATE services_historicalapplication SET first_due_on = due_on', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='application',
            name='first_due_on',
            field=models.DateField(verbose_name='първоначален срок'),
        ),
        migrations.AlterField(
            model_name='historicalapplication',
            name='first_due_on',
            field=models.DateField(verbose_name='първоначален срок'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(
                condition=Q(due_on__gte=TruncDate('received_at'), first_due_on__gte=TruncDate('received_at')),
                name='services_application_due_after_receipt',
            ),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(
                condition=Q(due_on=F('first_due_on')) | Q(due_moved_at__isnull=False),
                name='services_application_due_moves_at_a_moment',
            ),
        ),
    ])
