from django.db import migrations

# Of each history that figures are counted from: its newest version at a moment without looking at the rows, and the
# days by which a period is cut out of it. The models of history are made by a library that knows no such indexes.
DAYS = {
    "feedback_historicalcase": ("due_on", "notify_due_on", "received_at", "forwarded_at"),
    "services_historicalapplication": ("due_on", "received_at", "completed_at"),
}


def statements() -> list[tuple[str, str]]:
    """What makes each index and what takes it away."""
    made = []
    for table, columns in DAYS.items():
        made.append((f"{table}_version", f"{table} (id, history_date DESC, history_id DESC)"))
        made += [(f"{table}_{column}", f"{table} ({column}) WHERE {column} IS NOT NULL") for column in columns]
    return [(f"CREATE INDEX {name} ON {where}", f"DROP INDEX {name}") for name, where in made]


class Migration(migrations.Migration):
    dependencies = [
        ("charter", "0011_names_in_english"),
        ("feedback", "0018_papers_printed_together"),
        ("services", "0016_signs_of_applications"),
    ]

    operations = [migrations.RunSQL(forwards, backwards) for forwards, backwards in statements()]
