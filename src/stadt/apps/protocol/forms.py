"""What the protocol can be narrowed to."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.protocol import wording
from stadt.apps.protocol.queries import Search, find_account
from stadt.core.registry import registry

BERLIN = ZoneInfo("Europe/Berlin")
KINDS = frozenset({"user", "token", "system", "anonymous"})


class DayField(forms.DateField):
    """A local day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProtocolFilter(forms.Form):
    """Period, who, what, on what, by which way, in which request; all of them optional."""

    von = DayField(label=_("Von (Tag)"), required=False)
    bis = DayField(label=_("Bis (Tag, einschließlich)"), required=False)
    wer = forms.CharField(
        label=_("Wer"),
        required=False,
        max_length=100,
        help_text=_("E-Mail-Adresse oder Nummer eines Kontos, „token:12“, „system“ oder „anonymous“."),
    )
    vorgang = forms.ChoiceField(label=_("Vorgang"), required=False)
    gegenstand = forms.CharField(
        label=_("Gegenstand"), required=False, max_length=200, help_text=_("Art und Nummer, wie „source:12“.")
    )
    zugang = forms.ChoiceField(label=_("Zugang"), required=False)
    anfrage = forms.CharField(
        label=_("Anfrage"),
        required=False,
        max_length=64,
        help_text=_("Die Kennung, die Fehlerseiten und das Log nennen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = sorted((wording.verb_title(name), name) for name in registry.verbs)
        self._choices("vorgang", gettext("Alle Vorgänge"), [(name, title) for title, name in verbs])
        self._choices("zugang", gettext("Alle Zugänge"), wording.door_choices())

    def clean_wer(self) -> tuple[str, str]:
        """Kind and id of who acted."""
        text = str(self.cleaned_data["wer"]).strip()
        if not text:
            return "", ""
        if "@" in text:
            pk = find_account(text)
            if pk is None:
                raise forms.ValidationError(gettext("Zu dieser Adresse gibt es kein Konto."))
            return "user", str(pk)
        if text.isascii() and text.isdigit():
            return "user", str(int(text))
        kind, _colon, identifier = text.partition(":")
        if kind not in KINDS or len(identifier) > 64:
            raise forms.ValidationError(gettext("Das ist weder ein Konto noch „token:12“ oder „system“."))
        return kind, identifier

    def clean(self) -> dict[str, Any]:
        """The period must not end before it begins."""
        found = super().clean() or self.cleaned_data
        von, bis = found.get("von"), found.get("bis")
        if von and bis and bis < von:
            self.add_error("bis", gettext("Das Ende liegt vor dem Anfang."))
        return found

    def as_search(self) -> Search:
        """What was asked for; call it when the form is valid."""
        data = self.cleaned_data
        kind, identifier = data["wer"]
        return Search(
            since=_midnight(data["von"]) if data["von"] else None,
            until=_midnight(data["bis"] + timedelta(days=1)) if data["bis"] else None,
            actor_kind=kind,
            actor_id=identifier,
            verb=data["vorgang"],
            subject=data["gegenstand"].strip(),
            door=data["zugang"],
            origin=data["anfrage"].strip(),
        )

    def _choices(self, name: str, everything: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", everything), *choices]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN)
