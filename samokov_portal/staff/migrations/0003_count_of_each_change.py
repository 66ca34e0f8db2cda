
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0002_trace_of_each_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalstaffuser',
            name='history_seal',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
    ]
