"""What happens by itself."""

from stadt.civic.cases.services.retention import keep_retention
from stadt.core.people.actor import Actor


def retention() -> None:
    """Every day: anonymise and delete what is due by its type."""
    keep_retention(Actor.system("job:cases.retention"))
