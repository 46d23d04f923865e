"""Personal data: what people answer in forms, unfinished and sent."""

from typing import Any

from django.utils.translation import gettext_noop as _

from stadt.civic.forms.attachments import erase_draft_files
from stadt.civic.forms.models import Draft, Submission
from stadt.core.people.models import User

PERSONAL = {"Draft": ("answers", "prefilled", "user"), "Submission": ("answers", "user")}

WORDS = {
    "drafts": _("Begonnene Formulare"),
    "submissions": _("Abgesendete Formulare"),
    "form": _("Formular"),
    "answers": _("Angaben im Formular"),
    "started_at": _("begonnen"),
    "submitted_at": _("abgesendet"),
}


def export(user: User) -> dict[str, Any]:
    """Drafts and submissions that the person made while signed in."""
    drafts = Draft.objects.select_related("version").filter(user=user, submission=None).order_by("pk")
    sent = Submission.objects.select_related("version").filter(user=user).order_by("pk")
    return {
        "drafts": [
            {"form": item.version.title, "started_at": item.started_at.isoformat(), "answers": item.answers}
            for item in drafts
        ],
        "submissions": [
            {
                "form": item.version.title,
                "submitted_at": item.submitted_at.isoformat(),
                "answers": item.answers,
            }
            for item in sent
        ],
    }


def erase(user: User) -> None:
    """Drafts go. What was sent belongs to a case of the city and goes with the case's retention; it loses the account."""
    for draft in Draft.objects.filter(user=user):
        erase_draft_files(draft)
        draft.delete()
    Submission.objects.filter(user=user).update(user=None)
