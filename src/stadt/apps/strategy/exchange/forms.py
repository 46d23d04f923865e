"""The forms of the exchange: a file, and what becomes of it."""

from typing import Any

import msgspec
from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.strategy.exchange.archives import LARGEST_FILE
from stadt.apps.strategy.exchange.document import Document
from stadt.apps.strategy.exchange.errors import refuse
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import who_is

ACCEPTED = ".json,.xlsx,.zip,.xml"
SECONDS_TO_DECIDE = 4 * 60 * 60
LONGEST_TOKEN = 1_500_000
"""Characters of a form's field; Django takes two megabytes of fields."""
_SALT = "strategy.exchange"
_document = msgspec.json.Decoder(Document)


class RefusableForm(forms.Form):
    """A form that shows a verb's refusal beside the fields it names, each place of a file in a line of its own."""

    def refuse(self, error: StadtError) -> None:
        shown = [one for one in error.fields if one.field in self.fields]
        for one in shown:
            self.add_error(one.field, one.message)
        if not shown:
            self.add_error(None, error.detail)
            for one in error.fields[1:]:
                self.add_error(None, f"{one.field}: {one.message}")


class FileForm(RefusableForm):
    """A file with a strategy."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("JSON, Excel-Arbeitsmappe (XLSX), CSV-Satz (ZIP) oder StratML (XML), höchstens 6 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": _("Bitte wählen Sie eine Datei."),
            "empty": _("Die Datei ist leer."),
            "missing": _("Bitte wählen Sie eine Datei."),
        },
    )

    def content(self) -> bytes:
        """The file's bytes; one more than is taken at most, so that reading refuses it."""
        read: bytes = self.cleaned_data["file"].read(LARGEST_FILE + 1)
        return read


class KeepForm(RefusableForm):
    """What becomes of a file that was looked at."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_TOKEN)
    title = forms.CharField(label=_("Titel des Änderungsantrags"), max_length=150)
    reason = forms.CharField(label=_("Begründung"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    strike_missing = forms.BooleanField(
        label=_("Maßnahmen, die in der Datei fehlen, zur Streichung vorschlagen"), required=False
    )


class FirstForm(RefusableForm):
    """Taking a file over as the first edition."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_TOKEN)


def sign(actor: Actor, document: Document) -> str:
    """The document for the next step of the same person, so that nothing is kept before they say so.

    Raises:
        BadFile: too much for a form.
    """
    packed = signing.dumps(msgspec.json.encode(document).decode(), salt=_SALT + who_is(actor), compress=True)
    if len(packed) > LONGEST_TOKEN:
        raise refuse("", gettext("Die Datei enthält zu viel für die Vorschau."))
    return packed


def unsign(actor: Actor, token: str) -> Document | None:
    """The document of `sign`; None where the token is another's, changed or too old."""
    try:
        found: Any = signing.loads(token, salt=_SALT + who_is(actor), max_age=SECONDS_TO_DECIDE)
    except signing.BadSignature:
        return None
    return _document.decode(found)
