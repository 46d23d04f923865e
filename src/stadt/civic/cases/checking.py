"""What is wrong with a case type as data; asked at start, before anything uses it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext

from stadt.civic.cases import reading
from stadt.civic.cases.catalogue import CaseType, Described
from stadt.civic.cases.placeholders import unknown_placeholders
from stadt.civic.cases.routing import NAMES
from stadt.civic.forms.loading import city_forms
from stadt.civic.rules import compile_rule
from stadt.core.errors import Invalid
from stadt.core.people.models import Organisation
from stadt.core.people.tree import CITY


def check_types() -> Iterator[str]:
    """One sentence for each fault of the city's case types."""
    for one in reading.types().values():
        yield from (f"services/{one.key}.toml: {fault}" for fault in check_type(one))
    yield from check_codes(reading.types())
    yield from check_forms(reading.types(), {form.key for form in city_forms()})
    yield from check_slugs(reading.types())


def check_type(one: CaseType) -> Iterator[str]:
    """Faults that can be seen without a database."""
    for entries in (one.states, one.moves, one.deadlines, one.tasks, one.templates, one.categories):
        yield from _doubled(entries)
    yield from _states(one)
    yield from _moves(one)
    yield from _references(one)
    if one.delete_after_days and one.delete_after_days < one.anonymise_after_days:
        yield gettext("Gelöscht wird nicht vor dem Anonymisieren (delete_after_days).")


def check_codes(types: Mapping[str, CaseType]) -> Iterator[str]:
    """A service code of Open311 names one category of the city."""
    codes = Counter(category.code for one in types.values() for category in one.categories if category.code)
    for code, number in codes.items():
        if number > 1:
            yield gettext("Der Code „%(code)s“ steht bei mehr als einer Kategorie.") % {"code": code}


def check_slugs(types: Mapping[str, CaseType]) -> Iterator[str]:
    """An address leads to one type."""
    for slug, number in Counter(one.slug or one.key for one in types.values()).items():
        if number > 1:
            yield gettext("Die Adresse „%(slug)s“ steht bei mehr als einer Art von Vorgang.") % {"slug": slug}


def check_forms(types: Mapping[str, CaseType], known: Collection[str]) -> Iterator[str]:
    """Forms that types and categories name stand in the city's folder."""
    for one in types.values():
        for key in sorted({one.form, *(category.form for category in one.categories)} - {"", *known}):
            yield _unknown(f"services/{one.key}.toml", "form", key)


def check_organisations() -> str | None:
    """Asked by `stadt doctor`: organisations that types name and the city does not have; the city itself stands in.

    A city that has no organisations yet has nothing to put right.
    """
    known = set(Organisation.objects.values_list("key", flat=True))
    if known <= {CITY}:
        return None
    missing = sorted(named_organisations(reading.types().values()) - known)
    if not missing:
        return None
    return gettext(
        "Arten von Vorgängen nennen Organisationen, die es nicht gibt; die Stadt selbst bekommt sie: %(keys)s."
    ) % {"keys": ", ".join(missing)}


def named_organisations(types: Iterable[CaseType]) -> set[str]:
    """Keys of all organisations that the types name."""
    found: set[str] = set()
    for one in types:
        found.add(one.organisation)
        found.update(rule.organisation for rule in one.routing)
        found.update(category.organisation for category in one.categories)
    return found - {""}


def _doubled(entries: Sequence[Described]) -> Iterator[str]:
    for key, number in Counter(entry.key for entry in entries).items():
        if number > 1:
            yield gettext("Der Schlüssel „%(key)s“ steht zweimal da.") % {"key": key}


def _states(one: CaseType) -> Iterator[str]:
    if not one.states:
        yield gettext("Es fehlt ein Zustand (state).")
        return
    if sum(state.is_initial for state in one.states) != 1:
        yield gettext("Genau ein Zustand ist der erste (is_initial).")
    if not any(state.is_final for state in one.states):
        yield gettext("Kein Zustand ist der letzte (is_final).")
    reached, waiting = {one.initial.key}, [one.initial.key]
    while waiting:
        for move in one.moves_from(waiting.pop()):
            if move.target not in reached and one.find_state(move.target):
                reached.add(move.target)
                waiting.append(move.target)
    for state in one.states:
        if state.key not in reached:
            yield gettext("Kein Weg führt in den Zustand „%(key)s“.") % {"key": state.key}
        if not state.is_final and not one.moves_from(state.key):
            yield gettext("Kein Weg führt aus dem Zustand „%(key)s“.") % {"key": state.key}


def _moves(one: CaseType) -> Iterator[str]:
    for move in one.moves:
        for key in (*move.source, move.target):
            if one.find_state(key) is None:
                yield _unknown(f"move {move.key}", "state", key)
        if move.template and one.find_template(move.template) is None:
            yield _unknown(f"move {move.key}", "template", move.template)
    for template in one.templates:
        texts = [
            template.text,
            template.plain,
            *(text for each in template.texts.values() for text in each.values()),
        ]
        for name in unknown_placeholders(" ".join(texts)):
            yield _unknown(f"template {template.key}", "placeholder", name)


def _references(one: CaseType) -> Iterator[str]:
    for deadline in one.deadlines:
        if deadline.from_state and one.find_state(deadline.from_state) is None:
            yield _unknown(f"deadline {deadline.key}", "state", deadline.from_state)
        if deadline.days < 1:
            yield gettext("Die Frist „%(key)s“ hat keine Tage.") % {"key": deadline.key}
    for task in one.tasks:
        for key in task.required_for:
            if one.find_move(key) is None:
                yield _unknown(f"task {task.key}", "move", key)
    if one.receipt and one.find_template(one.receipt) is None:
        yield _unknown("receipt", "template", one.receipt)
    yield from _rules(one)
    for category in one.categories:
        if category.stops and not category.emergency:
            yield gettext("Die Kategorie „%(key)s“ hält an, ohne zu sagen, warum (emergency).") % {
                "key": category.key
            }


def _rules(one: CaseType) -> Iterator[str]:
    rules = [("summary", one.summary), *((f"task {task.key}", task.when) for task in one.tasks)]
    rules += [(f"routing „{rule.title}“", rule.when) for rule in one.routing]
    for where, text in rules:
        try:
            if text:
                compile_rule(text, NAMES)
        except Invalid as error:
            yield f"{where}: {error.detail}"


def _unknown(where: str, what: str, key: str) -> str:
    return gettext("%(where)s nennt „%(key)s“ (%(what)s), das es nicht gibt.") % {
        "where": where, "what": what, "key": key,
    }  # fmt: skip
