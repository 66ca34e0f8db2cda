
from django.db import migrations, models

from samokov_portal.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0005_trace_of_each_change'),
    ]

    operations = together([
        migrations.AddField(
            model_name='historicalapplication',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalservice',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalservicedetail',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalservicegroup',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalsettlement',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalunit',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalunitmember',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='historicalvisit',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
    ])
