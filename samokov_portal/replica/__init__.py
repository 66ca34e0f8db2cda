"""Pages that only tell what is public may be read from a copy of the database (DATABASE_REPLICA_URL).

    standing_in()      what is asked inside, by models or by hand, in a transaction or not, is asked of the replica
    Lag                how long the replica has lacked something, as this process sees it
    marks              how far the replica must have come for somebody who has just written

Whatever the replica cannot do is done again by the primary: it refuses writes and locks by itself, so nobody has to
know which page makes some.
"""

REPLICA = "replica"
