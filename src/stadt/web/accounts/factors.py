"""Second factors as this city wants them: bound to `STADT_URL`, kept encrypted, each code good for one use."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.fernet import Fernet, InvalidToken
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.core import city
from stadt.core.errors import StadtError
from stadt.core.people.models import User
from stadt.core.secrets import secret

LONGEST_NAME = 60


class KeyMissing(StadtError):
    """A second factor was kept with a key that this installation does not have, such as after an incomplete restore."""

    code = "second-factor-key"
    status = 503


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Takes no address from the `Host` header, and keeps secrets unreadable for whoever has only the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Diesen zweiten Faktor brauchen Sie; richten Sie erst einen anderen ein."
        ),
        "cannot_generate_recovery_codes": _("Wiederherstellungscodes gibt es erst mit einem zweiten Faktor."),
        "incorrect_code": _("Das stimmt nicht, oder es wurde schon benutzt."),
        "unverified_email": _("Bitte bestätigen oder entfernen Sie erst alle E-Mail-Adressen Ihres Kontos."),
    }

    def get_totp_issuer(self) -> str:
        """Return what the app on the phone calls this city."""
        return f"Stadt {city.current().name}"

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was kept. Raises KeyMissing."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise KeyMissing(
                gettext(
                    "Ihr zweiter Faktor ist gerade nicht prüfbar. Bitte wenden Sie sich an die Verwaltung."
                )
            ) from None

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """Return a name for a new passkey, until its owner gives it a better one."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks for a passkey: the host of `STADT_URL`."""
        return {"id": settings.STADT.host, "name": f"Stadt {city.current().name}"}


def _box() -> Fernet:
    key = hashlib.sha256(secret(settings.STADT.home, "second-factor").encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class _OneUse:
    """A code is good once, also within the time in which two neighbouring codes are good."""

    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        used = hashlib.sha256(f"{self.user.pk}:{normalize_user_code(code)}".encode()).hexdigest()
        seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 2)
        if not cache.add(f"second-factor-used:{used}", True, timeout=seconds):
            raise FactorAdapter().validation_error("incorrect_code")
        return code


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Sechs Ziffern aus Ihrer App, oder einer Ihrer Wiederherstellungscodes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class CodeForm(_OneUse, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = _code_field()


class ReauthenticateCodeForm(_OneUse, ReauthenticateForm):  # type: ignore[misc]
    """Proof of who it is before a change."""

    code = _code_field()


class ActivateForm(_OneUse, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app; it cannot be used to sign in afterwards."""

    code = forms.CharField(
        label=_("Code aus der App"),
        max_length=20,
        help_text=_("Sechs Ziffern, die Ihre App gerade zeigt."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class DeactivateForm(DeactivateTOTPForm):  # type: ignore[misc]
    """Removing the app asks for nothing but the button."""


def require_own_origin(text: str) -> None:
    """Raise ValidationError unless the browser made this answer on a page of `STADT_URL`."""
    try:
        encoded = json.loads(text)["response"]["clientDataJSON"]
        padded = encoded + "=" * (-len(encoded) % 4)
        told = json.loads(base64.urlsafe_b64decode(padded))["origin"]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FactorAdapter().validation_error("incorrect_code") from None
    if told != settings.STADT.url:
        raise FactorAdapter().validation_error("incorrect_code")


class CredentialField(forms.JSONField):
    """The browser's answer, refused before anything else looks at it when it was made elsewhere."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        """Return the parsed answer. Raises ValidationError."""
        if isinstance(value, str) and value:
            require_own_origin(value)
        found = super().clean(value)
        if not isinstance(found, dict):
            raise ValidationError(FactorAdapter.error_messages["incorrect_code"])
        return found


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey with its name."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Woran Sie ihn wiedererkennen, zum Beispiel: Dienst-Laptop oder Schlüssel am Bund"),
    )
    passwordless = forms.BooleanField(
        label=_("Damit auch ohne Passwort anmelden"),
        required=False,
        initial=True,
        help_text=_("Das Gerät fragt dann jedes Mal nach PIN, Finger oder Gesicht."),
    )
    credential = CredentialField()


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in, by passkey."""

    credential = CredentialField()


class ReauthenticatePasskeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Proof of who it is before a change, by passkey."""

    credential = CredentialField()


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with nothing but a passkey."""

    credential = CredentialField()


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """A better name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
