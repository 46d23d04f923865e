"""What a person gets of a case to keep: what was told, what was answered, and what happened, as JSON takes it."""

from typing import Any

from stadt.apps.services.offers import language
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import files_for_reporter, public_history
from stadt.civic.cases.versions import type_of
from stadt.civic.forms.queries import get_submission
from stadt.civic.messages.queries import thread_of


def own_data(case: Case) -> dict[str, Any]:
    """Nothing internal: no notes, nobody's name of the office, no other person."""
    one = type_of(case)
    submission = get_submission(case.submission_id) if case.submission_id else None
    return {
        "reference": case.reference,
        "service": one.translated("title", language()),
        "title": case.title,
        "category": case.category,
        "face": case.face,
        "received_at": case.received_at,
        "planned_for": case.planned_for,
        "closed_at": case.closed_at,
        "place": {"lon": case.lon, "lat": case.lat, "address": case.address}
        if case.lon is not None
        else None,
        "text": case.text,
        "answers": submission.answers if submission else {},
        "form": submission.version.key if submission else "",
        "form_version": submission.version.number if submission else None,
        "sha256": bytes(submission.digest).hex() if submission else "",
        "salt": bytes(submission.salt).hex() if submission else "",
        "files": [
            {"id": item.pk, "name": item.name, "sha256": item.sha256} for item in files_for_reporter(case)
        ],
        "history": [
            {
                "at": step.at,
                "face": step.face,
                "title": step.title,
                "text": step.text,
                "reason": step.reason,
                "planned_for": step.planned_for,
            }
            for step in public_history(case)
        ],
        "messages": [
            {"at": letter.message.at, "from": letter.message.author_kind, "text": letter.message.text}
            for letter in thread_of(case.subject)
        ],
    }
