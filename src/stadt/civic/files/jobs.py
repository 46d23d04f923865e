"""What runs by itself: the sweep and the scanner's second look."""

from stadt.civic.files import services
from stadt.core.people.actor import Actor


def sweep() -> None:
    """Delete what nobody attached and what no row names."""
    actor = Actor.system("job:files.sweep")
    services.forget_waiting(actor)
    services.sweep(actor)


def scan() -> None:
    """Show the scanner what it has not seen yet."""
    services.scan_waiting(Actor.system("job:files.scan"))
