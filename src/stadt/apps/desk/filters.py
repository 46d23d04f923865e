"""The inbox's filters: from the address to a query and back, so that every list can be kept as a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.desk.people import Choice, list_handlers, list_teams, team_choices
from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import FACE_TITLES, CaseType
from stadt.civic.cases.queries import CaseQuery
from stadt.civic.cases.versions import list_types
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.tree import Branch
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import list_areas
from stadt.web.formats import BERLIN

ME, NOBODY = "ich", "niemand"
OPEN, CLOSED, BOTH = "offen", "geschlossen", "alle"
ORDERS: tuple[tuple[str, Any], ...] = (
    ("due", _("Frist zuerst")),
    ("newest", _("neueste zuerst")),
    ("oldest", _("älteste zuerst")),
    ("priority", _("Dringlichkeit zuerst")),
    ("changed", _("zuletzt geändert")),
)
SEPARATOR = "."
"""Between type and category in an address; keys of types and categories have none."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one can filter by, as the actor may see it."""

    actor: Actor
    types: Sequence[CaseType]
    teams: Sequence[Branch]
    handlers: Sequence[User]
    districts: Sequence[Choice] = field(default_factory=list)

    def categories(self) -> list[tuple[str, list[Choice]]]:
        """Categories grouped by their type."""
        return [
            (titled(one), [(f"{one.key}{SEPARATOR}{entry.key}", titled(entry)) for entry in one.categories])
            for one in self.types
            if one.categories
        ]

    def states(self) -> list[tuple[str, list[Choice]]]:
        """States grouped by their type."""
        return [
            (titled(one), [(f"{one.key}{SEPARATOR}{state.key}", titled(state)) for state in one.states])
            for one in self.types
        ]


def surroundings(actor: Actor) -> Surroundings:
    """Types, teams, people and districts, each read once. A handful of queries."""
    teams = list_teams(actor)
    handlers = list_handlers(one.organisation.pk for one in teams)
    districts = [(str(area.id), area.name) for area in list_areas(PlaceKind.DISTRICT)]
    return Surroundings(actor, list_types(), teams, handlers, districts)


class FilterForm(forms.Form):
    """`?q=&art=&kategorie=&stand=&gesicht=&team=&wer=&bezirk=&offen=&frist=&von=&bis=&sort=`."""

    FOLDED: ClassVar = ("team", "kategorie", "stand", "gesicht", "bezirk", "art", "von", "bis", "frist")

    q = forms.CharField(label=_("Wörter, Nummer, Adresse"), required=False, max_length=200)
    offen = forms.ChoiceField(
        label=_("Zeigen"),
        required=False,
        choices=((OPEN, _("offene")), (CLOSED, _("abgeschlossene")), (BOTH, _("alle"))),
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    wer = forms.ChoiceField(label=_("Wer"), required=False)
    art = forms.ChoiceField(label=_("Dienst"), required=False)
    kategorie = forms.ChoiceField(label=_("Kategorie"), required=False)
    stand = forms.ChoiceField(label=_("Stand"), required=False)
    gesicht = forms.ChoiceField(label=_("Öffentlicher Stand"), required=False)
    bezirk = forms.ChoiceField(label=_("Stadtbezirk"), required=False)
    von = forms.DateField(
        label=_("Eingegangen ab"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    bis = forms.DateField(
        label=_("Eingegangen bis"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    frist = forms.BooleanField(label=_("nur überfällige"), required=False)
    sort = forms.ChoiceField(label=_("Reihenfolge"), required=False, choices=ORDERS)

    def __init__(self, data: QueryDict, around: Surroundings) -> None:
        super().__init__(data)
        self.around = around
        everything = ("", gettext("alle"))
        people = [(str(one.pk), one.get_full_name()) for one in around.handlers]
        self._offer("team", [everything, *team_choices(around.teams)])
        self._offer("wer", [everything, (ME, gettext("ich")), (NOBODY, gettext("noch niemand")), *people])
        self._offer("art", [everything, *((one.key, titled(one)) for one in around.types)])
        self._offer("kategorie", [everything, *around.categories()])
        self._offer("stand", [everything, *around.states()])
        self._offer("gesicht", [everything, *((str(face), title) for face, title in FACE_TITLES.items())])
        self._offer("bezirk", [everything, *around.districts])

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def as_query(self) -> CaseQuery:
        """What is looked for; what the address says wrongly is left out."""
        self.full_clean()
        said: dict[str, Any] = self.cleaned_data
        type_key, category = _split(said.get("kategorie", ""))
        state_type, state = _split(said.get("stand", ""))
        who = said.get("wer", "")
        shown = said.get("offen") or OPEN
        types = {one for one in (said.get("art", ""), type_key, state_type) if one}
        query = CaseQuery(
            words=said.get("q", ""),
            types=tuple(sorted(types)),
            categories=(category,) if category else (),
            states=(state,) if state else (),
            faces=(said["gesicht"],) if said.get("gesicht") else (),
            organisations=(int(said["team"]),) if said.get("team") else (),
            district=int(said["bezirk"]) if said.get("bezirk") else None,
            unassigned=who == NOBODY,
            overdue=bool(said.get("frist")),
            is_open={OPEN: True, CLOSED: False}.get(shown),
            order=said.get("sort") or ORDERS[0][0],
        )
        if who and who != NOBODY:
            query = replace(query, assignee=self.around.actor.user_id if who == ME else int(who))
        if said.get("von"):
            query = replace(query, since=datetime.combine(said["von"], time.min, BERLIN))
        if said.get("bis"):
            query = replace(query, until=datetime.combine(said["bis"] + timedelta(days=1), time.min, BERLIN))
        return query

    @property
    def is_more_used(self) -> bool:
        """Whether one of the filters is used that stand folded away."""
        return any(self.cleaned_data.get(name) for name in self.FOLDED)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order is asked for; what is open stands there unasked."""
        said = self.cleaned_data
        return any(said[name] not in ("", OPEN, None, False) for name in said if name != "sort")


def _split(value: str) -> tuple[str, str]:
    first, _dot, second = value.partition(SEPARATOR)
    return first, second


def address_of(query: CaseQuery) -> str:
    """The address's part after `?` that asks the same; the way back from a kept filter."""
    found = QueryDict(mutable=True)
    type_key = query.types[0] if len(query.types) == 1 else ""
    for name, value in (
        ("q", query.words),
        ("art", type_key),
        ("kategorie", f"{type_key}{SEPARATOR}{query.categories[0]}" if query.categories else ""),
        ("stand", f"{type_key}{SEPARATOR}{query.states[0]}" if query.states else ""),
        ("gesicht", query.faces[0] if query.faces else ""),
        ("team", str(query.organisations[0]) if query.organisations else ""),
        ("wer", NOBODY if query.unassigned else str(query.assignee or "")),
        ("bezirk", str(query.district or "")),
        ("offen", {True: OPEN, False: CLOSED, None: BOTH}[query.is_open]),
        ("frist", "on" if query.overdue else ""),
        ("von", query.since.astimezone(BERLIN).date().isoformat() if query.since else ""),
        (
            "bis",
            (query.until.astimezone(BERLIN).date() - timedelta(days=1)).isoformat() if query.until else "",
        ),
        ("sort", query.order),
    ):
        if value:
            found[name] = value
    return found.urlencode()
