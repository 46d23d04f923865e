"""The forms for everybody, kept from robots by a field people do not see and by the time they need; and the reviewer's."""

from typing import Any

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.reuse.services import ApplicationDraft, RequestDraft
from stadt.core.errors import StadtError

QUICKEST_SECONDS = 3
LONGEST_SECONDS = 24 * 3600
STAMP = "started"

PRIVATE = _(
    "Nur für Rückfragen und die Antwort, wird nicht veröffentlicht. Sie bekommen einen Link, mit dem Sie die Adresse "
    "bestätigen oder wieder löschen."
)


class OpenForm(forms.Form):
    """A form that nobody has to sign in for."""

    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signer = TimestampSigner(salt="reuse.form")
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

    def show(self, error: StadtError) -> None:
        """Write a refusal beside the fields it names."""
        for item in error.fields:
            self.add_error(item.field if item.field in self.fields else None, item.message)
        if not error.fields:
            self.add_error(None, error.detail)


class ApplicationForm(OpenForm):
    """Something made with the city's data."""

    name = forms.CharField(label=_("Name der Anwendung"), max_length=80)
    description = forms.CharField(
        label=_("Was sie kann"), max_length=600, widget=forms.Textarea({"rows": 4}),
        help_text=_("In ein bis drei Sätzen, höchstens 600 Zeichen"),
    )  # fmt: skip
    url = forms.URLField(
        label=_("Adresse im Netz"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Zum Beispiel https://beispiel.de/karte"),
    )
    datasets = forms.CharField(
        label=_("Benutzte Datensätze"), required=False, max_length=3000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Je Zeile ein Schlüssel oder die Adresse der Seite des Datensatzes"),
    )  # fmt: skip
    maker = forms.CharField(
        label=_("Gemacht von"),
        required=False,
        max_length=80,
        help_text=_("Wird veröffentlicht, wenn Sie es angeben"),
    )
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False, max_length=254, help_text=PRIVATE)

    def as_draft(self) -> ApplicationDraft:
        """The proposal as the service takes it."""
        data = self.cleaned_data
        lines = [line.strip() for line in data["datasets"].splitlines() if line.strip()]
        keys = tuple(line.rstrip("/").rpartition("/")[2] for line in lines)
        return ApplicationDraft(
            data["name"], data["description"], data["url"], data["maker"], keys, data["email"]
        )


class RequestForm(OpenForm):
    """Data that somebody misses."""

    title = forms.CharField(label=_("Welche Daten fehlen Ihnen?"), max_length=120)
    text = forms.CharField(
        label=_("Was Sie damit vorhaben, und wie die Daten aussehen sollten"), max_length=1500,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Höchstens 1.500 Zeichen. Bitte nennen Sie keine Namen: Ihr Text wird veröffentlicht, wenn die Stadt ihn freigibt."),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False, max_length=254, help_text=PRIVATE)

    def as_draft(self) -> RequestDraft:
        """The request as the service takes it."""
        data = self.cleaned_data
        return RequestDraft(data["title"], data["text"], data["email"])


class AnswerForm(forms.Form):
    """What the city answers to a request."""

    answer = forms.CharField(
        label=_("Antwort"), required=False, max_length=1500, widget=forms.Textarea({"rows": 5}),
        help_text=_("Alle lesen sie unter dem Wunsch."),
    )  # fmt: skip
    dataset = forms.CharField(
        label=_("Schlüssel des Datensatzes"), required=False, max_length=101,
        help_text=_("Wenn es die Daten schon gibt oder jetzt gibt"),
    )  # fmt: skip

    def show(self, error: StadtError) -> None:
        """Write a refusal beside the fields it names."""
        for item in error.fields:
            self.add_error(item.field if item.field in self.fields else None, item.message)
