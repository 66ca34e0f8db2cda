
from django.db import migrations, models

from samokov_portal.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('charter', '0004_trace_of_each_change'),
    ]

    operations = together([
        migrations.AddField(
            model_name='historicalcharterversion',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalcomment',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalconsultation',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicaldraftpassage',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalobservation',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalpassage',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalremark',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalreport',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalsection',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalstandard',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
    ])
