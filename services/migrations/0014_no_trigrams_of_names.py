from django.db import migrations


class Migration(migrations.Migration):
    """Services are found by their stems in `search`; a part of a name is compared in capitals, which this never served."""

    dependencies = [
        ('services', '0013_authorities_and_who_held_them'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='service',
            name='services_service_name_trgm',
        ),
    ]
