"""Settings of the IPSC site, read from the environment.

IPSC_MODE says what the site is for:

``production``
    The default. Needs SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL. Sample content is never shown.
``demonstration``
    What ``manage.py run`` serves: DEBUG off, the embedded database, a generated secret, sample content under a ribbon.
``development``
    As demonstration, with DEBUG on.

Importing this module starts nothing and writes nothing.
"""

import secrets
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

MODES = ("production", "demonstration", "development")
MODE = env.str("IPSC_MODE", default="production")
VAR_DIR = Path(env.str("IPSC_VAR_DIR", default=str(BASE_DIR / "var")))
DATABASE_URL = env.str("DATABASE_URL", default="")
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("IPSC_HTTPS", default=MODE == "production")
BEHIND_PROXY = env.bool("IPSC_BEHIND_PROXY", default=False)

if MODE not in MODES:
    raise ImproperlyConfigured(f"IPSC_MODE is {MODE!r}; set it to one of: {', '.join(MODES)}.")

IS_PRODUCTION = MODE == "production"
SHOWS_SAMPLES = not IS_PRODUCTION
DEBUG = MODE == "development"

if IS_PRODUCTION:
    if not SECRET_KEY:
        raise ImproperlyConfigured("set SECRET_KEY to a long random text that you keep to yourself.")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("set ALLOWED_HOSTS to the site's host names, separated by commas.")
    if not DATABASE_URL:
        raise ImproperlyConfigured(
            "set DATABASE_URL to a PostgreSQL 15 or newer, for example "
            "postgres://user:password@host:5432/ipsc, or to 'embedded' for the embedded one."
        )
else:
    if not SECRET_KEY:
        # `manage.py run` keeps a generated secret in this file; without it, a secret for this process only.
        secret_file = VAR_DIR / "secret_key"
        SECRET_KEY = secret_file.read_text().strip() if secret_file.exists() else secrets.token_urlsafe(50)
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "ipsc",
    "faq",
    "appointments",
    "courses",
    "django.contrib.admin",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "simple_history",
    "axes",
    "csp",
    "adminsortable2",
    "django_prose_editor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
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

ROOT_URLCONF = "ipsc.urls"
WSGI_APPLICATION = "ipsc.wsgi.application"

# Widgets of our own have their templates in templates/ like every other one.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "ipsc.context_processors.site",
            ],
        },
    },
]

# The database: PostgreSQL, always. Without DATABASE_URL the embedded one, which starts on the first connection.
if DATABASE_URL and DATABASE_URL != "embedded":
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "ipsc.embedded",
            "NAME": "ipsc",
            "EMBEDDED_DIR": VAR_DIR / "postgres",
        }
    }
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language stands in the address: English at /…, Hindi at /hi/….
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("hi", _("Hindi"))]
LOCALE_PATHS = [BASE_DIR / "ipsc" / "locale"]
FORMAT_MODULE_PATH = ["ipsc.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ipsc.staticfiles.BootstrapFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
PHONENUMBER_DEFAULT_REGION = "IN"

# Mail: by EMAIL_URL (smtp+tls://user:password@host:587). Without it production sends nothing and says so; elsewhere
# each message becomes a file to read.
EMAIL_URL = env.str("EMAIL_URL", default="")
SENDS_EMAIL = bool(EMAIL_URL) or not IS_PRODUCTION
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
elif IS_PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@localhost")
EMAIL_TIMEOUT = 10

# What stands before each path in a message: the worker that sends it has no request to tell by.
SITE_URL = env.str("SITE_URL", default="")
if not SITE_URL:
    host = next((name for name in ALLOWED_HOSTS if name not in ("*", "")), "localhost").lstrip(".")
    port = "" if IS_PRODUCTION else f":{env.str('PORT', default='8000')}"
    SITE_URL = f"{'https' if HTTPS else 'http'}://{host}{port}"

# SMS: by an adapter of ipsc.sms. Without one, or without a registered text for a kind and a language, none is sent, and
# patients are told so. docs/operations.md describes each.
SMS_ADAPTER = env.str("SMS_ADAPTER", default="")
SMS_TEMPLATES = env.str("SMS_TEMPLATES", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
SMS_HTTP_URL = env.str("SMS_HTTP_URL", default="")
SMS_HTTP_FORMAT = env.str("SMS_HTTP_FORMAT", default="form")
SMS_HTTP_FIELDS = env.json(
    "SMS_HTTP_FIELDS", default={"to": "{number}", "text": "{text}", "template_id": "{template_id}"}
)
SMS_HTTP_HEADERS = env.json("SMS_HTTP_HEADERS", default={})
SMS_HTTP_ACCEPTED = env.str("SMS_HTTP_ACCEPTED", default="")

LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Ten wrong passwords for one name from one address close the door for a quarter of an hour, to that pair alone: a name
# by itself would let anybody lock reception out.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "ipsc.ratelimit.address_of"
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Nothing from a third party; data: is for the small icons inside Bootstrap's style sheet.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# The longest public form holds a few thousand characters; what staff paste from Word may hold a million, and is refused
# in words beside the field. Files are for staff alone.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = ["ipsc.uploads.StaffUploadHandler"]
# A shared desk: who signed in yesterday signs in again. Messages name patients, so they stay on the server.
SESSION_COOKIE_AGE = 12 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Whatever watches the site asks over plain HTTP, from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "ipsc.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "ipsc.logs.Masked", "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django gives these handlers of their own, which would write the tokens in paths.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # At DEBUG it writes addresses whole, with whatever key a gateway wants in them.
        "urllib3": {"level": "INFO"},
    },
}
