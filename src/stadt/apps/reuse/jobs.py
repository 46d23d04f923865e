"""What happens by itself."""

from stadt.apps.reuse.services import forget_due
from stadt.core.people.actor import Actor


def forget() -> None:
    """Every day: forget addresses and proposals that are not needed any more."""
    forget_due(Actor.system("job:reuse.forget"))
