"""Settings: what is read from the environment, and what is not. A bad value stops the start with its name."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from samokov_portal.audit.origin import from_task
from samokov_portal.database_roles import APPLICATION
from samokov_portal.environment import (
    attachments_store,
    contacts,
    databases,
    day_of,
    env,
    issuer,
    mail_server,
    networks,
    secret_key,
)

BASE_DIR = Path(__file__).resolve().parent.parent

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
# The demonstration: made-up cases, staff with one shared password. Never set on a public server.
DEMO = env.bool("DEMO", default=False)

SECRET_KEY = secret_key(DATA_DIR)
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
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "procrastinate.contrib.django",
    "simple_history",
    "samokov_portal.audit",
    "samokov_portal.pagestore",
    "samokov_portal.replica",
    "samokov_portal.staff",
    "samokov_portal.search",
    "samokov_portal.office",
    "services",
    "feedback",
    "charter",
    "samokov_portal.upkeep",
    "samokov_portal.open311",
]

MIDDLEWARE = [
    "samokov_portal.audit.origin.RequestOriginMiddleware",
    "samokov_portal.open311.documents.ErrorsAsAskedMiddleware",
    "samokov_portal.intake.IntakeMiddleware",
    "samokov_portal.replica.middleware.ReplicaMiddleware",
    "samokov_portal.pagestore.middleware.PageStoreMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "samokov_portal.compression.PublicPagesAreCompressed",
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
    "allauth.account.middleware.AccountMiddleware",
    "samokov_portal.signin.door.DeskDoorMiddleware",
    "samokov_portal.audit.looks.LooksMiddleware",
    "samokov_portal.intake.OnlySentMiddleware",
]

ROOT_URLCONF = "samokov_portal.urls"
WSGI_APPLICATION = "samokov_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "samokov_portal.office.unchanging.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samokov_portal.context_processors.frame",
            ],
            "builtins": [
                "samokov_portal.office.templatetags.bulgarian",
                "samokov_portal.office.templatetags.translated",
            ],
        },
    },
]

DATABASES = databases(DATA_DIR)
# So many seconds a replica may lack something and still be read; then pages come from the primary.
DATABASE_REPLICA_LAG_SECONDS = env.int("DATABASE_REPLICA_LAG_SECONDS", default=10)
# Nothing of the portal's own is kept in a cache: what several machines must agree on lies in the database.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
# The role that the server and the worker have; the tables belong to another one, who migrates.
DATABASE_APPLICATION_ROLE = env.str("DATABASE_APPLICATION_ROLE", default=APPLICATION)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.StaffUser"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "samokov_portal.signin.backends.StaffBackend"]
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

# Whether every member of staff needs a second factor: everywhere but in the demonstration.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not DEMO)
# Under what the seeds of second factors lie encrypted in the database; SECRET_KEY where there is none.
SECOND_FACTOR_KEY = env.str("SECOND_FACTOR_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
MFA_ADAPTER = "samokov_portal.staff.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Nothing of django-allauth's own pages is served: people log in and are made elsewhere.
ACCOUNT_EMAIL_VERIFICATION = "none"

# The eAuth of the state, or another provider of OpenID Connect, by which staff may sign in; off without EAUTH_ISSUER.
EAUTH_ISSUER = issuer("EAUTH_ISSUER")
EAUTH_CLIENT_ID = env.str("EAUTH_CLIENT_ID", default="")
EAUTH_CLIENT_SECRET = env.str("EAUTH_CLIENT_SECRET", default="")
EAUTH_SCOPE = env.str("EAUTH_SCOPE", default="openid")
# Which claim of the ID token says who it is; what an administrator enters with `set_eauth` is compared with it.
EAUTH_CLAIM = env.str("EAUTH_CLAIM", default="sub")
# How the button at the login calls it.
EAUTH_NAME = env.str("EAUTH_NAME", default="еАвтентикация")
if EAUTH_ISSUER and not EAUTH_CLIENT_ID:
    raise ImproperlyConfigured("EAUTH_CLIENT_ID is not set, and EAUTH_ISSUER is")
if EAUTH_CLAIM in ("email", "name", "preferred_username", "phone_number"):
    raise ImproperlyConfigured(f"EAUTH_CLAIM: {EAUTH_CLAIM} may be changed by whoever it speaks of")

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
    "attachments": attachments_store(DATA_DIR),
}

FORM_RENDERER = "samokov_portal.office.rendering.PortalRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"

# Largest form without files: far above the longest text allowed (20,000 characters, six bytes each when escaped three
# times over), so that a text that is too long comes back with a message and is not lost.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The largest form is the draft of a service: sixty statements of eight fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
# What people attach to a case: how many files, and how large each may be.
ATTACHMENTS_MAX = env.int("ATTACHMENTS_MAX", default=10)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=20 * 1024 * 1024)
# The pages that take files, and how large a body each takes, with room for what a browser writes around the files.
AROUND_FILES_BYTES = 1024 * 1024
FILE_PATHS = [
    (r"/reports/verify/$", 20 * 1024 * 1024 + AROUND_FILES_BYTES),
    (r"/desk/catalogue/imports/$", 5 * 1024 * 1024 + AROUND_FILES_BYTES),
    (
        r"/(feedback/new/[a-z]+|desk/log(/[a-z]+)?|feedback/track/[^/]+/(add|reply)|desk/cases/[^/]+/attach)/$",
        ATTACHMENTS_MAX * ATTACHMENT_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE,
    ),
    (r"^/open311/v2/requests\.(xml|json)$", ATTACHMENTS_MAX * ATTACHMENT_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE),
]
# Where clamd listens; empty where there is no scanner. Its StreamMaxLength must not be below the size of one file.
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", default="")
CLAMAV_TIMEOUT_SECONDS = env.int("CLAMAV_TIMEOUT_SECONDS", default=20)

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
SESSION_ENGINE = "samokov_portal.staff.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 10  # one working day of a clerk: then staff log in again, however busy they are
# After how many minutes without a page the session of a member of staff ends; what they typed is kept for an hour.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
if STAFF_IDLE_MINUTES < 1:
    raise ImproperlyConfigured("STAFF_IDLE_MINUTES: at least one minute")
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
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# How long an answer to a written enquiry may take is disputed between sources (3 days or 7 working days).
ENQUIRY_ANSWER_WORKDAYS = env.int("ENQUIRY_ANSWER_WORKDAYS", default=7)
# How many wrong pairs of number and access code one address may try in fifteen minutes.
TRACKING_FAILURES_ALLOWED = env.int("TRACKING_FAILURES_ALLOWED", default=10)
# From where the survey may be answered without a code: the tablets at the counters. Empty closes that page; the
# demonstration opens it to everybody.
KIOSK_ADDRESSES = networks("KIOSK_ADDRESSES")
# How many days after an answer its receiver may ask for another look: the portal's own promise, not a term of law.
REOPEN_DAYS = env.int("REOPEN_DAYS", default=14)
if REOPEN_DAYS < 1:
    raise ImproperlyConfigured("REOPEN_DAYS: at least one day")
# By which day of the next year (month-day) the report of a year is to be published; the sources say 1 March or 1 April.
ANNUAL_REPORT_DAY = env.str("ANNUAL_REPORT_DAY", default="03-01")
# How many days after a quarter or a year its report is drafted: by then the last papers of it are entered.
REPORT_AFTER_DAYS = env.int("REPORT_AFTER_DAYS", default=10)
# The address of the portal as letters name it.
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")

# Whom to tell of a weakness of the portal, in /.well-known/security.txt: addresses with `mailto:`, `https:` or `tel:`,
# separated by commas; without one the file is not served.
SECURITY_CONTACT = contacts("SECURITY_CONTACT")
# Until which day (YYYY-MM-DD) that may be trusted; without one for so many days from today, which RFC 9116 wants below
# a year.
SECURITY_EXPIRES = day_of("SECURITY_EXPIRES")
SECURITY_EXPIRES_DAYS = env.int("SECURITY_EXPIRES_DAYS", default=180)

# Letters of made-up cases are files here and never leave; neither does any letter of a demonstration without EMAIL_URL.
SAMPLE_MAIL_DIR = DATA_DIR / "mail"
MAIL_IS_SET = bool(env.str("EMAIL_URL", default=""))
MAIL = mail_server(SAMPLE_MAIL_DIR if DEMO else None)
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST, EMAIL_PORT = MAIL["EMAIL_HOST"], MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_USER"] or "", MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Община Самоков <samokov@samokov.bg>")
# What of a forwarded case's files goes with the letter; most mail servers refuse letters above 20 to 25 MB.
FORWARDED_FILES_BYTES = env.int("FORWARDED_FILES_BYTES", default=14 * 1024 * 1024)

# -- Limits on filing (samokov_portal/office/spam.py); an amount of 0 switches a limit off. Past a limit the form asks
# for a proof of work or a short wait, past ten times the limit it is not taken. Behind a proxy BEHIND_PROXY must be
# set: otherwise all visitors are one address.
# Whoever tries the demonstration comes from one address, and files more in an hour than a street does.
FILINGS_AN_HOUR_PER_ADDRESS = env.int("FILINGS_AN_HOUR_PER_ADDRESS", default=600 if DEMO else 30)
FILINGS_AN_HOUR_PER_NETWORK = env.int("FILINGS_AN_HOUR_PER_NETWORK", default=600 if DEMO else 120)
# From how many forms of one address in ten minutes a further one must have been open for the least time.
FILINGS_UNTIMED = env.int("FILINGS_UNTIMED", default=100 if DEMO else 5)
FILING_LEAST_SECONDS = env.int("FILING_LEAST_SECONDS", default=2)
# How long a form must have been open past a limit when there is no proof of work.
FILING_WAIT_SECONDS = env.int("FILING_WAIT_SECONDS", default=30)
# Iterations for each of the up to 400 keys that the browser derives: 10 000 take a computer about a second.
FILING_PROOF_COST = env.int("FILING_PROOF_COST", default=10_000)
# How many cases one key of Open311 may file in an hour: behind it are many people.
OPEN311_AN_HOUR_PER_KEY = env.int("OPEN311_AN_HOUR_PER_KEY", default=120)
# -- end of the limits on filing

# So long at most a page that is the same for everybody is given out without being made anew; what it is made from is
# watched, so that a change shows at once all the same. 0 makes every page for whoever asks.
PUBLIC_PAGES_KEPT_SECONDS = env.int("PUBLIC_PAGES_KEPT_SECONDS", default=60)

# What Open311 calls this municipality: the name of its site, as the specification advises.
OPEN311_JURISDICTION = env.str("OPEN311_JURISDICTION", default="samokov.bg")

# The Ed25519 key that signs the manifests of reports; without the file they carry none. `make run` makes it.
REPORT_KEY_FILE = Path(env.str("REPORT_KEY_FILE", default=str(DATA_DIR / "keys" / "report.key")))
# Public keys (PEM files) of before, by which old reports are checked, beside those in the folder of REPORT_KEY_FILE.
REPORT_PUBLIC_KEYS = [Path(name) for name in env.list("REPORT_PUBLIC_KEYS", default=[])]
# The certificate (PKCS#12) of the qualified signature in the PDF itself; empty where there is none.
PADES_KEY_FILE = Path(name) if (name := env.str("PADES_KEY_FILE", default="")) else None
PADES_PASSWORD = env.str("PADES_PASSWORD", default="")

SIMPLE_HISTORY_REVERT_DISABLED = True
# Work for the worker that several apps take part in; that of one app is found in its `tasks`.
PROCRASTINATE_WORKER_DEFAULTS = {"task_middleware": [from_task]}
PROCRASTINATE_IMPORT_PATHS = ["samokov_portal.tasks"]
# Who writes the letters to applicants for services: the outbox lies in the app above theirs.
APPLICATION_OUTBOX = "feedback.letters.applications.write_notice"
# So many years after its end the personal data of a matter are erased by `retain`: five, unless the municipality's list
# of files (номенклатура на делата) says otherwise for a kind; RETENTION_YEARS_SIGNAL=3 is for signals alone.
RETENTION_KINDS = ("signal", "proposal", "complaint", "enquiry", "praise", "information", "application")
RETENTION_YEARS = {
    kind: env.int(f"RETENTION_YEARS_{kind.upper()}", default=env.int("RETENTION_YEARS", default=5))
    for kind in RETENTION_KINDS
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        # One JSON object a line, for whoever keeps the log of looks apart.
        "bare": {"format": "{message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "looks": {"class": "logging.StreamHandler", "formatter": "bare"},
    },
    "loggers": {"samokov_portal.looks": {"handlers": ["looks"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
