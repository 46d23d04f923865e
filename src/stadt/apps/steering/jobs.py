"""What happens by itself: looking for causes, handing on what nobody answered, and one mail for each person."""

from django.utils import timezone

from stadt.apps.steering import services
from stadt.apps.steering.lines import today
from stadt.apps.steering.world import gather
from stadt.core.people.actor import Actor


def sweep() -> None:
    """Every day, and whenever values or the strategy changed: raise what is new, clear what is gone."""
    services.sweep_warnings(Actor.system("job:steering.sweep"), gather())


def climb() -> None:
    """Every day: hand on the warnings that nobody answered in time."""
    services.climb_due(Actor.system("job:steering.climb"), today())


def write_mails() -> None:
    """Every hour: one mail to each person whom warnings wait for, in office hours and at most one a day."""
    services.send_digests(Actor.system("job:steering.mails"), timezone.now())
