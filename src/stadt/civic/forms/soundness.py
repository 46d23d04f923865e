"""What makes a definition work: keys, rules that name only what was asked before, bounds that can be met."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from stadt.civic.forms.definition import (
    FILE_KINDS,
    FORM_KEY,
    KEY,
    MORE_PARTS,
    FieldDefinition,
    FormDefinition,
    Kind,
)
from stadt.civic.rules import compile_rule
from stadt.core.errors import FieldError, Invalid

MOST_STEPS = 30
MOST_CHOICES = 400
LONGEST_PATTERN = 200
RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
        "bool",
        "bytes",
        "double",
        "int",
        "list",
        "map",
        "null_type",
        "optional",
        "string",
        "type",
        "uint",
    ]
)
"""Words of the rule language (CEL spec, "Syntax"), which can name no answer."""
FILE_ACCEPTS = frozenset({"photo", "pdf", "document"})
AREA_ACCEPTS = frozenset({"point", "line", "polygon", "areas"})
PARTY_KINDS = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.EMAIL, Kind.PHONE, Kind.CONSENT, Kind.YES_NO})
NESTED_REPEAT = re.compile(r"\([^()]*[*+}][^()]*\)\s*[*+{]|\\\d|\(\?[=!<P]")
"""A repeat in a repeat can take time without end in Python's engine; look-around and back references too."""


def check_definition(definition: FormDefinition) -> list[FieldError]:
    """Everything that is wrong, each with its place."""
    return list(_findings(definition))


def _findings(form: FormDefinition) -> Iterator[FieldError]:
    if not re.match(FORM_KEY, form.key):
        yield FieldError("key", gettext("besteht nicht aus kleinen Buchstaben, Ziffern und „_“"))
    if form.version < 1:
        yield FieldError("version", gettext("ist kleiner als 1"))
    if not 1 <= form.draft_days <= 365:
        yield FieldError("draft_days", gettext("liegt nicht zwischen 1 und 365"))
    if not form.title:
        yield FieldError("title", gettext("fehlt"))
    if not 1 <= len(form.steps) <= MOST_STEPS:
        yield FieldError("steps", gettext("sind keine oder mehr als %(most)s") % {"most": MOST_STEPS})
    names, steps = set(form.names), set()
    for place, step in enumerate(form.steps):
        here = f"steps[{place}]"
        if not re.match(KEY, step.key) or step.key in steps:
            yield FieldError(f"{here}.key", gettext("fehlt, ist doppelt oder kein Schlüssel"))
        steps.add(step.key)
        if not step.title and len(form.steps) > 1:
            yield FieldError(f"{here}.title", gettext("fehlt"))
        yield from _rule(f"{here}.visible", step.visible, names)
        for number, found in enumerate(step.fields):
            yield from _field(f"{here}.fields[{number}]", found, names)
            names.add(found.key)


def _field(here: str, field: FieldDefinition, before: set[str]) -> Iterator[FieldError]:
    if not re.match(KEY, field.key) or field.key in RESERVED or field.key in before:
        yield FieldError(f"{here}.key", gettext("fehlt, ist doppelt oder kein Schlüssel"))
    if not field.title and not (field.kind is Kind.INFO and field.text):
        yield FieldError(f"{here}.title", gettext("fehlt"))
    yield from _rule(f"{here}.visible", field.visible, before)
    yield from _rule(f"{here}.computed", field.computed, before)
    if isinstance(field.required, str):
        yield from _rule(f"{here}.required", field.required, before)
    for bound in ("minimum", "maximum"):
        yield from _bound(f"{here}.{bound}", field, getattr(field, bound), before)
    yield from _kind(here, field)
    yield from _party(here, field)
    if not 0 <= field.max_length <= 20_000:
        yield FieldError(f"{here}.max_length", gettext("liegt nicht zwischen 0 und 20.000"))
    if not 0 <= field.decimals <= 6:
        yield FieldError(f"{here}.decimals", gettext("liegt nicht zwischen 0 und 6"))
    yield from _pattern(f"{here}.pattern", field.pattern)


def _kind(here: str, field: FieldDefinition) -> Iterator[FieldError]:
    is_choice = field.kind in {Kind.CHOICE, Kind.CHOICES}
    values = [choice.value for choice in field.choices]
    if is_choice != bool(values) or len(values) > MOST_CHOICES:
        yield FieldError(
            f"{here}.choices", gettext("fehlen, sind zu viele oder gehören nicht zu dieser Art Feld")
        )
    if len(set(values)) < len(values) or any(not value or len(value) > 80 for value in values):
        yield FieldError(f"{here}.choices", gettext("haben leere, lange oder doppelte Werte"))
    if any(not choice.title for choice in field.choices):
        yield FieldError(f"{here}.choices", gettext("haben keinen Titel"))
    if unknown := set(field.parts) - set(MORE_PARTS.get(field.kind, ())):
        yield FieldError(f"{here}.parts", gettext("kennt „%(part)s“ nicht") % {"part": min(unknown)})
    known = (
        FILE_ACCEPTS if field.kind in FILE_KINDS else AREA_ACCEPTS if field.kind is Kind.AREA else frozenset()
    )
    if unknown := set(field.accepts) - known:
        yield FieldError(f"{here}.accepts", gettext("kennt „%(part)s“ nicht") % {"part": min(unknown)})
    if field.computed and (field.kind in FILE_KINDS or field.prefill):
        yield FieldError(
            f"{here}.computed", gettext("geht nicht mit einer Datei oder einer vorausgefüllten Angabe")
        )


def _party(here: str, field: FieldDefinition) -> Iterator[FieldError]:
    if field.party and not (re.match(KEY, field.party) and field.kind in PARTY_KINDS):
        yield FieldError(f"{here}.party", gettext("ist kein Schlüssel oder gehört nicht zu dieser Art Feld"))
    if field.for_mail and field.kind not in {Kind.CONSENT, Kind.YES_NO}:
        yield FieldError(f"{here}.for_mail", gettext("gehört nur zu einer Zustimmung oder zu Ja und Nein"))


def _bound(here: str, field: FieldDefinition, value: object, before: set[str]) -> Iterator[FieldError]:
    if value is None:
        return
    if field.kind is Kind.DATE:
        if not isinstance(value, str):
            yield FieldError(here, gettext("ist kein Datum und keine Regel"))
        elif not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            yield from _rule(here, value, before)
    elif isinstance(value, str):
        yield FieldError(here, gettext("ist keine Zahl"))


def _rule(here: str, text: str, names: set[str]) -> Iterator[FieldError]:
    if not text:
        return
    try:
        compile_rule(text, names)
    except Invalid as error:
        yield FieldError(here, error.fields[0].message)


def _pattern(here: str, pattern: str) -> Iterator[FieldError]:
    if not pattern:
        return
    if len(pattern) > LONGEST_PATTERN or NESTED_REPEAT.search(pattern):
        yield FieldError(here, gettext("ist zu lang oder wiederholt eine Wiederholung"))
        return
    try:
        re.compile(pattern)
    except re.error as error:
        yield FieldError(here, str(error))
