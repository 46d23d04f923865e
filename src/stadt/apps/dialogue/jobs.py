"""What happens by itself."""

from stadt.apps.dialogue.services import news, subscriptions
from stadt.core.people.actor import Actor


def send() -> None:
    """Every day: mail to those who subscribed and whose pause is over."""
    subscriptions.send_news(Actor.system("job:dialogue.send"))


def forget() -> None:
    """Every day: forget addresses and texts that are not needed any more."""
    news.forget_old(Actor.system("job:dialogue.forget"))
