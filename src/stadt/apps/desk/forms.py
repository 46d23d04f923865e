"""The forms of one case: each carries the revision and the last entry that whoever fills it in had seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.desk import wording
from stadt.apps.desk.people import Choice
from stadt.civic.cases.catalogue import Move
from stadt.civic.cases.moves import OWN_ROLES
from stadt.hub.places.spot_queries import find_spots
from stadt.web.refusals import RefusableForm

LONGEST_TEXT = 4000
SHORT, LONG = {"rows": 3}, {"rows": 8}
MOST_SPOTS, NO_OTHER = 6, "keiner"
SAME_DEGREES = 1e-6
"""The map writes six decimals, a tenth of a metre."""
REFERENCE_HINT = _("Zum Beispiel 7K3M-Q9TX")


class CaseForm(RefusableForm):
    """What all have: `revision` guards against a lost update, `seen` says which entries are new to the reader."""

    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ConfirmForm(CaseForm):
    """Nothing to fill in."""


class ManyFiles(forms.FileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the value is a list, empty where none was chosen."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file as `FileField` checks one."""
        sent = [one for one in data or [] if one]
        if not sent:
            super().clean(None, initial)  # says that it is needed, where it is
        return [super(FilesField, self).clean(one) for one in sent]


class MoveForm(CaseForm):
    """What a move asks for. The text is read by the reporter, and by everybody where the case is public."""

    text = forms.CharField(
        label=_("Text an die meldende Person"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(LONG),
    )
    reason = forms.CharField(
        label=_("Begründung"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(SHORT),
        help_text=_("Wird mit dem Text gelesen"),
    )  # fmt: skip
    planned_for = forms.DateField(
        label=_("Geplant für"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    photo = FilesField(
        label=_("Foto danach"), required=False, widget=ManyFiles({"accept": "image/*", "multiple": True}),
        help_text=_("JPEG, PNG oder WebP. Angaben in der Datei, zum Beispiel der Standort, werden entfernt."),
    )  # fmt: skip

    def __init__(self, move: Move, *args: Any, is_for_contractor: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.move = move
        self.title = wording.titled(move)
        for name in ("reason", "planned_for", "photo"):
            if name not in (*move.asks, *move.offers):
                del self.fields[name]
        for name in move.asks:
            self.fields[name].required = True
        if is_for_contractor and "text" not in move.asks:
            del self.fields["text"]


class AssignForm(CaseForm):
    """To a team, and to somebody of it."""

    organisation = forms.ChoiceField(label=_("Team"))
    assignee = forms.ChoiceField(label=_("Person"), required=False)

    def offer(self, teams: Sequence[Choice], people: Sequence[Choice]) -> None:
        """The choices of both fields."""
        self._offer("organisation", teams)
        self._offer("assignee", [("", gettext("noch niemand")), *people])


class HandOverForm(CaseForm):
    """To an organisation that does the work."""

    organisation = forms.ChoiceField(label=_("Auftragnehmer"), required=False)
    text = forms.CharField(
        label=_("Hinweis für den Auftragnehmer"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(SHORT),
        help_text=_("Bitte keine Namen und Kontaktdaten: Der Auftragnehmer sieht sonst nur Ort, Beschreibung und Fotos."),
    )  # fmt: skip

    def offer(self, contractors: Sequence[Choice]) -> None:
        """The contractors there are."""
        self._offer("organisation", [("", gettext("keiner, das Team macht es selbst")), *contractors])


class CategoryForm(CaseForm):
    """Another category of the same service."""

    category = forms.ChoiceField(label=_("Kategorie"))
    reroute = forms.BooleanField(
        label=_("Team und Frist der neuen Kategorie übernehmen"), required=False, initial=True
    )

    def offer(self, categories: Sequence[Choice]) -> None:
        """The categories of the type."""
        self._offer("category", categories)


class DegreesField(forms.FloatField):
    """Degrees, read with a comma or a point and written with a point, as the map writes them."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=-most, max_value=most, localize=True, **kwargs)
        self.widget.is_localized = False


class PlaceForm(CaseForm):
    """Where it is: by address, on the map, or in degrees. An address without a point is looked up before it is kept."""

    address = forms.CharField(
        label=_("Adresse oder Beschreibung des Ortes"), required=False, max_length=300,
        help_text=_("Nehmen Sie einen der Vorschläge, damit auch der Punkt auf der Karte dorthin wandert."),
    )  # fmt: skip
    lat = DegreesField(90, label=_("Breite (WGS 84)"), help_text=_("Zum Beispiel 51,5105"))
    lon = DegreesField(180, label=_("Länge (WGS 84)"), help_text=_("Zum Beispiel 7,0935"))
    spot = forms.ChoiceField(label=_("Welcher Ort ist gemeint?"), required=False, widget=forms.RadioSelect)
    asset = forms.CharField(
        label=_("Nummer der Leuchte, des Baums oder Behälters"), required=False, max_length=120
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spots = find_spots(self._looked_up(), MOST_SPOTS)
        if not self.spots:
            del self.fields["spot"]
            return
        found = [(f"{one.lon:.6f}|{one.lat:.6f}", one.line) for one in self.spots]
        none = (
            gettext("keiner davon: Der Punkt bleibt, wo er ist")
            if self.data.get("lat")
            else gettext("keiner davon: ohne Punkt auf der Karte speichern")
        )
        self._offer("spot", [*found, (NO_OTHER, none)])

    def _looked_up(self) -> str:
        """The address to be found on the map: a new one whose point did not come with it; empty for every other."""
        sent = self.data if self.is_bound else {}
        address = str(sent.get("address", "")).strip()
        if not sent.get("lat") and not sent.get("lon"):
            return address
        is_new = address != (self.initial.get("address") or "")
        return address if is_new and not any(self._is_moved(name) for name in ("lon", "lat")) else ""

    def _is_moved(self, name: str) -> bool:
        before = self.initial.get(name)
        try:
            return (
                before is None
                or abs(float(self.data.get(name, "").replace(",", ".")) - before) > SAME_DEGREES
            )
        except ValueError:
            return True  # the field says what is wrong with it

    def clean(self) -> dict[str, Any]:
        """Both degrees or none; one of the places found, where the address alone was sent."""
        said = super().clean() or {}
        if (said.get("lat") is None) != (said.get("lon") is None) and not self.errors:
            self.add_error("lat", gettext("Bitte geben Sie Breite und Länge an, oder keine von beiden."))
        chosen = said.get("spot", "")
        if self.spots and not chosen and "spot" not in self.errors:
            self.add_error("spot", gettext("Bitte wählen Sie, welcher Ort gemeint ist."))
        if chosen and chosen != NO_OTHER:
            said["lon"], said["lat"] = (float(degrees) for degrees in chosen.split("|"))
        return said


class PriorityForm(CaseForm):
    """How urgent it is."""

    priority = forms.TypedChoiceField(
        label=_("Dringlichkeit"), coerce=int, choices=wording.PRIORITIES, widget=forms.RadioSelect
    )


class NoteForm(CaseForm):
    """An internal note."""

    text = forms.CharField(
        label=_("Interne Notiz"), max_length=LONGEST_TEXT, widget=forms.Textarea(SHORT),
        help_text=_("Nur für das Büro. Steht auf keiner öffentlichen Seite und in keiner Nachricht."),
    )  # fmt: skip
    for_contractor = forms.BooleanField(label=_("Auch der Auftragnehmer liest sie"), required=False)


class PartyForm(CaseForm):
    """Somebody of a case and how to reach them."""

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False, max_length=254)
    phone = forms.CharField(label=_("Telefon"), required=False, max_length=60)
    wants_mail = forms.BooleanField(label=_("Möchte Nachrichten per E-Mail"), required=False)

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        said = super().clean() or {}
        if not self.errors and not any(said.get(name) for name in ("name", "email", "phone")):
            self.add_error("name", gettext("Bitte geben Sie einen Namen oder einen Weg zur Person an."))
        return said


class NewPartyForm(PartyForm):
    """Somebody who comes to a case."""

    role = forms.ChoiceField(
        label=_("Rolle"), choices=[(role, wording.PARTIES[role]) for role in OWN_ROLES],
        help_text=_("Die Person liest ab jetzt mit, was Sie schreiben, und kann antworten."),
    )  # fmt: skip
    field_order = ("role",)


class AskForm(CaseForm):
    """A question to whoever reported it."""

    text = forms.CharField(
        label=_("Frage an die meldende Person"), max_length=LONGEST_TEXT, widget=forms.Textarea(LONG),
        help_text=_("Bis eine Antwort kommt, steht die Frist still."),
    )  # fmt: skip


class WriteForm(CaseForm):
    """A message to whoever reported it."""

    text = forms.CharField(
        label=_("Nachricht an die meldende Person"), max_length=LONGEST_TEXT, widget=forms.Textarea(LONG)
    )
    papers = FilesField(
        label=_("Anlagen"), required=False, widget=ManyFiles({"accept": "image/*,application/pdf", "multiple": True}),
        help_text=_("Fotos oder PDF. Sie gehören danach zum Vorgang, und die meldende Person sieht sie."),
    )  # fmt: skip


class ReleaseForm(CaseForm):
    """What everybody may read of what was told."""

    text = forms.CharField(
        label=_("Das lesen alle"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(LONG),
        help_text=_("Bitte streichen Sie Namen, Telefonnummern, Kennzeichen und alles über andere Menschen. Leer heißt: nichts."),
    )  # fmt: skip


class ReferenceForm(CaseForm):
    """Another case by its number."""

    reference = forms.CharField(label=_("Nummer des Vorgangs"), max_length=20, help_text=REFERENCE_HINT)


class MergeForm(CaseForm):
    """Which of two cases stays."""

    keep = forms.ChoiceField(label=_("Welcher Vorgang bleibt?"), widget=forms.RadioSelect)

    def offer(self, references: Sequence[Choice]) -> None:
        """The two cases."""
        self._offer("keep", references)


class SaveFilterForm(forms.Form):
    """A name for a search."""

    name = forms.CharField(label=_("Name des Filters"), max_length=80)
    team = forms.ChoiceField(label=_("Für wen"), required=False)

    def offer(self, teams: Sequence[Choice]) -> None:
        """Me, or one of the teams that may be given filters."""
        self.fields["team"].choices = [("", gettext("nur für mich")), *teams]  # type: ignore[attr-defined]
