"""The changes that can be made to many cases at once, each a form and a verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.desk import letters, wording
from stadt.apps.desk.forms import LONG, LONGEST_TEXT, SHORT
from stadt.apps.desk.people import list_contractors, list_handlers, list_teams, team_choices
from stadt.civic.cases.catalogue import Move
from stadt.civic.cases.models import Case
from stadt.civic.cases.placeholders import no_such_placeholder, unknown_placeholders
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.versions import type_of
from stadt.core.people.actor import Actor


class ManyForm(forms.Form):
    """A change for many: `verb` is what `bulk` calls, `title` what people read."""

    title: ClassVar[Any]
    verb: ClassVar[str]
    needs_moves: ClassVar[bool] = False

    def prepare(self, actor: Actor, cases: Sequence[Case], moves: Sequence[Move]) -> None:
        """Fill the choices in."""

    def arguments(self) -> dict[str, Any]:
        """What the verb gets."""
        return dict(self.cleaned_data)

    def in_words(self) -> list[tuple[str, str]]:
        """What was chosen, as facts."""
        return [
            (str(self.fields[name].label), self._shown(name, value))
            for name, value in self.cleaned_data.items()
            if value not in ("", None, False)
        ]

    def preview(self, case: Case) -> letters.Preview | None:
        """How it will be read for one of the cases; None for what nobody outside reads."""
        return None

    def _shown(self, name: str, value: Any) -> str:
        choices = {str(key): title for key, title in getattr(self.fields[name], "choices", ())}
        if value is True:
            return gettext("ja")
        return str(choices.get(str(value), value)).strip()

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class AssignMany(ManyForm):
    """All to one team and person."""

    title, verb = _("Team und Person ändern"), "assign_case"
    organisation_id = forms.TypedChoiceField(label=_("Team"), coerce=int)
    assignee_id = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)

    def prepare(self, actor: Actor, cases: Sequence[Case], moves: Sequence[Move]) -> None:
        teams = list_teams(actor, HANDLE)
        people = list_handlers(one.organisation.pk for one in teams)
        self._offer("organisation_id", team_choices(teams))
        self._offer(
            "assignee_id",
            [("", gettext("noch niemand")), *((str(one.pk), one.get_full_name()) for one in people)],
        )


class HandOverMany(ManyForm):
    """All to one contractor."""

    title, verb = _("An Auftragnehmer geben"), "hand_to_contractor"
    organisation_id = forms.TypedChoiceField(label=_("Auftragnehmer"), coerce=int)
    text = forms.CharField(
        label=_("Hinweis für den Auftragnehmer"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(SHORT),
    )

    def prepare(self, actor: Actor, cases: Sequence[Case], moves: Sequence[Move]) -> None:
        self._offer("organisation_id", [(str(one.pk), one.name) for one in list_contractors()])


class PriorityMany(ManyForm):
    """One priority for all."""

    title, verb = _("Dringlichkeit ändern"), "set_priority"
    priority = forms.TypedChoiceField(label=_("Dringlichkeit"), coerce=int, choices=wording.PRIORITIES)


class NoteMany(ManyForm):
    """The same note at all."""

    title, verb = _("Interne Notiz schreiben"), "note_case"
    text = forms.CharField(label=_("Interne Notiz"), max_length=LONGEST_TEXT, widget=forms.Textarea(SHORT))


class MoveMany(ManyForm):
    """The same step for all."""

    title, verb = _("Stand ändern"), "move_case"
    needs_moves = True
    move_key = forms.ChoiceField(
        label=_("Schritt"), help_text=_("Es stehen nur die Schritte da, die bei allen möglich sind.")
    )
    text = forms.CharField(
        label=_("Text an die meldenden Personen"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(LONG),
        help_text=_("Leer: die Vorlage des Schritts. Platzhalter wie {reference} und {title} werden für jeden Vorgang ausgefüllt."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Begründung"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(SHORT)
    )
    planned_for = forms.DateField(
        label=_("Geplant für"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def prepare(self, actor: Actor, cases: Sequence[Case], moves: Sequence[Move]) -> None:
        self.moves = {move.key: move for move in moves}
        self._offer("move_key", [(move.key, wording.titled(move)) for move in moves])

    def preview(self, case: Case) -> letters.Preview | None:
        """The text as the step sends it about the case."""
        said, case_type = self.cleaned_data, type_of(case)
        move = case_type.find_move(said["move_key"]) or self.moves[said["move_key"]]
        return letters.preview_of(
            case,
            case_type,
            move=move,
            template=case_type.find_template(move.template),
            text=said["text"],
            reason=said["reason"],
            planned_for=said["planned_for"],
        )

    def clean(self) -> dict[str, Any]:
        """What the chosen step asks for must be there."""
        said = super().clean() or {}
        move = self.moves.get(said.get("move_key", ""))
        for name in move.asks if move else ():
            if name in self.fields and not said.get(name):
                self.add_error(name, gettext("Dieser Schritt braucht diese Angabe."))
        if unknown := unknown_placeholders(said.get("text", "")):
            self.add_error("text", no_such_placeholder(unknown[0]))
        return said


FORMS: dict[str, type[ManyForm]] = {
    "zuweisen": AssignMany,
    "auftrag": HandOverMany,
    "stand": MoveMany,
    "dringlichkeit": PriorityMany,
    "notiz": NoteMany,
}
