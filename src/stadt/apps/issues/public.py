"""What other apps may ask: reports as everybody may see them, what can be reported, and the one verb that reports."""

from stadt.apps.issues.reporting.limits import LONGEST_TEXT
from stadt.apps.issues.reporting.offers import Offer, list_offers
from stadt.apps.issues.reporting.services import Report, owner_of, report_issue
from stadt.apps.issues.shown.queries import (
    Issue,
    IssuePage,
    IssueQuery,
    PublicStep,
    StepKey,
    find_public,
    list_public,
    list_rows,
    list_steps,
)

__all__ = [
    "LONGEST_TEXT",
    "Issue",
    "IssuePage",
    "IssueQuery",
    "Offer",
    "PublicStep",
    "Report",
    "StepKey",
    "find_public",
    "list_offers",
    "list_public",
    "list_rows",
    "list_steps",
    "owner_of",
    "report_issue",
]
