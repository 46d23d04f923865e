"""The fields that CKAN's searches name, as conditions over the index."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from stadt.hub.datasets.declaration import Licence
from stadt.hub.opendata.ckan.conditions import EVERYTHING, NOTHING, Condition, all_of
from stadt.hub.opendata.ckan.errors import WrongQuery
from stadt.hub.opendata.ckan.packages import FORM_TITLES
from stadt.hub.opendata.index.asking import ask, quoted
from stadt.hub.opendata.index.words import fold

# Where the words of a field stand in the index.
TEXT = {"title": "t", "notes": "n", "text": "x"}
# What is the same for every dataset here.
CONSTANT = {
    "state": "active",
    "type": "dataset",
    "dataset_type": "dataset",
    "private": "false",
    "capacity": "public",
}
MOMENTS = {"metadata_created": "e.issued_at", "metadata_modified": "e.changed_at"}
COLUMNS = {"id": "e.key", "name": "e.name"}
ORGANISATIONS = frozenset({"organization", "owner_org"})
FIELDS = frozenset(
    {*TEXT, *CONSTANT, *MOMENTS, *COLUMNS, *ORGANISATIONS, "groups", "tags", "license_id", "res_format"}
)

Fits = Callable[[str], bool]


def has_word(field: str, text: str) -> Condition:
    """A word stands in a text, with its other forms, compounds and synonyms."""
    question = ask(text)
    return Condition(question.query(TEXT[field], wide=True)) if question else EVERYTHING


def begins(field: str, text: str) -> Condition:
    """A word of a text begins like this."""
    words = fold(text).split()
    return Condition(" & ".join(quoted(TEXT[field] + word, begins=True) for word in words))


def has_phrase(field: str, text: str) -> Condition:
    """Words stand in a text, one after the other; in a field of its own they need only all be there."""
    question, phrase = ask(text), fold(text)
    words = Condition(question.query(TEXT[field], wide=False)) if question else EVERYTHING
    if not phrase or field != "text" or " " not in phrase:
        return words
    return all_of([words, Condition(sql="position(%s IN e.plain) > 0", values=(phrase,))])


def is_there(field: str) -> Condition:
    """`field:*`: the field is not empty."""
    if field == "notes":
        return Condition(sql="e.description <> ''")
    return Condition(quoted("g", begins=True)) if field == "tags" else EVERYTHING


def is_value(field: str, text: str, *, prefix: bool = False) -> Condition:
    """A field has exactly this value, or begins with it; case and umlauts do not matter."""
    if field in CONSTANT:
        return EVERYTHING if _fits(text, prefix=prefix)(CONSTANT[field]) else NOTHING
    if field in COLUMNS:
        return _column(COLUMNS[field], text.lower(), prefix=prefix)
    if field == "tags":
        return Condition(quoted("g" + fold(text), begins=prefix)) if fold(text) or prefix else NOTHING
    if field in MOMENTS:
        if prefix:
            raise WrongQuery(f"'{field}' takes a point in time or a range, no beginning.")
        return Condition(sql=f"{MOMENTS[field]} = %s", values=(moment_of(text),))
    return _combined(field, text, prefix=prefix)


def is_between(field: str, ends: tuple[str, str, bool, bool]) -> Condition:
    """`field:[a TO b]`, either end `*` for open, in curly brackets left out."""
    if field not in MOMENTS | COLUMNS:
        raise WrongQuery(f"'{field}' takes no range; {', '.join(sorted(MOMENTS | COLUMNS))} do.")
    column = (MOMENTS | COLUMNS)[field]
    low, high, has_low, has_high = ends
    parts, values = ["true"], []
    for end, sign in ((low, ">=" if has_low else ">"), (high, "<=" if has_high else "<")):
        if end != "*":
            parts.append(f"{column} {sign} %s")
            values.append(moment_of(end) if field in MOMENTS else end.lower())
    return Condition(sql=" AND ".join(parts), values=tuple(values))


def moment_of(text: str) -> datetime:
    """A point in time as Solr writes it; UTC where nothing else is said.

    Raises:
        WrongQuery: it is none, or a calculation with NOW.
    """
    if "NOW" in text:
        raise WrongQuery("Ranges take points in time, not calculations with NOW.")
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongQuery(f"'{text[:40]}' is no point in time such as 2026-01-31T00:00:00Z.") from None


def _column(column: str, text: str, *, prefix: bool) -> Condition:
    if not prefix:
        return Condition(sql=f"{column} = %s", values=(text,))
    return Condition(sql=f"starts_with({column}, %s)", values=(text,))


def _fits(text: str, *, prefix: bool) -> Fits:
    wanted = fold(text)
    return lambda value: fold(value).startswith(wanted) if prefix else fold(value) == wanted


def _combined(field: str, text: str, *, prefix: bool) -> Condition:
    """What is counted in facets, by the combinations it stands in."""
    fits = _fits(text, prefix=prefix)
    if field in ORGANISATIONS:
        inside = _column("organisation", "-".join(fold(text).split()), prefix=prefix)
        return _of_combination(inside.sql, inside.values)
    if field == "groups":
        inside = _column("theme", text.upper(), prefix=prefix)
        return _of_combination(inside.sql, inside.values)
    if field == "license_id":
        return _one_of("licence = ANY(%s)", (item.name for item in Licence if fits(item.value.uri)))
    return _one_of("forms && %s::varchar[]", (form for form, title in FORM_TITLES.items() if fits(title)))


def _one_of(sql: str, names: Iterable[str]) -> Condition:
    found = list(names)
    return _of_combination(sql, (found,)) if found else NOTHING


def _of_combination(sql: str, values: tuple[object, ...]) -> Condition:
    return Condition(
        sql=f"e.combination_id IN (SELECT id FROM opendata_cataloguecombination WHERE {sql})",  # noqa: S608 - constants
        values=values,
    )
