"""Every setting of Overture, from the environment; docs/operating.md lists them for operators."""

from pathlib import Path

import django_htmx
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from overture import configuration as environment
from overture.lib import embedded_postgres

ROOT = environment.ROOT
# The folder that holds the embedded database, keys, logs and collected static files.
OVERTURE_DATA = environment.data_folder()
# The port of the web server.
OVERTURE_PORT = environment.number("OVERTURE_PORT", 8000, 1, 65535)
# The address of the site; links in e-mails, opt-out links and ad codes start with it.
OVERTURE_BASE_URL = environment.base_url(OVERTURE_PORT)
# Another host for ad codes only, such as https://go.brand.example; the base URL unless given.
OVERTURE_TRACKING_URL = environment.web_address("OVERTURE_TRACKING_URL", OVERTURE_BASE_URL)
# Allows mailboxes on loopback and private addresses, on any port. The demo turns it on.
OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS = environment.flag("OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS")
# Allows webhooks to loopback and private addresses, by plain http and on any port.
OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = environment.flag("OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS")
# Shows the demo's mail catcher to the operator; `bin/run` sets it.
OVERTURE_DEMO = environment.flag("OVERTURE_DEMO")
# Lets anybody sign up and make a workspace; 0 leaves it to the operator.
OVERTURE_OPEN_SIGNUP = environment.flag("OVERTURE_OPEN_SIGNUP", True)
# Lets partners sign up at /partner/sign-up; 0 leaves it to invitations. The operator lists them in any case.
OVERTURE_PARTNER_SIGNUP = environment.flag("OVERTURE_PARTNER_SIGNUP", True)
# Seconds that a worker may hold e-mails it claimed; tests of late workers make it short.
OVERTURE_LEASE_SECONDS = environment.number("OVERTURE_LEASE_SECONDS", 60, 5, 60)
# System mail (confirmations, notices): smtp://user:password@host:port; without it links go to the log.
OVERTURE_SYSTEM_MAIL = environment.system_mail()
OVERTURE_SYSTEM_MAIL_FROM = environment.text("OVERTURE_SYSTEM_MAIL_FROM", "overture@localhost")
# Clients at Google and Microsoft by which members connect mailboxes (docs/operating.md).
OVERTURE_OAUTH = environment.oauth()
# Resolver of the records that mailboxes need, as host:port; the system's unless given. `off`: none is asked.
OVERTURE_DNS = environment.text("OVERTURE_DNS")
# For tests: a place on loopback that is asked instead of Amazon SES, Postmark and the other relays.
OVERTURE_RELAY_URL = environment.loopback("OVERTURE_RELAY_URL")
# Where servers of mailboxes are looked for, {domain} filled in; Mozilla's list is one that can be added.
OVERTURE_AUTOCONFIG_URLS = environment.text(
    "OVERTURE_AUTOCONFIG_URLS",
    "https://autoconfig.{domain}/mail/config-v1.1.xml"
    " https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
).split()
# Largest CSV that an import takes, in bytes.
OVERTURE_IMPORT_BYTES = environment.number("OVERTURE_IMPORT_MB", 50, 1, 1000) * 1024 * 1024

# Largest file that can be attached, in MB, and how many go with one message or e-mail.
OVERTURE_FILE_LIMIT_MB = environment.number("OVERTURE_FILE_LIMIT_MB", 25, 1, 500)
OVERTURE_FILES_PER_MESSAGE = environment.number("OVERTURE_FILES_PER_MESSAGE", 10, 1, 100)
# How many MB of files one person gives in a day: whoever may sign up must not fill the disk.
OVERTURE_FILES_PER_DAY_MB = environment.number("OVERTURE_FILES_PER_DAY_MB", 1000, 1, 1_000_000)
# How many days received e-mails are kept as they came; 0: not at all.
OVERTURE_RAW_MAIL_DAYS = environment.number("OVERTURE_RAW_MAIL_DAYS", 30, 0, 3650)
# Where files are kept: the data folder, or s3://key:secret@bucket?endpoint=https://...&region=...
OVERTURE_FILES_URL = environment.text("OVERTURE_FILES_URL")
# The virus scanner: unix:/path/of/socket or host:port; `bin/run` starts one of its own unless it is named.
OVERTURE_CLAMD = environment.clamd(OVERTURE_DATA)
OVERTURE_CLAMD_IS_OURS = not environment.text("OVERTURE_CLAMD")
# Seconds that one scan may take, answer included.
OVERTURE_CLAMD_SECONDS = environment.number("OVERTURE_CLAMD_SECONDS", 60, 1, 3600)
# Fetches the official signatures for the scanner that `bin/run` starts, where there is memory for them.
OVERTURE_FRESHCLAM = environment.flag("OVERTURE_FRESHCLAM", True)

_secret = environment.root_secret(OVERTURE_DATA)
SECRET_KEY = environment.derived_key(_secret, "django").hex()
ADDRESS_KEY = environment.derived_key(_secret, "addresses")
SIGNING_KEY = environment.derived_key(_secret, "links")
# Encrypts passwords of mailboxes and secrets of webhooks; to rotate, put a new key in front
# (docs/operating.md). The key of the data folder stays last, so that what it encrypted can be read until
# `bin/overture rotate-secrets` has run.
ENCRYPTION_KEYS = environment.encryption_keys(_secret)

DEBUG = False
# Host headers do not decide anything here: links are made from OVERTURE_BASE_URL alone.
ALLOWED_HOSTS = ["*"]
_SECURE = OVERTURE_BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [OVERTURE_BASE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
# The site also answers plain http on 127.0.0.1, so nothing redirects to https here.
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "https:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

INSTALLED_APPS = [
    "overture",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_prose_editor",
    "procrastinate.contrib.django",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages carry their icons inline and shrink to a tenth; it pads answers, so that none tells by its length.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "overture.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "overture.web.language.ProfileMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "overture.urls"
WSGI_APPLICATION = "overture.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "overture" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "overture.web.shell.context",
            ],
        },
    }
]

DATABASE_URL = environment.text("DATABASE_URL")
DATABASES = {"default": environment.database(DATABASE_URL or embedded_postgres.url(OVERTURE_DATA))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "overture_cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
PROCRASTINATE_IMPORT_PATHS = [
    "overture.files.jobs",
    "overture.notices.jobs",
    "overture.directory.jobs",
    "overture.conversations.notice_jobs",
    "overture.prospects.jobs",
    "overture.conversations.jobs",
    "overture.delivery.jobs",
    "overture.mailboxes.jobs",
    "overture.inbound.jobs",
    "overture.marketplace.jobs",
    "overture.webhooks.jobs",
    "overture.inbound.upkeep",
    "overture.jobs.upkeep",
]
PROCRASTINATE_ON_APP_READY = None

AUTH_USER_MODEL = "overture.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Proxies in front of the web server, whose X-Forwarded-For tells who signs in: tries are counted per person.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("OVERTURE_PROXIES", 0, 0, 10)
ACCOUNT_ADAPTER = "overture.web.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _SECURE else "http"
ACCOUNT_SIGNUP_FORM_CLASS = "overture.web.signup.SignupForm"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Overture"
EMAIL_BACKEND = "overture.notices.backend.SystemMailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = OVERTURE_SYSTEM_MAIL_FROM

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [ROOT / "overture" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

_packages = Path(str(django_htmx.__file__)).parent
STATIC_URL = "/static/"
STATIC_ROOT = OVERTURE_DATA / "static"
STATICFILES_DIRS = [("htmx", _packages / "static" / "django_htmx")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": environment.file_storage(OVERTURE_FILES_URL, OVERTURE_DATA),
    "staticfiles": {"BACKEND": "overture.web.assets.HashedStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "overture.web.upload_limit.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "overture": {"level": "INFO"},
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
