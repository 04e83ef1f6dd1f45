"""Settings of every environment. What differs comes from environment variables; docs/operations.md lists them."""

from pathlib import Path

import environ

from console.logs import logging_options
from console.organizations.hashing import pads
from console.signin.options import signin_options

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
IS_DEMO = env.bool("TRANCHE_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where links in messages and banners lead; no trailing slash.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000")
# Where Django admin stands, with a slash at the end; for platform admins with a passkey only.
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/")
DATA_DIR = Path(env.str("TRANCHE_DATA", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "template_partials.apps.SimpleAppConfig",
    "django_structlog",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "console",
    "console.organizations",
    "console.customers",
    "console.ledgers",
    "console.portfolios",
    "console.balances",
    "console.billing",
    "console.imports",
    "segments",
    "communications",
    "alerts",
]

MIDDLEWARE = [
    "console.health.for_machines",
    "console.middleware.content_security_policy",
    "console.middleware.method_page",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "console.middleware.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "console.signin.middleware.SignedInMiddleware",
    "console.organizations.middleware.OrganizationMiddleware",
]

ROOT_URLCONF = "console.urls"
WSGI_APPLICATION = "console.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_loaders = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "console.navigation.navigation",
                "console.switching.ledger_switch",
            ],
            "builtins": [
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "template_partials.templatetags.partials",
                "console.templatetags.console",
                "console.templatetags.personal",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
                )
            ],
        },
    }
]

# The console signs in to its database as a role that owns nothing; DATABASE_OWNER_URL is for what changes tables.
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///tranche")}
DATABASES["default"]["ENGINE"] = "console.postgres"
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default="")
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["default"]["OPTIONS"] = {
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=10), "timeout": 10},
    **DATABASES["default"].get("OPTIONS", {}),
}

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 2, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_EAGER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
# A static tick each: what is due is a question to the database, never to the scheduler.
CELERY_BEAT_SCHEDULE = {
    "organizations.tend_approvals": {"task": "console.organizations.tasks.tend_approvals", "schedule": 60.0},
    "imports.resume_stopped": {"task": "console.imports.tasks.resume_stopped", "schedule": 60.0},
    "portfolios.set_milestones": {"task": "console.portfolios.tasks.set_milestones", "schedule": 30.0},
    "billing.evaluate_due": {"task": "console.billing.tasks.evaluate_due", "schedule": 60.0},
    "segments.refresh_due": {"task": "segments.tasks.refresh_due", "schedule": 30.0},
    "segments.resume_changes": {"task": "segments.tasks.resume_changes", "schedule": 60.0},
    "communications.reconcile": {"task": "communications.tasks.reconcile", "schedule": 30.0},
    "organizations.witness": {"task": "console.organizations.tasks.witness", "schedule": 30.0},
    "organizations.forget_sessions": {
        "task": "console.organizations.tasks.forget_sessions",
        "schedule": 3600.0,
    },
    "alerts.evaluate_due": {"task": "alerts.tasks.evaluate_due", "schedule": 60.0},
}

vars().update(env.email("EMAIL_URL", default="smtp://127.0.0.1:1025"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tranche <tranche@localhost>")
# id=passphrase,… seal the secrets of webhooks: the first seals, all open. Empty: made from SECRET_KEY.
SEALING_KEYS = env.dict("SEALING_KEYS", default={})
# Whom nobody writes to any more is known by a keyed hash. This key never changes: with another one they are forgotten.
HASHING_KEY = env.str("HASHING_KEY", default="") or SECRET_KEY
DATABASES["default"]["OPTIONS"]["options"] = " ".join(
    [
        DATABASES["default"]["OPTIONS"].get("options", ""),
        *(f"-c {k}={v}" for k, v in pads(HASHING_KEY).items()),
    ]
).strip()
# id=passphrase,… link the audit trail: the first makes links, all prove them. Empty: made from SECRET_KEY.
AUDIT_KEYS = env.dict("AUDIT_KEYS", default={})
# How long a dispatcher may hold a message before another takes it; longer than any try lasts.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=90)
# Webhooks may reach loopback only where a developer says so; the deployment check refuses it.
WEBHOOK_ALLOW_LOOPBACK = env.bool("WEBHOOK_ALLOW_LOOPBACK", default=False)

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "console.signin.passwords.Likeness",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "console.signin.passwords.Length", "OPTIONS": {"min_length": 15}},
    {"NAME": "console.signin.passwords.Common"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# A session ends so long after it began, and so long after a person last did something in it.
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 60 * 60)
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=15 * 60)
# What is sensitive needs a proof no older than this: console/organizations/access.py says what is.
FRESH_SECONDS = env.int("FRESH_SECONDS", default=10 * 60)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Tries that failed and codes that were used, the same for all web processes and kept when they start again.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "signin_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

IS_HTTPS = env.bool("HTTPS", default=not (DEBUG or IS_DEMO))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
# Cookies of such a name browsers take over HTTPS from this very host alone, no neighbour's (RFC 6265bis, 4.1.3.2).
_prefix = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}sessionid", f"{_prefix}csrftoken"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
# Over HTTPS a proxy in front sets the header itself; who speaks to the console directly could make it up.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# Proxies of ours between a caller and the console: console/organizations/callers.py. Nobody's word is taken unasked.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
vars().update(signin_options(is_https=IS_HTTPS, fresh_seconds=FRESH_SECONDS))

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A segment of 200 rules is a form of a few thousand fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Larger files wait here while they arrive; /tmp is memory in many containers.
FILE_UPLOAD_TEMP_DIR = env.str("FILE_UPLOAD_TEMP_DIR", default="") or None
# The largest CSV file that the page takes; the command line takes any.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=2 * 1024**3)

LOGGING = logging_options(env.str("LOG_LEVEL", default="INFO"))
