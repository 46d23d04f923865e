"""Corrections of a case: category, place, and what of its text is public."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access, journal, routing, versions
from stadt.civic.cases.events import CaseAssigned, CaseChanged
from stadt.civic.cases.models import Case
from stadt.civic.cases.people import Spot, clean_text, put_place, wrong
from stadt.civic.cases.rights import HANDLE, REDACT
from stadt.core.events import publish
from stadt.core.people.actor import Actor


@transaction.atomic
def change_category(
    actor: Actor, case_id: int, category: str, *, reroute: bool = True, revision: int | None = None
) -> Case:
    """Put a case into another category of its type: owner and deadline follow; the correction is kept in the history.

    Raises:
        NotFound, Forbidden: without `cases.handle`.
        Invalid: naming `category`.
        Conflict: another revision, or the case is anonymised.
    """
    case = access.lock_for(actor, HANDLE, case_id, revision)
    one, now = versions.type_of(case), timezone.now()
    chosen = one.find_category(category)
    if chosen is None or chosen.stops:
        raise wrong("category", gettext("gibt es nicht"))
    if category == case.category:
        return case
    before, owner = case.category, case.organisation_id
    names = routing.names_of(case, now)
    had_own_title = case.title != routing.title_of(one, names)
    case.category = category
    names = {**names, "category": category}
    if not had_own_title:
        case.title = routing.title_of(one, names)[:200]
    data = {"from": before, "to": category}
    if reroute:
        way = routing.route(one, names)
        case.organisation_id, case.priority = way.organisation_id, max(way.priority, case.priority)
        if owner != case.organisation_id:
            case.assignee_id = None
    journal.set_clock(case, one, journal.steps_of(case), now)
    journal.write(actor, case, "change_category", "recategorised", at=now, changes=data)
    publish(CaseChanged(case.pk, "category"))
    if owner != case.organisation_id:
        publish(CaseAssigned(case.pk))
    return case


@transaction.atomic
def change_place(actor: Actor, case_id: int, place: Spot, *, revision: int | None = None) -> Case:
    """Correct where it is. Raises as `change_category`, naming `place`."""
    case = access.lock_for(actor, HANDLE, case_id, revision)
    put_place(case, place, is_needed=True)
    data = {"district": case.district_id, "quarter": case.quarter_id}
    journal.write(actor, case, "change_place", "replaced", changes=data)
    publish(CaseChanged(case.pk, "place"))
    return case


@transaction.atomic
def release_text(actor: Actor, case_id: int, text: str, *, revision: int | None = None) -> Case:
    """Say what everybody may read of what was told (empty: nothing). Needs `cases.redact`.

    Raises:
        NotFound, Forbidden: without the right.
        Conflict: another revision, or the case is anonymised.
        Invalid: naming `text`, which the type never publishes or which is too long.
    """
    case = access.lock_for(actor, REDACT, case_id, revision)
    said = clean_text(text, "text")
    if said and versions.type_of(case).public.text_published == "never":
        raise wrong("text", gettext("wird bei dieser Art von Vorgang nie veröffentlicht"))
    case.published_text = said
    journal.write(actor, case, "release_text", "released", changes={"is_public": bool(said)})
    publish(CaseChanged(case.pk, "text"))
    return case
