
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('office', '0005_trace_of_each_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalworkingdayoverride',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
    ]
