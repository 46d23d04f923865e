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
from stadt.core.shared_values import SharedValue

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditSeal",
    "Membership",
    "Organisation",
    "Role",
    "Setting",
    "SharedValue",
    "User",
]
