"""Sector strategies and how they go with the strategy (R-08), and statements of the advisory board (R-12)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AlignmentState, BodyKind
from stadt.apps.governance.models import Alignment, SectorStrategy, Statement
from stadt.apps.governance.queries.bodies import body_of_kind
from stadt.apps.governance.refusals import checked_codes, checked_link, checked_text, refuse
from stadt.apps.governance.rights import ALIGN, GIVE_STATEMENT, PREPARE
from stadt.core.audit import record
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation


@transaction.atomic
def link_sector(
    actor: Actor,
    organisation_key: str,
    title: str,
    codes: list[str],
    url: str = "",
    *,
    is_example: bool = False,
) -> SectorStrategy:
    """Link an office's own strategy with fields of action and measures; each waits for its alignment.

    Raises:
        Forbidden: without `governance.align` in that organisation.
        Invalid: naming `organisation`, `title`, `codes` or `url`.
    """
    organisation = Organisation.objects.filter(key=organisation_key).first()
    if organisation is None:
        actor.require(ALIGN)
        raise refuse("organisation", gettext("Diese Organisation gibt es nicht."))
    actor.require(ALIGN, organisation.pk)
    wanted = _alignable("codes", codes)
    sector = SectorStrategy.objects.create(
        title=checked_text("title", title, 200),
        organisation=organisation,
        url=checked_link("url", url),
        is_example=is_example,
    )
    Alignment.objects.bulk_create([Alignment(sector=sector, code=code) for code in wanted])
    record(actor, "link_sector", f"sector:{sector.pk}", {"organisation": organisation.key, "codes": wanted})
    return sector


@transaction.atomic
def confirm_alignment(actor: Actor, sector_id: int, code: str, state: str, note: str = "") -> Alignment:
    """Say how a sector strategy goes with a field of action or measure; a conflict needs its note.

    Raises:
        Forbidden: without `governance.align` in the sector's organisation.
        NotFound: no such sector strategy.
        Invalid: naming `code`, `state` or `note`.
    """
    sector = SectorStrategy.objects.select_for_update().filter(pk=sector_id).first()
    if sector is None:
        raise NotFound(gettext("Diese Fachstrategie gibt es nicht."))
    actor.require(ALIGN, sector.organisation_id)
    if state not in AlignmentState.values:
        raise refuse("state", gettext("Diese Auswahl gibt es nicht."))
    [known] = _alignable("code", [code]) or [""]
    if not known:
        raise refuse("code", gettext("Diese Angabe fehlt."))
    is_open = state == AlignmentState.OPEN
    kept, _new = Alignment.objects.update_or_create(
        sector=sector,
        code=known,
        defaults={
            "state": state,
            "note": checked_text("note", note, 1000, needed=state == AlignmentState.CONFLICT),
            "confirmed_by_id": None if is_open else actor.user_id,
            "confirmed_at": None if is_open else timezone.now(),
        },
    )
    record(actor, "confirm_alignment", f"sector:{sector_id}", {"code": known, "state": state})
    return kept


@transaction.atomic
def give_statement(
    actor: Actor,
    edition: str,
    title: str,
    text: str,
    given_on: date | None = None,
    *,
    is_example: bool = False,
) -> Statement:
    """Give the advisory board's statement on an edition of the strategy. It advises and approves nothing (R-12).

    Raises:
        Forbidden: without `governance.give_statement`.
        NotFound: the city has no advisory board.
        Invalid: naming `edition`, `title`, `text` or `given_on`.
    """
    actor.require(GIVE_STATEMENT)
    body = body_of_kind(BodyKind.ADVISORY_BOARD)
    if body is None:
        raise NotFound(gettext("Ein Beirat ist nicht eingerichtet."))
    if edition not in strategy.editions():
        raise refuse("edition", gettext("Diese Fassung der Strategie gibt es nicht."))
    today = timezone.localdate()
    if given_on is not None and given_on > today:
        raise refuse("given_on", gettext("Dieser Tag liegt in der Zukunft."))
    statement = Statement.objects.create(
        body=body,
        edition=edition,
        title=checked_text("title", title, 200),
        text=checked_text("text", text, 20_000),
        given_on=given_on or today,
        given_by_id=actor.user_id,
        is_example=is_example,
    )
    record(actor, "give_statement", f"statement:{statement.pk}", {"edition": edition})
    return statement


@transaction.atomic
def publish_statement(actor: Actor, pk: int) -> Statement:
    """Let everybody read a statement. Raises Forbidden: without `governance.prepare`; NotFound."""
    actor.require(PREPARE)
    statement = Statement.objects.select_for_update().filter(pk=pk).first()
    if statement is None:
        raise NotFound(gettext("Diese Stellungnahme gibt es nicht."))
    if not statement.is_public:
        statement.is_public = True
        statement.save(update_fields=["is_public"])
        record(actor, "publish_statement", f"statement:{pk}")
    return statement


def _alignable(field: str, codes: list[str]) -> list[str]:
    found = checked_codes(field, codes)
    for code in found:
        if not code.startswith(("HF-", "M-", "LT-")):
            raise refuse(
                field, gettext("„%(code)s“ ist kein Handlungsfeld und keine Maßnahme.") % {"code": code}
            )
    return found
