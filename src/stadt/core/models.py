"""Where Django looks for core's tables."""

from stadt.core.people.models import ApiToken, AuditEntry, Membership, Organisation, Role, Setting, User

__all__ = ["ApiToken", "AuditEntry", "Membership", "Organisation", "Role", "Setting", "User"]
