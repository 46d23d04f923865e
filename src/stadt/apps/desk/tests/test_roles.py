"""The roles of the back office: made once, and left alone afterwards."""

import pytest

from stadt.apps.desk.roles import install_roles, templates
from stadt.core.people.actor import Actor
from stadt.core.people.models import Role, Setting
from stadt.core.people.services import ensure_foundations
from stadt.core.registry import registry

SYSTEM = Actor.system("test")
KEYS = [template.key for template in templates()]


@pytest.fixture
def empty(db: None) -> None:
    ensure_foundations()
    Role.objects.filter(key__in=KEYS).delete()
    Setting.objects.filter(key="desk.roles").delete()


def test_roles_allow_what_the_parts_declare() -> None:
    assert {key for one in templates() for key in one.permissions} <= set(registry.permissions)


@pytest.mark.usefixtures("empty")
def test_roles_are_made_once() -> None:
    assert install_roles(SYSTEM) == KEYS
    assert install_roles(SYSTEM) == []


@pytest.mark.usefixtures("empty")
def test_a_role_that_people_changed_or_removed_stays_so() -> None:
    install_roles(SYSTEM)
    Role.objects.filter(key=KEYS[0]).update(permissions=["cases.read"])
    Role.objects.filter(key=KEYS[1]).delete()
    install_roles(SYSTEM)
    assert Role.objects.get(key=KEYS[0]).permissions == ["cases.read"]
    assert not Role.objects.filter(key=KEYS[1]).exists()
