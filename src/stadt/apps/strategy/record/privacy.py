"""Personal data of the record: what somebody said about change requests, and which of them somebody began."""

from typing import Any

from stadt.apps.strategy.record.models import ChangeRequest, Comment
from stadt.core.people.models import User


def export(user: User) -> dict[str, Any]:
    """The person's contributions, and the requests begun."""
    who = f"user:{user.pk}"
    return {
        "comments": [
            {"request": one.request.title, "text": one.text, "said_at": one.said_at.isoformat()}
            for one in Comment.objects.filter(said_by=who).select_related("request").order_by("pk")
        ],
        "change_requests": [
            {"title": one.title, "reason": one.reason, "opened_at": one.opened_at.isoformat()}
            for one in ChangeRequest.objects.filter(opened_by=who).order_by("pk")
        ],
    }


def erase(user: User) -> None:
    """Take the person off the contributions; their words stay, because decisions rest on them.

    On requests and versions the number of the account stays: without it nobody could tell that four eyes decided.
    """
    Comment.objects.filter(said_by=f"user:{user.pk}").update(said_by="")
