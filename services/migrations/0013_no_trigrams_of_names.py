from django.db import migrations


class Migration(migrations.Migration):
    """Services are found by their stems in `search`; a part of a name is compared in capitals, which this never served."""

    dependencies = [
        ('services', '0012_who_may_see_names'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='service',
            name='services_service_name_trgm',
        ),
    ]
