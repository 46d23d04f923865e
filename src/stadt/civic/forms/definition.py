"""A form as data: steps, fields, rules and texts, read from TOML and checked before anybody sees it.

`docs/apps/forms.md` shows every kind of field and rule with an example.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

KEY = r"^[a-z][a-z0-9_]{0,39}$"
FORM_KEY = r"^[a-z][a-z0-9_]{0,59}$"


class Kind(StrEnum):
    """What a field asks for, and so the shape of its answer (`docs/apps/forms.md`)."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    EMAIL = "email"
    PHONE = "phone"
    PLACE = "place"
    ADDRESS = "address"
    AREA = "area"
    FILE = "file"
    PHOTO = "photo"
    PERSON = "person"
    ORGANISATION = "organisation"
    CONSENT = "consent"
    INFO = "info"


FILE_KINDS = frozenset({Kind.FILE, Kind.PHOTO})
PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ADDRESS: ("street", "house_number", "postal_code", "town"),
    Kind.PERSON: ("given_name", "family_name"),
    Kind.ORGANISATION: ("name",),
}
"""Kinds whose answer is an object of texts, with the parts they always have."""
MORE_PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ADDRESS: ("addition",),
    Kind.PERSON: ("email", "phone"),
    Kind.ORGANISATION: ("contact", "register_number", "email", "phone"),
}
"""What a field may ask for beside them, by `parts = ["email"]`."""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a step, field or choice in one language, or in plain language; empty means as in the main text."""

    title: str = ""
    hint: str = ""
    text: str = ""
    disables: str = ""


class Worded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be read: main texts in German, `plain` in plain language, `texts` by language code."""

    title: str = ""
    hint: str = ""
    text: str = ""
    disables: str = ""
    plain: Texts = Texts()
    texts: dict[str, Texts] = {}

    def words(self, language: str = "de", *, plain: bool = False) -> Texts:
        """The words to show: plain language where wished, German and there; else the language; else German."""
        own = self.texts.get(language) or self.texts.get(language.partition("-")[0])
        first = own or (self.plain if plain and language.startswith("de") else None) or Texts()
        return Texts(*(getattr(first, part) or getattr(self, part) for part in Texts.__struct_fields__))


class Choice(Worded, frozen=True, forbid_unknown_fields=True):
    """One answer to choose. With `disables` (a warning, Markdown) choosing it stops the form and shows that text."""

    value: str = msgspec.field(name="value", default="")


class FieldDefinition(Worded, frozen=True, forbid_unknown_fields=True):
    """One question.

    Attributes:
        key: unique in the form; rules name the answer by it.
        required: true, false, or a rule.
        visible: a rule; an answer to a question that is not visible is dropped.
        computed: a rule; the answer is what it says, and nobody can enter it.
        minimum, maximum: for number and amount a number; for date a date or a rule such as `today()`; for file, photo,
            choices and area the count; a text of digits is a number.
        pattern: a regular expression (RE2-like, no groups that look back) the whole text must match; `hint` says it in words.
        parts: what a person, an address or an organisation is asked beside the compulsory parts.
        accepts: what a file may be: `photo`, `pdf`, `document`; for area: `point`, `line`, `polygon`, `areas`.
        prefill: the name of a value the page may fill in; see `prefill.Prefill`.
        autocomplete: HTML's token, where the kind does not say it already.
        party: the role of whom the answer is about where that is not the applicant, such as `guardian`: a person or an
            organisation names them, an e-mail address and a phone number say how to reach them, a consent is theirs.
        for_mail: on a consent or yes_no: this party gets mail only where it says yes.
        fim: id of the data field in the federal catalogue (FIM).
    """

    key: str = ""
    kind: Kind = Kind.TEXT
    required: bool | str = False
    visible: str = ""
    computed: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    decimals: int = 0
    unit: str = ""
    pattern: str = ""
    max_length: int = 0
    parts: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    prefill: str = ""
    autocomplete: str = ""
    party: str = ""
    for_mail: bool = False
    fim: str = ""

    @property
    def all_parts(self) -> tuple[str, ...]:
        """The parts of an answer that is an object of texts, compulsory ones first."""
        return (*PARTS.get(self.kind, ()), *self.parts)

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer at all; information has none."""
        return self.kind is not Kind.INFO

    def choice(self, value: object) -> Choice | None:
        """The choice with this value."""
        return next((found for found in self.choices if found.value == value), None)


class Step(Worded, frozen=True, forbid_unknown_fields=True):
    """One page of the form."""

    key: str = ""
    fields: tuple[FieldDefinition, ...] = ()
    visible: str = ""


class FormDefinition(Worded, frozen=True, forbid_unknown_fields=True, dict=True):
    """A whole form. A changed form is a new `version`; answers keep the version they were given to.

    Attributes:
        steps: the pages in their order; a question form of a category has one.
        draft_days: how long an unfinished form is kept after its last change.
        names: names that rules may ask for beside the answers, such as `category`.
        languages: codes that the form is offered in beside German.
    """

    key: str = ""
    version: int = 1
    steps: tuple[Step, ...] = ()
    draft_days: int = 30
    names: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, FieldDefinition]:
        """All fields by key."""
        return {found.key: found for found in self.fields()}

    def fields(self) -> Iterator[FieldDefinition]:
        """All fields in the order they are asked."""
        for step in self.steps:
            yield from step.fields

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((found for found in self.steps if found.key == key), None)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """German and every other language that some text of the form is written in."""
        worded: list[Worded] = [self, *self.steps, *self.fields()]
        worded += [choice for found in self.fields() for choice in found.choices]
        return ("de", *sorted({language for item in worded for language in item.texts} - {"de"}))

    @cached_property
    def has_plain(self) -> bool:
        """Whether some text has a plain-language variant."""
        return any(item.plain != Texts() for item in [self, *self.steps, *self.fields()])

    def as_data(self) -> dict[str, Any]:
        """The definition as JSON takes it, equal for equal definitions; `read_definition` reads it back."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data
