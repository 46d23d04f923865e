"""The forms for everybody and the reviewer's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.reuse.services import ApplicationDraft, RequestDraft
from stadt.web.open_forms import OpenForm
from stadt.web.refusals import RefusableForm

PRIVATE = _(
    "Nur für Rückfragen und die Antwort, wird nicht veröffentlicht. Sie bekommen einen Link, mit dem Sie die Adresse "
    "bestätigen oder wieder löschen."
)


class ApplicationForm(OpenForm):
    """Something made with the city's data."""

    salt = "reuse.form"

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

    salt = "reuse.form"

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


class AnswerForm(RefusableForm):
    """What the city answers to a request."""

    answer = forms.CharField(
        label=_("Antwort"), required=False, max_length=1500, widget=forms.Textarea({"rows": 5}),
        help_text=_("Alle lesen sie unter dem Wunsch."),
    )  # fmt: skip
    dataset = forms.CharField(
        label=_("Schlüssel des Datensatzes"), required=False, max_length=101,
        help_text=_("Wenn es die Daten schon gibt oder jetzt gibt"),
    )  # fmt: skip
