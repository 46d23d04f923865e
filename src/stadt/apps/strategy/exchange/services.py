"""Takes files in: as a change request where there is a strategy, as the first edition where there is none."""

from dataclasses import replace as with_other
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from stadt.apps.strategy.exchange.checking import check_items, problems_of
from stadt.apps.strategy.exchange.document import Document, EditionRecord, VersionRecord
from stadt.apps.strategy.exchange.errors import Problem, refuse, refuse_all
from stadt.apps.strategy.exchange.proposals import proposal_of
from stadt.apps.strategy.exchange.queries import is_empty
from stadt.apps.strategy.record import store
from stadt.apps.strategy.record.content import Content, encode, kind_of
from stadt.apps.strategy.record.models import ChangeRequest, Edition, ItemVersion
from stadt.apps.strategy.record.printed import BEGINNING
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services import open_change_request, put_change
from stadt.apps.strategy.record.services.editions import wrong_with_name, wrong_with_reference
from stadt.apps.strategy.record.services.requests import MOST_CHANGES
from stadt.apps.strategy.record.states import EditionState
from stadt.apps.strategy.rights import ADOPT, EXCHANGE
from stadt.core.audit import record
from stadt.core.errors import Conflict, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.reach import require_in_city
from stadt.hub.datasets.kept.who import who_is

FIRST = "1.0"


@transaction.atomic
def propose_file(
    actor: Actor, content: Content, title: str, reason: str, *, strike_missing: bool = False
) -> ChangeRequest:
    """Open a change request with exactly the differences between the strategy and a file.

    Raises:
        Forbidden: without `strategy.exchange` in the city, or without the right to propose or edit.
        Conflict: there is no difference that a change request can hold.
        BadFile: more differences than one request holds, or one that the strategy cannot take; all are named.
        Invalid: title or reason is missing.
    """
    require_in_city(actor, EXCHANGE)
    found = proposal_of(strategy_at(), content, strike_missing=strike_missing)
    if not found.changes:
        raise Conflict(gettext("Die Datei sagt nichts, was nicht schon in der Strategie steht."))
    if len(found.changes) > MOST_CHANGES:
        raise refuse(
            "",
            gettext("Die Datei hat %(count)d Unterschiede; ein Änderungsantrag fasst höchstens %(most)d.")
            % {"count": len(found.changes), "most": MOST_CHANGES},
        )
    request = open_change_request(actor, title, reason)
    problems: list[Problem] = []
    for change in found.changes:
        try:
            with transaction.atomic():
                put_change(actor, request.pk, with_other(change, reason=reason))
        except (Invalid, Conflict) as error:
            wrong = [Problem(f"{change.code} {one.field}", one.message) for one in error.fields]
            problems += wrong or [Problem(change.code, error.detail)]
    if problems:
        raise refuse_all(problems)
    record(actor, "propose_file", f"change_request:{request.pk}", {"changes": len(found.changes)})
    return request


@transaction.atomic
def take_first(actor: Actor, document: Document) -> str:
    """Record a file as the first edition of a city that has no strategy; returns the edition's name.

    Without editions of its own the file becomes the draft of edition 1.0, true from the first day of the year it names.
    With adopted editions it is restored with both time axes, which needs `strategy.adopt` as well.

    Raises:
        Forbidden: a right is missing in the city.
        Conflict: there is a strategy already.
        BadFile: codes, references or times contradict each other.
    """
    require_in_city(actor, EXCHANGE)
    if document.editions:
        require_in_city(actor, ADOPT)
    moment = store.lock()
    if ItemVersion.objects.exists() or not is_empty():
        raise Conflict(gettext("Diese Stadt hat schon eine Strategie; die Datei wird ein Änderungsantrag."))
    content = check_items(document.items)
    who = who_is(actor)
    if document.editions:
        _restore(document, who)
        name = next(
            (one.name for one in document.editions if one.state == "adopted"), document.editions[-1].name
        )
    else:
        name = FIRST
        since = _since(content)
        store.add(content, since, store.Mark(moment, who, reason="import"))
        Edition.objects.create(
            name=name, state=EditionState.DRAFT, valid_on=since, note=content.head.note[:300], drafted_by=who
        )
    record(
        actor, "take_first", f"edition:{name}", {"items": len(content), "editions": len(document.editions)}
    )
    return name


def _since(content: Content) -> date:
    """The first day of the year that the document names as its own; no day is invented where it names none."""
    year = content.head.as_of[:4]
    return date(int(year), 1, 1) if year.isascii() and year.isdecimal() and int(year) else BEGINNING


def _restore(document: Document, who: str) -> None:
    if not document.versions:
        raise refuse("versions", gettext("Zu den Fassungen der Datei fehlen die Stände der Einträge."))
    for one in document.editions:
        check_edition(one)
    for version in document.versions:
        check_version(version)
    try:
        with transaction.atomic():
            ItemVersion.objects.bulk_create(_row(version, who) for version in document.versions)
            Edition.objects.bulk_create(_edition(one, who) for one in document.editions)
    except IntegrityError:
        raise refuse(
            "versions", gettext("Zwei Stände desselben Eintrags oder derselben Fassung widersprechen sich.")
        ) from None


def check_edition(edition: EditionRecord) -> None:
    """Refuse an edition that could not have been drafted or adopted here; one without a paper may come without a reference."""
    errors = wrong_with_name(edition.name, edition.note)
    if edition.council_paper or edition.council_link:
        errors += wrong_with_reference(edition.council_paper, edition.council_link)
    if errors:
        raise refuse_all(Problem(f"editions[{edition.name[:40]}].{one.field}", one.message) for one in errors)


def check_version(version: VersionRecord) -> None:
    """Refuse a version whose code is none of its kind, whose texts or values cannot be, or whose times run backwards."""
    code = version.item.code
    if kind_of(code) != version.item.__struct_config__.tag:
        raise refuse(
            f"versions[{code[:30]}]", gettext("„%(code)s“ ist kein Code dieser Art.") % {"code": code[:30]}
        )
    wrong = [Problem(f"versions[{code}].{field}", said) for _code, field, said in problems_of(version.item)]
    if wrong:
        raise refuse_all(wrong)
    ends = (version.valid_to and version.valid_to <= version.valid_from) or (
        version.superseded_at and version.superseded_at <= version.recorded_at
    )
    if ends:
        raise refuse(f"versions[{code}]", gettext("Das Ende liegt vor dem Beginn."))


def _row(version: VersionRecord, who: str) -> ItemVersion:
    return ItemVersion(
        code=version.item.code,
        kind=kind_of(version.item.code),
        body=encode(version.item).decode(),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        recorded_at=version.recorded_at,
        superseded_at=version.superseded_at,
        recorded_by=who,
        reason=version.reason[:20],
    )


def _edition(one: EditionRecord, who: str) -> Edition:
    return Edition(
        name=one.name,
        state=EditionState(one.state),
        valid_on=one.valid_on,
        known_at=one.known_at,
        note=one.note,
        council_paper=one.council_paper,
        council_date=one.council_date,
        council_link=one.council_link[:500],
        drafted_by=who,
        adopted_by=who,
        adopted_at=one.adopted_at,
        superseded_at=one.superseded_at,
    )
