"""Django's settings, derived from the few environment variables of an installation."""

import os
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from stadt.core import database, environment
from stadt.core.log import log_settings
from stadt.core.mail import mail_settings
from stadt.core.secrets import secret

STADT = environment.load(os.environ)
HERE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """The key that signs sessions; reading commands work without a writable home, `up` refuses it with a sentence."""
    try:
        return secret(STADT.home, "django")
    except OSError:
        return token_urlsafe(48)


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", STADT.host]
CSRF_TRUSTED_ORIGINS = [STADT.url]

HUB = ("places", "observations", "sta", "ingest", "intake", "datasets", "opendata", "indicators", "backup")
CIVIC = ("files", "messages", "forms", "cases")
APPS = (
    "home",
    "strategy",
    "governance",
    "steering",
    "dialogue",
    "desk",
    "issues",
    "open311",
    "reuse",
    "publishing",
    "catalogue",
    "maps",
    "environment",
    "waste",
    "operations",
    "people",
    "protocol",
    "reports",
    "services",
)

# Only where the extra `saml` is installed; its views need a library of their own.
SAML = ["allauth.socialaccount.providers.saml"] if find_spec("onelogin") else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *SAML,
    "stadt.core",
    "stadt.web",
    *(f"stadt.hub.{name}" for name in HUB),
    *(f"stadt.civic.{name}" for name in CIVIC),
    *(f"stadt.apps.{name}" for name in APPS),
    "stadt.config",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stadt.web.security.SecurityHeadersMiddleware",
    "stadt.web.cross_origin.CrossOriginMiddleware",
    "stadt.web.errors.ErrorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "stadt.web.outage.OutageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stadt.core.people.access.ActorMiddleware",
    "stadt.web.accounts.middleware.SessionMiddleware",
    "stadt.core.once.OnceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "stadt.config.urls"
ASGI_APPLICATION = "stadt.config.asgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "web" / "templates"],  # before allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "stadt.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": database.django_settings(STADT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail for each change of password, address or second factor
ACCOUNT_ADAPTER = "stadt.web.accounts.adapters.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if STADT.is_secure else "http"

MFA_ADAPTER = "stadt.web.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # RFC 6238 §5.2: at most one step for clocks that differ
MFA_FORMS = {
    name: f"stadt.web.accounts.factors.{form}"
    for name, form in {
        "authenticate": "CodeForm",
        "reauthenticate": "ReauthenticateCodeForm",
        "activate_totp": "ActivateForm",
        "deactivate_totp": "DeactivateForm",
        "add_webauthn": "AddPasskeyForm",
        "authenticate_webauthn": "PasskeyForm",
        "reauthenticate_webauthn": "ReauthenticatePasskeyForm",
        "login_webauthn": "PasskeySignInForm",
        "edit_webauthn": "RenamePasskeyForm",
    }.items()
}

SOCIALACCOUNT_ADAPTER = "stadt.web.accounts.identity.IdentityAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = (
    True  # a form may not lead to another site (CSP form-action); linking needs a form before
)
SOCIALACCOUNT_STORE_TOKENS = False
# Which providers there are is data, see stadt.core.identity.providers; these are the ways to speak with them.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "stadt.web.accounts.oidc.OidcProvider"},
    "saml": {"provider_class": "stadt.web.accounts.saml.SamlProvider"},
}

SESSION_ENGINE = "stadt.web.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = STADT.is_secure
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "stadt.web.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if STADT.is_secure else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if STADT.is_secure else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# Counts attempts to sign in, for all web processes together.
CACHES = {"default": {"BACKEND": "stadt.core.shared_cache.SharedCache"}}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

STATIC_URL = "/static/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_ON_APP_READY = "stadt.core.jobs.register"

globals().update(mail_settings(STADT, mailbox_backend="stadt.web.mailbox.MailboxBackend"))

LOGGING = log_settings(STADT)
