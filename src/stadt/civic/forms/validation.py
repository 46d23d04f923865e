"""Checks what somebody sent against a definition: rules first, then the answers that are visible. No tables, no files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from stadt.civic.forms.answers import read_answer
from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, FormDefinition, Kind, Step
from stadt.civic.forms.values import UnfitAnswerError
from stadt.civic.rules import compile_rule
from stadt.core.errors import FieldError

BROWSER_PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.DATE: ("day", "month", "year"),
    Kind.PLACE: ("lon", "lat", "address", "found"),
    Kind.AREA: ("geometry", "areas"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of what was sent.

    Attributes:
        answers: by field key, only visible ones that were answered and are right; what JSON takes.
        errors: `field` is the key, or `key.part` for a part of a group such as `born.year`.
        steps: keys of the steps that are visible with these answers.
        visible: keys of the fields that are visible, asked or computed.
        stops: texts (Markdown) of the choices that stop the form.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    visible: frozenset[str] = frozenset()
    stops: list[str] = field(default_factory=list)


def clean(
    definition: FormDefinition,
    raw: Mapping[str, Any],
    *,
    known: Mapping[str, Any] | None = None,
    step: str | None = None,
    names: Mapping[str, Any] | None = None,
    fixed: Mapping[str, Any] | None = None,
    files: Collection[int] | None = None,
) -> Cleaned:
    """Evaluate rules, drop what is not visible, compute, then validate.

    Args:
        raw: what was sent: a browser's form (also a QueryDict; parts of groups as `born.day`) or JSON values.
        known: answers of other steps, and of this one for fields that were not sent at all (files).
        step: only this step is taken from `raw` and complained about; None: the whole form.
        names: more that rules may ask for, such as `category`; the definition's `names`.
        fixed: prefilled answers; a sent value that differs is refused, whatever else is right.
        files: ids of files that may be answers; None lets the ids of `known` pass only.

    Never raises for what was sent.
    """
    known, fixed = known or {}, fixed or {}
    allowed = _file_ids(definition, known) if files is None else frozenset(files)
    answers: dict[str, Any] = {}
    found = Cleaned(answers)
    values: dict[str, Any] = {**dict.fromkeys(definition.names), **(names or {})}
    visible = set()
    for page in definition.steps:
        if not is_visible(page, values):
            continue
        found.steps.append(page.key)
        is_current = step is None or step == page.key
        for item in page.fields:
            if not is_visible(item, values):
                continue
            visible.add(item.key)
            sent = _sent(item, raw, known, fixed, is_current=is_current)
            answer, errors = _answer(item, sent, values, fixed, allowed, is_current=is_current)
            if is_current:
                found.errors.extend(errors)
            if answer is not None:
                answers[item.key] = values[item.key] = answer
                found.stops.extend(_stops(item, answer))
    return Cleaned(answers, found.errors, found.steps, frozenset(visible), found.stops)


def is_visible(item: Step | FieldDefinition, values: Mapping[str, Any]) -> bool:
    """Whether a step or field is shown with these answers; without a rule it always is."""
    return not item.visible or compile_rule(item.visible).holds(values)


def is_required(item: FieldDefinition, values: Mapping[str, Any]) -> bool:
    """Whether a field has to be answered with these answers; information never."""
    if isinstance(item.required, str):
        return bool(item.required) and item.is_answered and compile_rule(item.required).holds(values)
    return item.required and item.is_answered


def collect(item: FieldDefinition, raw: Mapping[str, Any]) -> Any:
    """What was sent for one field: its value, a list, or its parts as a mapping; None when it was not sent."""
    if item.kind is Kind.CHOICES:
        return _many(raw, item.key)
    if raw.get(item.key) is not None:
        return raw.get(item.key)
    parts = BROWSER_PARTS.get(item.kind) or item.all_parts
    sent = {part: raw.get(f"{item.key}.{part}") for part in parts if f"{item.key}.{part}" in raw}
    if item.kind is Kind.AREA and "areas" in sent:
        sent["areas"] = _many(raw, f"{item.key}.areas")
    return sent or None


def _many(raw: Mapping[str, Any], name: str) -> Any:
    getlist = getattr(raw, "getlist", None)
    return getlist(name) or None if getlist else raw.get(name)


def _sent(
    item: FieldDefinition,
    raw: Mapping[str, Any],
    known: Mapping[str, Any],
    fixed: Mapping[str, Any],
    *,
    is_current: bool,
) -> Any:
    if not is_current or (item.kind in FILE_KINDS and item.key not in raw):
        return known.get(item.key)
    sent = collect(item, raw)
    return fixed[item.key] if sent is None and item.key in fixed else sent


def _answer(
    item: FieldDefinition,
    sent: Any,
    values: Mapping[str, Any],
    fixed: Mapping[str, Any],
    allowed: frozenset[int],
    *,
    is_current: bool,
) -> tuple[Any, list[FieldError]]:
    """The answer to one visible field and what is wrong with it."""
    if item.computed:
        return _computed(item, values), []
    try:
        answer = read_answer(item, sent)
        if item.kind in FILE_KINDS and not allowed.issuperset(answer or ()):
            raise UnfitAnswerError(gettext("nennt eine Datei, die nicht dazugehört"))
        if item.key in fixed and answer != read_answer(item, fixed[item.key]):
            raise UnfitAnswerError(
                gettext("ist aus Ihrem Konto übernommen und kann hier nicht geändert werden")
            )
        if item.kind is Kind.DATE and answer:
            _check_day(item, answer, values)
    except UnfitAnswerError as error:
        return None, [FieldError(f"{item.key}.{error.part}" if error.part else item.key, str(error))]
    if answer is None and is_current and is_required(item, values):
        return None, [FieldError(item.key, _missing(item))]
    return answer, []


def _computed(item: FieldDefinition, values: Mapping[str, Any]) -> Any:
    """What the rule says, when it fits the kind; else nothing."""
    try:
        return read_answer(item, compile_rule(item.computed).evaluate(values))
    except UnfitAnswerError:
        return None


def _check_day(item: FieldDefinition, day: str, values: Mapping[str, Any]) -> None:
    least, most = _day(item.minimum, values), _day(item.maximum, values)
    if least and day < least:
        raise UnfitAnswerError(gettext("liegt vor dem %(day)s") % {"day": _german(least)})
    if most and day > most:
        raise UnfitAnswerError(gettext("liegt nach dem %(day)s") % {"day": _german(most)})


def _day(bound: Any, values: Mapping[str, Any]) -> str | None:
    """A bound of a date: itself, or what the rule says."""
    if not isinstance(bound, str):
        return None
    limit = bound if bound[:1].isdigit() else compile_rule(bound).evaluate(values)
    return limit[:10] if isinstance(limit, str) else None


def _german(day: str) -> str:
    return ".".join(reversed(day.split("-")))


def _missing(item: FieldDefinition) -> str:
    if item.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}:
        return gettext("Bitte wählen Sie")
    if item.kind is Kind.CONSENT:
        return gettext("Ohne Ihre Zustimmung geht es nicht weiter")
    return gettext("Bitte füllen Sie das aus")


def _stops(item: FieldDefinition, answer: Any) -> list[str]:
    chosen = answer if isinstance(answer, list) else [answer]
    return [choice.disables for choice in item.choices if choice.disables and choice.value in chosen]


def _file_ids(definition: FormDefinition, known: Mapping[str, Any]) -> frozenset[int]:
    lists = (known.get(item.key) or () for item in definition.fields() if item.kind in FILE_KINDS)
    return frozenset(number for ids in lists for number in ids if isinstance(number, int))
