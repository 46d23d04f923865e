"""Where Django looks for core's tables."""

from stadt.core.identity.models import ProvidedRole
from stadt.core.people.models import (
    ApiToken,
    AuditEntry,
    AuditSeal,
    Deputyship,
    Invitation,
    Membership,
    Organisation,
    Role,
    Setting,
    User,
)
from stadt.core.runs import JobRun
from stadt.core.shared_values import SharedValue
from stadt.core.traffic import TrafficHour

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditSeal",
    "Deputyship",
    "Invitation",
    "JobRun",
    "Membership",
    "Organisation",
    "ProvidedRole",
    "Role",
    "Setting",
    "SharedValue",
    "TrafficHour",
    "User",
]
