from django.db import migrations

# A promise is of one kind, whose history is a part of all: its last days are cut out with the kind, not looked through
# for it.
FORWARDS = """
CREATE INDEX feedback_historicalcase_kind_due ON feedback_historicalcase (kind, due_on) WHERE due_on IS NOT NULL;
DROP INDEX feedback_historicalcase_due_on;
"""
BACKWARDS = """
CREATE INDEX feedback_historicalcase_due_on ON feedback_historicalcase (due_on) WHERE due_on IS NOT NULL;
DROP INDEX feedback_historicalcase_kind_due;
"""


class Migration(migrations.Migration):
    dependencies = [("charter", "0013_drafts_of_the_charter"), ("feedback", "0019_cases_about_the_same")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
