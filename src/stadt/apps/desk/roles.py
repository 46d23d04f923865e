"""The roles of the back office, made once as templates; what people change of them afterwards stays theirs."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction

from stadt.core.people.actor import Actor
from stadt.core.people.models import Role, Setting
from stadt.core.people.services import create_role

FILE = Path(__file__).with_name("roles.toml")
INSTALLED = "desk.roles"
HANDLER, LEAD, CONTRACTOR = "case-handler", "case-lead", "case-contractor"


@dataclass(frozen=True, slots=True)
class Template:
    """A role as the file has it."""

    key: str
    title: str
    permissions: tuple[str, ...]


@cache
def templates() -> tuple[Template, ...]:
    """All templates, in the file's order."""
    with FILE.open("rb") as file:
        return tuple(
            Template(one["key"], one["title"], tuple(one["permissions"]))
            for one in tomllib.load(file)["role"]
        )


@transaction.atomic
def install_roles(actor: Actor) -> list[str]:
    """Make the roles that were never made; one that was removed by people does not come back. Gives their keys."""
    kept, _is_new = Setting.objects.select_for_update().get_or_create(key=INSTALLED, defaults={"value": []})
    known = set(kept.value)
    made = []
    for template in templates():
        if template.key not in known and not Role.objects.filter(key=template.key).exists():
            create_role(actor, template.title, template.permissions, key=template.key)
            made.append(template.key)
    wanted = sorted(known | {template.key for template in templates()})
    if wanted != kept.value:
        kept.value = wanted
        kept.save(update_fields=["value"])
    return made
