"""The door to the inbox on the account's page."""

from typing import Any

from django.http import HttpRequest

from stadt.civic.messages.queries import count_unread
from stadt.core.people.access import actor_of


def inbox_door(request: HttpRequest) -> dict[str, Any]:
    """How many messages wait."""
    user_id = actor_of(request).user_id
    return {"unread": count_unread(user_id) if user_id is not None else 0}
