"""Work of the app's worker."""

from stadt.apps.services import services


def send_link(*, reference: str, email: str, language: str = "de") -> None:
    """Answer somebody who asked for a new link, away from the page, so that its time tells nothing."""
    services.send_link(reference, email, language)
