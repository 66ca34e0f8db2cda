"""The start-up check that search and sorting will see Bulgarian letters."""

import psycopg

from samokov_portal.launcher.console import LauncherError

CHECKS = {
    "lower('Щ') = 'щ'": "lower() leaves capitals",
    "'Щ' ILIKE 'щ'": "ILIKE tells capitals from small letters",
    "similarity('щука', 'щука') = 1": "trigrams see no letters",
}


def verify(url: str) -> None:
    """Fail loudly where a wrong locale would make search fail in silence."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for expression, meaning in CHECKS.items():
            row = connection.execute(f"SELECT {expression}".encode()).fetchone()
            if row != (True,):
                raise LauncherError(f"the database does not know Cyrillic ({meaning}): its locale must be C.UTF-8")
