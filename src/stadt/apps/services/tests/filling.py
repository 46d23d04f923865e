"""What the tests fill in, and where."""

from collections.abc import Callable
from pathlib import Path

from django.test import Client

from stadt.civic.cases.catalogue import CaseType
from stadt.core.people.actor import Actor

DATA = Path(__file__).parent / "data"
SYSTEM = Actor.system("test")
NOBODY = Actor.anonymous()
Offer = Callable[[Path], CaseType]


def step_url(secret: str, step: str = "") -> str:
    return f"/dienste/kleingarten/antrag/{secret}/{step + '/' if step else ''}"


WISH = {"size": "120"}
PERSON = {
    "applicant.given_name": "Ada",
    "applicant.family_name": "Muster",
    "email": "ada@example.org",
    "rules": "yes",
}


def fill_in(client: Client, secret: str, **person: str) -> None:
    """Answer every step."""
    assert client.post(step_url(secret, "wish"), WISH).status_code == 302
    assert client.post(step_url(secret, "person"), {**PERSON, **person}).status_code == 302


def send(client: Client, secret: str, **person: str) -> str:
    """Answer every step and send; gives the address of the case."""
    fill_in(client, secret, **person)
    answer = client.post(step_url(secret), {"tat": "senden"})
    assert answer.status_code == 302
    return str(answer["Location"]).removesuffix("beleg/")
