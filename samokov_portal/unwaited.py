"""Nobody waits until it is on disk: for what a crash of the database may take back without harm, or what the log has.

    INSERT INTO … SELECT … FROM {UNWAITED}

with `alone=not connection.in_atomic_block` among the parameters: within a transaction, which may hold more, nothing
changes.
"""

UNWAITED = """set_config('synchronous_commit',
    CASE WHEN %(alone)s THEN 'off' ELSE current_setting('synchronous_commit') END, true)"""
