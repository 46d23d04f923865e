"""What stands around the inbox's list: queues that everybody has, and how many there are of what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from stadt.apps.desk.filters import FilterForm, Surroundings, address_of
from stadt.apps.desk.wording import titled
from stadt.civic.cases.queries import CaseQuery, Counts


@dataclass(frozen=True, slots=True)
class Queue:
    """A list that one press leads to."""

    title: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Number:
    """How many cases of the list are of one kind, and the address of those."""

    title: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one sort, such as states."""

    title: str
    numbers: Sequence[Number]


def queues(around: Surroundings, query: CaseQuery) -> list[Queue]:
    """Everybody's queues: mine (of those who can have any), nobody's, overdue ones, all open ones."""
    every = CaseQuery(is_open=True, order="due")
    me = around.actor.user_id
    is_handler = any(one.pk == me for one in around.handlers)
    lists = [
        (gettext("Alle offenen"), every),
        *([(gettext("Meine"), replace(every, assignee=me))] if is_handler else []),
        (gettext("Ohne Person"), replace(every, unassigned=True)),
        (gettext("Überfällig"), replace(every, overdue=True)),
    ]
    return [Queue(title, address_of(one), one == query) for title, one in lists]


def numbers(around: Surroundings, query: CaseQuery, counted: Counts) -> list[Numbers]:
    """How many of the list are in which state, category and team; kinds with nothing are left out."""
    states = {(one.key, state.key): titled(state) for one in around.types for state in one.states}
    categories = {(one.key, entry.key): titled(entry) for one in around.types for entry in one.categories}
    teams = {one.organisation.pk: one.organisation.name for one in around.teams}
    found = [
        Numbers(
            gettext("Nach Stand"),
            _sorted(
                Number(title, count, address_of(replace(query, types=(type_key,), states=(key,))))
                for (type_key, key), title in states.items()
                if (count := counted.by_state.get((type_key, key), 0))
            ),
        ),
        Numbers(
            gettext("Nach Kategorie"),
            _sorted(
                Number(title, count, address_of(replace(query, types=(type_key,), categories=(key,))))
                for (type_key, key), title in categories.items()
                if (count := counted.by_category.get((type_key, key), 0))
            ),
        ),
        Numbers(
            gettext("Nach Team"),
            _sorted(
                Number(teams[key], count, address_of(replace(query, organisations=(key,))))
                for key, count in counted.organisations.items()
                if key in teams
            ),
        ),
    ]
    return [one for one in found if one.numbers]


def in_words(form: FilterForm) -> list[tuple[str, str]]:
    """The filter as facts for a reader: what was chosen, each with its field's name."""
    said = []
    for name, value in form.cleaned_data.items():
        if value in ("", None, False):
            continue
        said.append((str(form.fields[name].label), _shown(form, name, value)))
    return said


def _shown(form: FilterForm, name: str, value: object) -> str:
    if value is True:
        return gettext("ja")
    for key, title in _flat(getattr(form.fields[name], "choices", ())):
        if key == value:
            return str(title).strip()
    return str(value)


def _flat(choices: Iterable[tuple[object, object]]) -> Iterable[tuple[object, object]]:
    for key, title in choices:
        if isinstance(title, list | tuple):
            yield from title
        else:
            yield key, title


def _sorted(found: Iterable[Number]) -> list[Number]:
    return sorted(found, key=lambda one: -one.count)
