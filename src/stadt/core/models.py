"""Where Django looks for core's tables."""

from stadt.core.people.models import (
    ApiToken,
    AuditEntry,
    AuditSeal,
    Membership,
    Organisation,
    Role,
    Setting,
    User,
)

__all__ = ["ApiToken", "AuditEntry", "AuditSeal", "Membership", "Organisation", "Role", "Setting", "User"]
