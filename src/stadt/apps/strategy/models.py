"""Tables of the strategy, gathered for Django from the packages that own them."""

from stadt.apps.strategy.teams.models import StaffCouncil, TeamMember, TeamPartner

__all__ = ["StaffCouncil", "TeamMember", "TeamPartner"]
