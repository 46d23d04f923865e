"""What the templates of forms need: each visible field with its words, its written values and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext

from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, FormDefinition, Kind, Step, Texts
from stadt.civic.forms.validation import BROWSER_PARTS, clean, is_required
from stadt.civic.forms.wording import answer_lines, geometry_text, number_text, part_titles
from stadt.core.errors import FieldError
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import children, list_areas

MOST_RADIOS = 10
INPUTS: Mapping[Kind, Mapping[str, str]] = {
    Kind.EMAIL: {"type": "email", "autocomplete": "email"},
    Kind.PHONE: {"type": "tel", "autocomplete": "tel"},
    Kind.NUMBER: {"inputmode": "numeric"},
    Kind.AMOUNT: {"inputmode": "decimal"},
}
PART_INPUTS: Mapping[str, Mapping[str, str]] = {
    "given_name": {"autocomplete": "given-name"},
    "family_name": {"autocomplete": "family-name"},
    "name": {"autocomplete": "organization"},
    "street": {"autocomplete": "address-line1"},
    "house_number": {},
    "addition": {"autocomplete": "address-line2"},
    "postal_code": {"autocomplete": "postal-code", "inputmode": "numeric", "maxlength": "5"},
    "town": {"autocomplete": "address-level2"},
    "email": {"type": "email", "autocomplete": "email"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "day": {"inputmode": "numeric", "maxlength": "2"},
    "month": {"inputmode": "numeric", "maxlength": "2"},
    "year": {"inputmode": "numeric", "maxlength": "4"},
}


@dataclass(frozen=True, slots=True)
class Input:
    """One control: `name` as it is sent, `value` as written, more attributes of HTML."""

    name: str
    id: str
    label: str
    value: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_checked: bool = False
    hint: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class ShownField:
    """A visible field, ready to be written."""

    field: FieldDefinition
    words: Texts
    plain: Texts | None
    form: str
    id: str
    inputs: Sequence[Input]
    is_required: bool
    errors: Sequence[FieldError] = ()
    lines: Sequence[str] = ()
    found: Sequence[Input] = ()
    files: Sequence[Input] = ()

    @property
    def described_by(self) -> str:
        """Ids of hint, plain words and error, for aria-describedby."""
        ids = [f"{self.id}-hint" if self.words.hint else "", f"{self.id}-error" if self.errors else ""]
        return " ".join(filter(None, ids))

    @property
    def message(self) -> str:
        """What is wrong, as one sentence."""
        return "; ".join(error.message for error in self.errors)

    @property
    def target(self) -> str:
        """The id that a link from the summary leads to: the part that is wrong, else the first control."""
        for error in self.errors:
            for one in self.inputs:
                if one.name == error.field:
                    return one.id
        return self.inputs[0].id if self.inputs and self.form != "select" else self.id


@dataclass(frozen=True, slots=True)
class Showing:
    """How a step is shown: what was answered and sent, whose values are fixed, in which words."""

    answers: Mapping[str, Any]
    raw: Mapping[str, Any] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    plain: bool = False
    language: str = "de"
    found: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)


def shown_step(
    form: FormDefinition, step: Step, errors: Iterable[FieldError], showing: Showing
) -> list[ShownField]:
    """The visible fields of a step in their order."""
    known = {**showing.answers, **showing.fixed}
    raw = known if showing.raw is None else showing.raw
    found = clean(
        form,
        raw,
        known=known,
        step=None if showing.raw is None else step.key,
        names=showing.names,
        fixed=showing.fixed,
    )
    values = {**dict.fromkeys(form.names), **showing.names, **found.answers}
    told = list(errors)
    return [
        _shown(item, values, [error for error in told if _is_about(error, item)], showing)
        for item in step.fields
        if item.key in found.visible
    ]


def _is_about(error: FieldError, item: FieldDefinition) -> bool:
    return error.field == item.key or error.field.startswith(f"{item.key}.")


def _shown(
    item: FieldDefinition, values: Mapping[str, Any], errors: Sequence[FieldError], showing: Showing
) -> ShownField:
    words = item.words(showing.language, plain=showing.plain)
    has_plain = showing.language.startswith("de") and not showing.plain and item.plain != Texts()
    form = _form(item, showing)
    answer = values.get(item.key)
    return ShownField(
        field=item,
        words=words,
        plain=item.plain if has_plain else None,
        form=form,
        id=f"id_{item.key}",
        inputs=_inputs(item, form, answer, showing),
        is_required=is_required(item, values),
        errors=errors,
        lines=answer_lines(item, answer, showing.language, showing.files) if form == "fixed" else (),
        found=_found(item, showing),
        files=_files(item, answer, showing),
    )


def _form(item: FieldDefinition, showing: Showing) -> str:
    """Which template writes it."""
    if item.kind is Kind.INFO:
        return "info"
    if item.computed or item.key in showing.fixed:
        return "fixed"
    if item.kind is Kind.CHOICE and len(item.choices) > MOST_RADIOS:
        return "select"
    if item.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}:
        return "boxes"
    if item.kind in FILE_KINDS:
        return "files"
    simple = {Kind.LONG_TEXT: "textarea", Kind.CONSENT: "consent", Kind.PLACE: "place", Kind.AREA: "area"}
    if item.kind in simple:
        return simple[item.kind]
    return "group" if item.kind is Kind.DATE or item.all_parts else "input"


def _inputs(item: FieldDefinition, form: str, answer: Any, showing: Showing) -> list[Input]:
    if form in {"info", "fixed"}:
        return []
    if form in {"boxes", "select"}:
        return _boxes(item, answer, showing)
    written = _written(item, answer, showing)
    if form in {"group", "place", "area"}:
        return _parts(item, written, showing)
    key = item.key
    attributes = {**INPUTS.get(item.kind, {})}
    if item.decimals:
        attributes["inputmode"] = "decimal"
    if item.autocomplete:
        attributes["autocomplete"] = item.autocomplete
    own = f"id_{key}_new" if form == "files" else f"id_{key}"
    return [Input(key, own, "", written.get(key, ""), attributes, is_checked=answer is True)]


def _boxes(item: FieldDefinition, answer: Any, showing: Showing) -> list[Input]:
    if item.kind is Kind.YES_NO:
        options = [("yes", gettext("Ja"), ""), ("no", gettext("Nein"), "")]
        chosen = {True: {"yes"}, False: {"no"}}.get(answer, set())
    else:
        words = [(one, one.words(showing.language, plain=showing.plain)) for one in item.choices]
        options = [(one.value, text.title, text.hint) for one, text in words]
        chosen = set(answer if isinstance(answer, list) else [answer])
    return [
        Input(item.key, f"id_{item.key}_{place}", title, value, is_checked=value in chosen, hint=hint)
        for place, (value, title, hint) in enumerate(options)
    ]


def _parts(item: FieldDefinition, written: Mapping[str, str], showing: Showing) -> list[Input]:
    titles = part_titles()
    parts = [
        part for part in BROWSER_PARTS.get(item.kind, ()) if part not in {"found", "areas"}
    ] or item.all_parts
    found = []
    for part in parts:
        attributes = dict(PART_INPUTS.get(part, {}))
        if item.kind is Kind.DATE and item.autocomplete == "bday":
            attributes["autocomplete"] = f"bday-{part}"
        elif item.autocomplete == "off":
            attributes["autocomplete"] = "off"
        name = f"{item.key}.{part}"
        found.append(
            Input(
                name,
                f"id_{item.key}_{part}",
                titles[part],
                written.get(name, ""),
                attributes,
                is_optional=part in item.parts,
            )
        )
    return found


def _written(item: FieldDefinition, answer: Any, showing: Showing) -> dict[str, str]:
    """What stands in each control: what was sent, so that nobody types anything twice; else the answer."""
    parts = BROWSER_PARTS.get(item.kind) or item.all_parts
    names = [f"{item.key}.{part}" for part in parts] or [item.key]
    if (
        showing.raw is not None
        and any(name in showing.raw for name in names)
        and not showing.raw.get(f"{item.key}.found")
    ):
        return {name: str(showing.raw.get(name) or "") for name in names}
    if answer is None or isinstance(answer, bool) or item.kind in FILE_KINDS:
        return {}
    if item.kind is Kind.DATE:
        return dict(zip(names, reversed(str(answer).split("-")), strict=True))
    if item.kind in {Kind.NUMBER, Kind.AMOUNT}:
        return {item.key: number_text(item, answer, showing.language)}
    if item.kind is Kind.AREA:
        return {f"{item.key}.geometry": geometry_text(answer.get("geometry"))}
    if isinstance(answer, Mapping):
        return {f"{item.key}.{part}": str(value) for part, value in answer.items()}
    return {item.key: str(answer)}


def _found(item: FieldDefinition, showing: Showing) -> list[Input]:
    """Places that a search on the server found, to choose from; for areas the city's districts and quarters."""
    if item.kind is Kind.AREA:
        return _areas(item, showing) if "areas" in (item.accepts or ("areas",)) else []
    return [
        Input(
            f"{item.key}.found",
            f"id_{item.key}_found_{place}",
            spot.line,
            f"{spot.lon},{spot.lat},{spot.line}",
        )
        for place, spot in enumerate(showing.found.get(item.key, ()))
    ]


def _areas(item: FieldDefinition, showing: Showing) -> list[Input]:
    name = f"{item.key}.areas"
    if showing.raw is not None:
        getlist = getattr(showing.raw, "getlist", None)
        chosen = set(getlist(name) if getlist else showing.raw.get(name) or ())
    else:
        chosen = set((showing.answers.get(item.key) or {}).get("areas", ()))
    districts = list_areas(PlaceKind.DISTRICT)
    rows = [(area, part) for area in districts for part in (area, *children(area))]
    return [
        Input(name, f"id_{item.key}_area_{part.key}", part.name, part.key, is_checked=part.key in chosen,
              hint="district" if part is area else "")
        for area, part in rows
    ]  # fmt: skip


def _files(item: FieldDefinition, answer: Any, showing: Showing) -> list[Input]:
    if item.kind not in FILE_KINDS or not isinstance(answer, list):
        return []
    names = answer_lines(item, answer, showing.language, showing.files)
    return [
        Input(f"{item.key}.remove", f"id_{item.key}_remove_{number}", name, str(number))
        for number, name in zip(answer, names, strict=True)
    ]


def current_language() -> str:
    """The language of the page."""
    return get_language() or "de"
