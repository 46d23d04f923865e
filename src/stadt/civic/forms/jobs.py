"""What happens by itself."""

from stadt.civic.forms.services import forget_old_drafts
from stadt.core.people.actor import Actor


def forget() -> None:
    """Every day: delete drafts whose time is over."""
    forget_old_drafts(Actor.system("job:forms.forget"))
