"""What the tests of the dialogue share: mails in memory, forms as people send them, somebody who answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.signing import TimestampSigner, b62_encode
from django.test import Client
from django.utils import timezone


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Any]:
    """Mails are kept in memory; each test starts with a fresh pace."""
    from stadt.apps.dialogue import views
    from stadt.hub.datasets.pacing import Pace

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(views, "forms_pace", Pace(burst=5, per_second=0.001))
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def measure() -> str:
    """Code of a measure that is to move an indicator."""
    from stadt.apps.strategy.public import codes_below

    return next(code for code in measures() if codes_below(code))


def measures() -> list[str]:
    """Codes of all measures. Models can be imported only when Django is set up, which is after this file is read."""
    from stadt.apps.strategy.public import codes_below, list_themes

    return [code for theme in list_themes() for code in codes_below(theme.code) if code.startswith("M-")]


@pytest.fixture
def filled() -> Callable[..., dict[str, str]]:
    """A form as a person sends it: some minutes after it was opened."""

    def fill(kind: str, **fields: str) -> dict[str, str]:
        signer = TimestampSigner(salt=f"dialogue.{kind}")
        signer.timestamp = lambda: b62_encode(  # type: ignore[method-assign]
            int(timezone.now().timestamp()) - 120
        )
        return {"started": signer.sign("form"), **fields}

    return fill


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser signed in as administrator."""
    from stadt.core.people.actor import Actor
    from stadt.core.people.services import create_administrator

    person = create_administrator(Actor.system("test"), "chef@stadt.example", "Viele-Sensoren-3000")
    client.force_login(person)
    return client
