"""How the settings read the environment: what takes more than a number or a word.

A bad value stops the start with the name of its variable.
"""

from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from samokov_portal.launcher.cluster import database_url
from samokov_portal.replica import REPLICA

env = environ.Env()


def secret_key(data_dir: Path) -> str:
    """The key from SECRET_KEY, else the one that `make run` keeps in the data directory."""
    kept = data_dir / "secret.key"
    key = env.str("SECRET_KEY", default="") or (kept.read_text().strip() if kept.exists() else "")
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY is not set and {kept} does not exist: start with `make run`.")
    return key


def database(url: str) -> dict[str, object]:
    """Django's settings for a libpq address, parsed by libpq's own rules."""
    parts = conninfo_to_dict(url)
    named = {"NAME": parts.pop("dbname", ""), "USER": parts.pop("user", ""), "PASSWORD": parts.pop("password", "")}
    place = {"HOST": parts.pop("host", ""), "PORT": str(parts.pop("port", ""))}
    # One connection a server process, kept: opening one for each request costs six times as much.
    kept = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    parts.setdefault("connect_timeout", 5)
    # Compiling a count over the history takes several times as long as counting.
    options = ["-c jit=off"]
    # What is asked for lies in memory or on a disk without a moving head: a page is found about as quickly as the next.
    options += ["-c random_page_cost=1.1"]
    patience = env.int("DATABASE_PATIENCE_SECONDS", default=0)
    if patience:
        # A page that waits for a lock or a lost statement gives up with 503 and leaves its thread to others.
        options += [f"-c lock_timeout={patience}s", f"-c statement_timeout={2 * patience}s"]
    parts["options"] = " ".join([str(parts.get("options") or ""), *options]).strip()
    return {"ENGINE": "samokov_portal.postgresql", **named, **place, **kept, "OPTIONS": parts}


def databases(data_dir: Path) -> dict[str, dict[str, object]]:
    """The database, and with DATABASE_REPLICA_URL a streaming replica of it, from which public pages are read."""
    found = {"default": database(env.str("DATABASE_URL", default="") or database_url(data_dir))}
    replica = env.str("DATABASE_REPLICA_URL", default="")
    if replica:
        # Whoever asks a machine that is gone waits so long for it, and then for the primary.
        found[REPLICA] = read_only(database(make_conninfo(replica, connect_timeout=2)))
    return found


def read_only(settings: dict[str, Any]) -> dict[str, object]:
    """The same, refusing writes also where the replica was promoted or is none."""
    options = f"{settings['OPTIONS']['options']} -c default_transaction_read_only=on"
    return {**settings, "OPTIONS": {**settings["OPTIONS"], "options": options}, "TEST": {"MIRROR": "default"}}


def issuer(name: str) -> str:
    """The address in the variable `name`, as the provider writes itself in its tokens; empty where there is none."""
    text = env.str(name, default="").rstrip("/")
    if text and not text.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ImproperlyConfigured(f"{name}: {text} does not begin with https://")
    return text


def attachments_store(data_dir: Path) -> dict[str, object]:
    """Where the files of people are kept: a private directory, or the private bucket of ATTACHMENTS_S3_BUCKET."""
    bucket = env.str("ATTACHMENTS_S3_BUCKET", default="")
    if not bucket:
        # Nothing serves this directory, and only the portal's own user may open it.
        private = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, "base_url": None}
        place = {"location": data_dir / "attachments", **private}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": place}
    place = {
        "bucket_name": bucket,
        "endpoint_url": env.str("ATTACHMENTS_S3_ENDPOINT", default="") or None,
        "region_name": env.str("ATTACHMENTS_S3_REGION", default="") or None,
        "access_key": env.str("ATTACHMENTS_S3_ACCESS_KEY"),
        "secret_key": env.str("ATTACHMENTS_S3_SECRET_KEY"),
    }
    return {"BACKEND": "samokov_portal.files.object_store.AttachmentBucket", "OPTIONS": place}


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """The networks in the variable `name`, separated by commas; an address alone is a network of one."""
    try:
        return [ip_network(text.strip(), strict=False) for text in env.list(name, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def contacts(name: str) -> list[str]:
    """The addresses in the variable `name`, separated by commas, as RFC 9116 takes them."""
    found = [text.strip() for text in env.list(name, default=[])]
    for text in found:
        if not text.startswith(("mailto:", "https://", "tel:")):
            raise ImproperlyConfigured(f"{name}: {text} does not begin with mailto:, https:// or tel:")
    return found


def day_of(name: str) -> date | None:
    """The day in the variable `name` as ISO 8601; None where it is not set."""
    text = env.str(name, default="")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def mail_server(made_up: Path | None) -> dict[str, Any]:
    """Django's settings for EMAIL_URL; without one, letters of a demonstration become files in the directory `made_up`.

    A real portal asks this machine then, and letters wait if nobody is there: what is written to a file would count as
    sent.
    """
    address = env.str("EMAIL_URL", default="")
    if made_up and not address:
        return {**env.email_url_config("filemail://"), "EMAIL_FILE_PATH": str(made_up)}
    return env.email_url_config(address or "smtp://localhost:25")
