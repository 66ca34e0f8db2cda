
from django.db import migrations, models

from samokov_portal.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0005_trace_of_each_change'),
    ]

    operations = together([
        migrations.AddField(
            model_name='historicalattachment',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalbody',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalcase',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalletter',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicallettertemplate',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalquestion',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalrating',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalreopening',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
    ])
