"""Personal data of the bodies' work: seats, signatures, and who prepared, answered, told or released something."""

from typing import Any

from django.utils.translation import gettext_noop as _

from stadt.apps.governance.models import (
    Alignment,
    ChecklistAnswer,
    Draft,
    GateReason,
    Idea,
    Meeting,
    Seat,
    Signature,
    Statement,
    SurveyRound,
)
from stadt.core.people.models import User

PERSONAL = {
    "Seat": ("user",),
    "Signature": ("user", "name"),
    "Draft": ("prepared_by",),
    "ChecklistAnswer": ("answered_by",),
    "GateReason": ("given_by",),
    "SurveyRound": ("opened_by", "collected_by", "frozen_by"),
    "Meeting": ("released_by",),
    "Idea": ("told_by", "answered_by"),
    "Alignment": ("confirmed_by",),
    "Statement": ("given_by",),
}

WORDS = {
    "seats": _("Sitze in Gremien"),
    "body": _("Gremium"),
    "role": _("Rolle"),
    "since": _("seit"),
    "until": _("bis"),
    "signatures": _("Unterzeichnete Beschlüsse"),
    "decision": _("Nummer des Beschlusses"),
    "name": _("Name"),
    "signed_at": _("unterzeichnet"),
    "ideas": _("Ideen und Hindernisse"),
    "title": _("Titel"),
    "text": _("Text"),
    "told_at": _("mitgeteilt"),
    "contributions": _("Weitere Beiträge"),
    "kind": _("Art"),
    "at": _("am"),
}

# What stays as a fact without its person: table, field of the person, field of the moment, word.
BY_PERSON = (
    (Draft, "prepared_by", "changed_at", "draft"),
    (ChecklistAnswer, "answered_by", "answered_at", "checklist_answer"),
    (GateReason, "given_by", "given_at", "gate_reason"),
    (SurveyRound, "opened_by", "opened_at", "round_opened"),
    (SurveyRound, "collected_by", "opened_at", "round_collected"),
    (SurveyRound, "frozen_by", "frozen_at", "round_frozen"),
    (Meeting, "released_by", "released_at", "minutes_released"),
    (Idea, "answered_by", "answered_at", "idea_answered"),
    (Alignment, "confirmed_by", "confirmed_at", "alignment"),
    (Statement, "given_by", "given_on", "statement"),
)


def export(user: User) -> dict[str, Any]:
    """Seats, signatures, what the person told, and which other facts carry the person's account."""
    return {
        "seats": [
            {
                "body": row.body.name,
                "role": str(row.get_role_display()),
                "since": row.since.isoformat(),
                "until": row.until.isoformat() if row.until else None,
            }
            for row in Seat.objects.filter(user=user).select_related("body").order_by("pk")
        ],
        "signatures": [
            {
                "decision": row.decision_id,
                "name": row.name,
                "role": row.role,
                "signed_at": row.signed_at.isoformat(),
            }
            for row in Signature.objects.filter(user=user).order_by("pk")
        ],
        "ideas": [
            {"title": row.title, "text": row.text, "told_at": row.told_at.isoformat()}
            for row in Idea.objects.filter(told_by=user).order_by("pk")
        ],
        "contributions": [
            {"kind": word, "at": moment.isoformat() if moment else None}
            for model, field, at, word in BY_PERSON
            for moment in model.objects.filter(**{field: user}).order_by("pk").values_list(at, flat=True)
        ],
    }


def erase(user: User) -> None:
    """Take seats away, and the person off everything that stays as the city's record.

    Of a signature the role and the moment stay: who decides for the city is known by the office, not by the name.
    """
    Seat.objects.filter(user=user).delete()
    Signature.objects.filter(user=user).update(user=None, name="")
    Idea.objects.filter(told_by=user).update(told_by=None)
    for model, field, _at, _word in BY_PERSON:
        model.objects.filter(**{field: user}).update(**{field: None})
