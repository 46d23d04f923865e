"""People of the city's offices, and the printed strategy in the record.

Models can be imported only when Django is set up, which is after this file is read: hence the imports in the functions.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor


@pytest.fixture
def imported(db: None) -> None:
    """The city's printed strategy is in the record."""
    from stadt.apps.strategy.record.services import import_printed
    from stadt.core.people.actor import Actor

    import_printed(Actor.system("test"))


@pytest.fixture
def person(db: None) -> "Callable[..., Actor]":
    """`person("strategy.propose", …)` is somebody new who holds these permissions in the city, or in an organisation `at`."""
    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Membership, Organisation, Role, User
    from stadt.core.people.services import ensure_foundations
    from stadt.core.people.tree import get_city

    ensure_foundations()

    def make(*permissions: str, at: Organisation | None = None) -> Actor:
        number = User.objects.count() + 1
        user = User.objects.create_user(f"person{number}@stadt.example", name=f"Person {number}")
        role = Role.objects.create(
            key=f"role{number}", title=f"Rolle {number}", permissions=list(permissions)
        )
        Membership.objects.create(user=user, role=role, organisation=at or get_city())
        return Actor.for_user(user)

    return make
