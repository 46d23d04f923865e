"""What a case type is: states, moves, deadlines, routing, tasks, templates and categories, all of it data.

Read from `services/*.toml` of the city's folder by `reading`, checked by `checking`, kept for good by `versions`.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Literal, Self, TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

Texts = dict[str, dict[str, str]]
"""Language → field of the entry → text in that language, from the TOML's `[state.en]` and the like."""


class Face(StrEnum):
    """What the public sees of a state; there are never more than these five."""

    RECEIVED = "received"
    CHECKING = "checking"
    PLANNED = "planned"
    DONE = "done"
    NOT_POSSIBLE = "not_possible"

    @property
    def label(self) -> str:
        """The word on screen."""
        return str(FACE_TITLES[self])


FACE_TITLES = {
    Face.RECEIVED: _("eingegangen"),
    Face.CHECKING: _("in Prüfung"),
    Face.PLANNED: _("eingeplant"),
    Face.DONE: _("erledigt"),
    Face.NOT_POSSIBLE: _("nicht möglich"),
}
CLOSED_FACES = frozenset({Face.DONE, Face.NOT_POSSIBLE})

Who = Literal["handler", "decider", "contractor", "reporter", "anybody", "system"]
Asks = Literal["text", "reason", "planned_for", "photo"]
Door = Literal["dienste", "melden", "none"]
Unit = Literal["working", "calendar"]
TextPublished = Literal["never", "after_review", "at_once"]


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What all described things have: a permanent key, a German title, and texts in other languages."""

    key: str
    title: str = ""
    texts: Texts = {}

    def translated(self, field: str, language: str = "de") -> str:
        """The field's text in a language, else in German."""
        return self.texts.get(language, {}).get(field) or str(getattr(self, field))


class State(Described, frozen=True, kw_only=True):
    """A state for those who work with it; `face` is what everybody else sees. `pauses`: the clock stands still in it.

    A case in a state that is not `is_public` (withdrawn, spam, not looked at yet) is shown to nobody outside.
    """

    face: Face
    is_initial: bool = False
    is_final: bool = False
    pauses: bool = False
    is_public: bool = True
    public_text: str = ""


class Move(Described, frozen=True, kw_only=True):
    """A change of state that is allowed. An empty `source` stands for every state that is not final.

    `within_days` bounds the moves of reporters and of anybody: so many days after the case was closed. `asks` are what
    must be given, `offers` what the office may give. `template` is the key of the text offered to the officer and sent when nothing else was written.
    """

    source: tuple[str, ...] = ()
    target: str
    who: Who = "handler"
    within_days: int = 0
    asks: tuple[Asks, ...] = ()
    offers: tuple[Asks, ...] = ()
    template: str = ""
    confirm: str = ""


class Deadline(Described, frozen=True, kw_only=True):
    """Until when what has to be done. It runs from entering `from_state` (empty: from receipt) until a face is reached."""

    days: int
    unit: Unit = "working"
    from_state: str = ""
    until_faces: tuple[Face, ...] = (Face.DONE, Face.NOT_POSSIBLE)
    warn_days: int = 1


class RoutingRule(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets a case: the first rule whose `when` is true. `explain` says it in a sentence to officers."""

    title: str
    when: str = ""
    organisation: str = ""
    priority: int = 0
    explain: str = ""
    texts: Texts = {}


class Task(Described, frozen=True, kw_only=True):
    """Something to tick off. `when` is a rule; `required_for` are the moves that wait for it."""

    when: str = ""
    required_for: tuple[str, ...] = ()


class Template(Described, frozen=True, kw_only=True):
    """A text for answers with `{placeholders}`; `plain` says the same in plain language."""

    text: str
    plain: str = ""


class Category(Described, frozen=True, kw_only=True):
    """What a case is about, with its own questions (`form`), warning (`emergency`), deadline and owner.

    `stops`: nothing can be reported, only `emergency` is shown. `starts` and `ends` bound a campaign, both inclusive.
    `duplicate_metres` and `duplicate_days` say how near and how recent a case must be to be offered as the same one.
    """

    group: str = ""
    icon: str = ""
    description: str = ""
    words: tuple[str, ...] = ()
    form: str = ""
    emergency: str = ""
    phone: str = ""
    stops: bool = False
    deadline_days: int = 0
    duplicate_metres: int = 50
    duplicate_days: int = 60
    organisation: str = ""
    is_public: bool = True
    needs_place: bool = True
    needs_photo: bool = False
    starts: date | None = None
    ends: date | None = None
    code: str = ""

    def is_offered(self, on: date) -> bool:
        """Whether it can be chosen on that day."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


class PublicFace(msgspec.Struct, frozen=True, kw_only=True):
    """What of a case everybody sees: names of fields, and when the reporter's own text is published."""

    fields: tuple[str, ...] = ()
    text_published: TextPublished = "never"
    photos_published: TextPublished = "never"


class CaseType(Described, frozen=True, kw_only=True):
    """A service of the city. `version` is given when the type is kept; 0 as long as it only stands in the file.

    `summary` is a rule over `answers` and `category` that makes the title of a case. `organisation` owns what no rule
    routes. `receipt` is the key of the template sent at once. Days of 0 mean: never. `mail_content`: mails may hold the text itself.
    `slug` is the type's word in addresses, else its key. `costs`, `needs` and `takes` (how long) are told before one begins.
    """

    version: int = 0
    slug: str = ""
    door: Door = "none"
    form: str = ""
    costs: str = ""
    needs: str = ""
    takes: str = ""
    description: str = ""
    plain: str = ""
    group: str = ""
    icon: str = ""
    words: tuple[str, ...] = ()
    organisation: str = ""
    summary: str = ""
    receipt: str = ""
    anonymous_allowed: bool = True
    mail_content: bool = False
    needs_place: bool = False
    reopen_days: int = 0
    anonymise_after_days: int = 0
    delete_after_days: int = 0
    starts: date | None = None
    ends: date | None = None
    public: PublicFace = PublicFace()
    states: tuple[State, ...] = ()
    moves: tuple[Move, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    routing: tuple[RoutingRule, ...] = ()
    tasks: tuple[Task, ...] = ()
    templates: tuple[Template, ...] = ()
    categories: tuple[Category, ...] = ()

    @property
    def initial(self) -> State:
        """The state every case begins in."""
        return next((state for state in self.states if state.is_initial), self.states[0])

    def find_state(self, key: str) -> State | None:
        return _find(self.states, key)

    def find_move(self, key: str) -> Move | None:
        return _find(self.moves, key)

    def find_category(self, key: str) -> Category | None:
        return _find(self.categories, key)

    def find_template(self, key: str) -> Template | None:
        return _find(self.templates, key)

    def find_task(self, key: str) -> Task | None:
        return _find(self.tasks, key)

    @property
    def contractor_states(self) -> frozenset[str]:
        """The states in which a contractor can do something."""
        return frozenset(state for move in self.moves if move.who == "contractor" for state in move.source)

    @property
    def hand_overs(self) -> tuple[Move, ...]:
        """The handler's moves that ask nothing and lead to where a contractor can do something."""
        theirs = self.contractor_states
        return tuple(
            move
            for move in self.moves
            if move.who == "handler"
            and not move.asks
            and move.target in theirs
            and not theirs & set(move.source)
        )

    @property
    def questions(self) -> tuple[Move, ...]:
        """The handler's moves to where the clock stands still because the citizen was asked something."""
        waiting = {state.key for state in self.states if state.pauses and not state.is_final}
        return tuple(move for move in self.moves if move.who == "handler" and move.target in waiting)

    def unit_for(self, face: str) -> Unit:
        """What the deadline counts that runs at a face of the case, else the first one."""
        running = (one for one in self.deadlines if Face(face) not in one.until_faces)
        return next((one.unit for one in (*running, *self.deadlines)), "working")

    def moves_from(self, state_key: str) -> tuple[Move, ...]:
        """The moves that the type allows from a state, whoever may do them."""
        state = self.find_state(state_key)
        if state is None:
            return ()
        return tuple(
            move
            for move in self.moves
            if state_key in move.source
            or (not move.source and not state.is_final and move.target != state_key)
        )

    def is_offered(self, on: date) -> bool:
        """Whether a case of this type can be opened on that day."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)

    def kept_as(self, version: int) -> Self:
        """The same type with the number it is kept under."""
        return msgspec.structs.replace(self, version=version)


Found = TypeVar("Found", bound=Described)


def _find(entries: Iterable[Found], key: str) -> Found | None:
    return next((entry for entry in entries if entry.key == key), None)
