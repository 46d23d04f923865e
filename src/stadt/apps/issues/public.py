"""What other apps may ask: reports as everybody may see them."""

from stadt.apps.issues.shown.queries import (
    Issue,
    IssuePage,
    IssueQuery,
    find_public,
    list_public,
    public_since,
)

__all__ = ["Issue", "IssuePage", "IssueQuery", "find_public", "list_public", "public_since"]
