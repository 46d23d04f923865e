"""Forms for everybody, kept from robots by a field people do not see and by the time people need."""

from typing import Any, ClassVar

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext

from stadt.web.refusals import RefusableForm

QUICKEST_SECONDS = 3
LONGEST_SECONDS = 24 * 3600
STAMP = "started"


class OpenForm(RefusableForm):
    """A form that nobody has to sign in for. Its page includes `web/open_form.html`."""

    salt: ClassVar[str]
    """Keeps the time stamp of one kind of form from counting for another."""

    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signer = TimestampSigner(salt=self.salt)
        self.stamp = self._signer.sign("form")

    def visible_fields(self) -> list[forms.BoundField]:
        """Without the field for robots, which the page hides by itself."""
        return [field for field in super().visible_fields() if field.name != "website"]

    def clean(self) -> dict[str, Any]:
        """Refuse what no person filled in."""
        data = super().clean() or {}
        if data.get("website"):
            raise forms.ValidationError(gettext("Ein Feld, das leer bleiben muss, ist ausgefüllt."))
        sent = str(self.data.get(STAMP, ""))
        try:
            self._signer.unsign(sent, max_age=LONGEST_SECONDS)
            is_quick = self._is_quick(sent)
        except SignatureExpired:
            raise forms.ValidationError(
                gettext("Das Formular war einen Tag lang offen. Bitte senden Sie es noch einmal.")
            ) from None
        except BadSignature:
            raise forms.ValidationError(gettext("Bitte senden Sie das Formular noch einmal.")) from None
        self.stamp = sent
        if is_quick:
            raise forms.ValidationError(
                gettext(
                    "Das ging sehr schnell. Bitte sehen Sie Ihre Angaben durch und senden Sie sie noch einmal."
                )
            )
        return data

    def _is_quick(self, stamp: str) -> bool:
        try:
            self._signer.unsign(stamp, max_age=QUICKEST_SECONDS)
        except SignatureExpired:
            return False
        return True
