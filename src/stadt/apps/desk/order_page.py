"""What a contractor sees of an order: place, description, photos and the notes meant for contractors; nothing of people and of what they answered."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.desk import photos
from stadt.apps.desk.case_page import Head
from stadt.apps.desk.rows import row_of
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import notes_of
from stadt.civic.cases.versions import type_of
from stadt.core.people.actor import Actor
from stadt.web.formats import day, moment


def order_context(actor: Actor, case: Case) -> dict[str, Any]:
    """The order for the contractor it was handed to. Messages, answers and contact data are not read at all."""
    case_type = type_of(case)
    row = row_of(case, case_type, timezone.localdate(), "desk:order")
    files = photos.photos_of_order(case, case_type)
    facts = [
        (gettext("Ort"), row.place),
        (gettext("Objekt"), case.asset),
        (gettext("eingegangen"), moment(case.received_at)),
        (gettext("eingeplant für"), day(case.planned_for) if case.planned_for else ""),
        (gettext("Frist"), day(case.due_at) if case.due_at else ""),
        (gettext("Team der Stadt"), row.team),
    ]
    return {
        "case": case,
        "head": Head(row, case_type),
        "facts": [(term, value) for term, value in facts if value],
        "navigation": "" if case.lon is None else f"geo:{case.lat:.6f},{case.lon:.6f}",
        "before": photos.before(files),
        "after": photos.after(files),
        "notes": [one for one in notes_of(actor, case) if one.for_contractor],
    }
