"""What runs by itself: news to subscribers, what became of mails, and what is forgotten."""

from stadt.civic.messages import services
from stadt.core.people.actor import Actor


def send() -> None:
    """Send subscribers what is due."""
    services.send_due(Actor.system("job:messages.send"))


def follow() -> None:
    """See what became of mails on their way, and which came back."""
    actor = Actor.system("job:messages.follow")
    services.follow_deliveries(actor)
    services.read_bounces(actor)


def forget() -> None:
    """Forget what was not confirmed and what is old."""
    services.forget_due(Actor.system("job:messages.forget"))
