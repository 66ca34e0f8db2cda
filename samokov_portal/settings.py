"""Settings: the only place that reads the environment. A bad value stops the start with its name."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from samokov_portal.launcher.cluster import database_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
# The demonstration: made-up cases, staff with one shared password. Never set on a public server.
DEMO = env.bool("DEMO", default=False)


def secret_key() -> str:
    """The key from SECRET_KEY, else the one that `make run` keeps in the data directory."""
    kept = DATA_DIR / "secret.key"
    key = env.str("SECRET_KEY", default="") or (kept.read_text().strip() if kept.exists() else "")
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY is not set and {kept} does not exist: start with `make run`.")
    return key


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "crispy_forms",
    "procrastinate.contrib.django",
    "simple_history",
    "samokov_portal.staff",
    "samokov_portal.office",
    "services",
    "feedback",
    "charter",
]

MIDDLEWARE = [
    "samokov_portal.intake.IntakeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "samokov_portal.urls"
WSGI_APPLICATION = "samokov_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samokov_portal.context_processors.frame",
            ],
            "builtins": ["samokov_portal.office.templatetags.bulgarian"],
        },
    },
]


def database(url: str) -> dict[str, object]:
    """Django's settings for a libpq address, parsed by libpq's own rules."""
    parts = conninfo_to_dict(url)
    named = {"NAME": parts.pop("dbname", ""), "USER": parts.pop("user", ""), "PASSWORD": parts.pop("password", "")}
    place = {"HOST": parts.pop("host", ""), "PORT": str(parts.pop("port", ""))}
    # One connection a server process, kept: opening one for each request costs six times as much.
    kept = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    parts.setdefault("connect_timeout", 5)
    patience = env.int("DATABASE_PATIENCE_SECONDS", default=0)
    if patience:
        # A page that waits for a lock or a lost statement gives up with 503 and leaves its thread to others.
        parts["options"] = f"-c lock_timeout={patience}s -c statement_timeout={2 * patience}s"
    return {"ENGINE": "django.db.backends.postgresql", **named, **place, **kept, "OPTIONS": parts}


DATABASES = {"default": database(env.str("DATABASE_URL", default="") or database_url(DATA_DIR))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.StaffUser"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "samokov_portal.network.client_address"

LANGUAGE_CODE = "bg"
LANGUAGES = [("bg", _("Български")), ("en", _("Английски"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["samokov_portal.formats"]
TIME_ZONE = "Europe/Sofia"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Names with the hash of the content may be kept by browsers for ever; they exist after `collectstatic`.
HASHED_STATIC = env.bool("HASHED_STATIC", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"

# Largest form without files: far above the longest text allowed (20,000 characters, six bytes each when escaped three
# times over), so that a text that is too long comes back with a message and is not lost.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The one page that takes a file, and how large; with room for what a browser writes around it.
FILE_PATH = "/reports/verify/"
LARGEST_FILE_BYTES = 21 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Whether the only way in is our own proxy, which says by which protocol and for whom it asks.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
HTTPS = env.bool("HTTPS", default=not DEMO)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# They bind every name below the portal's own, for a year: give the portal a name of its own, or switch them off.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=HTTPS)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# The access code of a case must not travel to another site, nor to a page's address.
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 10  # one working day of a clerk
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "samokov_portal.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# How long an answer to a written enquiry may take is disputed between sources (3 days or 7 working days).
ENQUIRY_ANSWER_WORKDAYS = env.int("ENQUIRY_ANSWER_WORKDAYS", default=7)
# How many wrong pairs of number and access code one address may try in fifteen minutes.
TRACKING_FAILURES_ALLOWED = env.int("TRACKING_FAILURES_ALLOWED", default=10)

SIMPLE_HISTORY_REVERT_DISABLED = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
