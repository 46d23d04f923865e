"""Opening a case: its place, its owner, its clock, its first entry, its receipt and the reporter's link."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.civic.cases import journal, routing, versions
from stadt.civic.cases.catalogue import CaseType, Category
from stadt.civic.cases.events import CaseOpened
from stadt.civic.cases.models import Case, Entry, Party, Source
from stadt.civic.cases.people import (
    LONGEST_TITLE,
    PartyData,
    Spot,
    clean_text,
    is_json,
    make_party,
    one_line,
    put_place,
    wrong,
)
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.services import telling
from stadt.civic.forms.attachments import give_files
from stadt.core.audit import record
from stadt.core.errors import SignInNeeded
from stadt.core.events import publish
from stadt.core.people.actor import Actor

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that nobody mixes up when reading them out: no 0, 1, I and O."""
REFERENCE_LENGTH = 8
MOST_TRIES = 8
FROM_OUTSIDE = frozenset({Source.WEB, Source.OPEN311, Source.API})


class Frozen(Protocol):
    """What a case needs of a submission."""

    pk: Any
    answers: Any


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case, and the secret of the reporter's link (shown once; None when nobody reported)."""

    case: Case
    secret: str | None = field(repr=False)


@transaction.atomic
def open_case(
    actor: Actor,
    type_key: str,
    *,
    submission: Frozen | None = None,
    answers: Mapping[str, Any] | None = None,
    category: str = "",
    place: Spot | None = None,
    party: PartyData | None = None,
    others: Sequence[PartyData] = (),
    files: Sequence[int] = (),
    source: str = "web",
    title: str = "",
    text: str = "",
    is_example: bool = False,
) -> Opened:
    """Open a case; anybody may, if the type lets strangers.

    Args:
        submission: the frozen form; its answers are taken when `answers` is None, and its files go to the case. The same
            submission again gives the case it opened.
        answers: cleaned answers; the routing rules and the title's rule read them.
        party, others: who told or asks for it, whose link is made, and who else stands in it, such as a guardian.
        files: ids of taken files that belong to it.
        source: how it came in; others than `web`, `api` and `open311` need `cases.handle`.

    Raises:
        Invalid: naming `type`, `category`, `place`, `answers`, `text`, `source` or a field of the party.
        SignInNeeded: the type wants an account.
        Forbidden: the source is the office's.
    """
    if submission is not None and (before := _opened_by(submission)) is not None:
        return before
    one = versions.get_type(type_key)
    chosen = _check(actor, one, category, source)
    now = timezone.now()
    given = answers if answers is not None else getattr(submission, "answers", {})
    case = _begin(one, now, given, category=category, text=clean_text(text, "text"), source=source)
    case.submission_id = submission.pk if submission is not None else None
    case.is_example = is_example
    put_place(case, place, is_needed=chosen.needs_place if chosen else one.needs_place)
    names = routing.names_of(case, now)
    case.title = one_line(title, "title", LONGEST_TITLE) or routing.title_of(one, names)[:LONGEST_TITLE]
    if one.public.text_published == "at_once":
        case.published_text = case.text
    data = _route(case, one, names, now)
    _store(case)
    Entry.objects.create(
        case=case, at=now, actor_kind=actor.kind, actor_id=actor.identifier, kind="opened", to_state=case.state,
        public_text=one.initial.public_text, data=data,
    )  # fmt: skip
    somebody = _let_in(case, party, others)
    if submission is not None:
        give_files(submission.pk, case.subject, actor)
    telling.attach(actor, case, files, "before")
    secret = telling.make_link(case, somebody) if somebody is not None else None
    telling.send_receipt(case, one)
    record(actor, "open_case", case.subject, {"type": one.key, "category": category, "source": source})
    publish(CaseOpened(case.pk))
    return Opened(case, secret)


def _let_in(case: Case, party: PartyData | None, others: Sequence[PartyData]) -> Party | None:
    """Keep who stands in the case; whose link it is. From outside, who gives no name still gets a link."""
    if party is None and case.source in FROM_OUTSIDE:
        party = PartyData()
    somebody = make_party(case, party, case.language) if party is not None else None
    for other in others:
        make_party(case, other, case.language)
    return somebody


def _opened_by(submission: Frozen) -> Opened | None:
    """The case that the same submission opened before, with a further link."""
    known = Case.objects.select_for_update(of=("self",)).filter(submission_id=submission.pk).first()
    if known is None:
        return None
    return Opened(known, telling.make_link(known, known.parties.order_by("pk").first()))


def _begin(one: CaseType, now: datetime, answers: Mapping[str, Any], **facts: str) -> Case:
    """A case of this type in its first state, not stored yet."""
    if not is_json(answers):
        raise wrong("answers", gettext("enthält Zeichen, die kein Text sind"))
    return Case(
        type_key=one.key,
        type_version=one.version,
        answers=dict(answers),
        state=one.initial.key,
        face=str(one.initial.face),
        received_at=now,
        changed_at=now,
        paused_at=now if one.initial.pauses else None,
        language=(get_language() or "de")[:10],
        **facts,
    )


def _route(case: Case, one: CaseType, names: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Give the case its owner, priority and deadline; what its first entry tells of that."""
    way = routing.route(one, names)
    case.organisation_id, case.priority = way.organisation_id, way.priority
    data = {"pauses": one.initial.pauses, "organisation": case.organisation_id, "explain": way.explain}
    journal.set_clock(case, one, [(now, case.state, data)], now)
    return data


def make_reference() -> str:
    """A random name such as `7KQM-2X9R`; 40 bits, so that nobody finds cases by counting."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(REFERENCE_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def _check(actor: Actor, one: CaseType, category: str, source: str) -> Category | None:
    today = timezone.localdate()
    if not one.is_offered(today):
        raise wrong("type", gettext("wird zurzeit nicht angeboten"))
    if not one.anonymous_allowed and not actor.is_known:
        raise SignInNeeded(gettext("Bitte melden Sie sich an."))
    if source not in Source.values:
        raise wrong("source", gettext("gibt es nicht"))
    if source not in FROM_OUTSIDE:
        actor.require(HANDLE)
    chosen = one.find_category(category)
    if chosen is None:
        if category or one.categories:
            raise wrong("category", gettext("gibt es nicht") if category else gettext("fehlt"))
        return None
    if chosen.stops or not chosen.is_offered(today):
        raise wrong("category", chosen.emergency or gettext("wird zurzeit nicht angeboten"))
    return chosen


def _store(case: Case) -> None:
    """Insert under a free reference."""
    for attempt in range(MOST_TRIES):
        case.reference = make_reference()
        try:
            with transaction.atomic():
                case.save(force_insert=True)
            return
        except IntegrityError as error:
            if "reference" not in str(error) or attempt == MOST_TRIES - 1:
                raise
            case.pk = None
