"""Tables of the strategy, gathered for Django from the packages that own them."""

from stadt.apps.strategy.record.models import Change, ChangeRequest, Comment, Edition, ItemVersion
from stadt.apps.strategy.teams.models import StaffCouncil, TeamMember, TeamPartner

__all__ = [
    "Change",
    "ChangeRequest",
    "Comment",
    "Edition",
    "ItemVersion",
    "StaffCouncil",
    "TeamMember",
    "TeamPartner",
]
