"""Install the role templates: new roles are made, untouched ones brought up to date, changed ones left and named."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction

from stadt.apps.governance.roles import Template, templates
from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.core.people.models import Role, Setting
from stadt.core.people.reach import require_in_city
from stadt.core.people.services import MANAGE_PEOPLE, change_role, create_role

INSTALLED = "governance.roles"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a role that somebody changed differs from its template."""

    key: str
    title: str
    added: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class Installation:
    """What installing did.

    Attributes:
        created: titles of the roles that are new.
        widened: title → permissions an untouched role got because a part that declares them came.
        narrowed: title → permissions an untouched role lost because its template no longer has them.
        left: roles that somebody changed by hand; they stay as they are.
        reset: titles of changed roles that were put back because that was asked for.
        unknown: permissions that no installed part declares; they were left out.
    """

    created: list[str] = field(default_factory=list)
    widened: dict[str, list[str]] = field(default_factory=dict)
    narrowed: dict[str, list[str]] = field(default_factory=dict)
    left: list[Difference] = field(default_factory=list)
    reset: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        return bool(self.created or self.widened or self.narrowed or self.reset)


@transaction.atomic
def install_roles(actor: Actor, reset: Collection[str] = ()) -> Installation:
    """Make the roles of the strategy; again without harm.

    A role is untouched while it allows exactly what the last installation gave it. One that somebody changed stays as it
    is and is named, unless its key is in `reset`.

    Raises:
        Forbidden: the actor does not manage people of the whole city, or lacks what a role allows.
    """
    require_in_city(actor, MANAGE_PEOPLE)
    kept, _new = Setting.objects.select_for_update().get_or_create(key=INSTALLED, defaults={"value": {}})
    given: dict[str, list[str]] = dict(kept.value)
    done = Installation(unknown=sorted({key for one in templates() for key in one.unknown}))
    for template in templates():
        _install(actor, template, given, done, is_reset=template.key in reset)
    if given != kept.value:
        kept.value = given
        kept.save(update_fields=["value"])
    if done.has_changed:
        changes = {"created": len(done.created), "widened": len(done.widened), "reset": sorted(reset)}
        record(actor, "install_roles", f"setting:{INSTALLED}", changes)
    return done


def plan_roles() -> list[Difference]:
    """The roles that somebody changed, as they differ from their templates now."""
    given = Setting.objects.filter(key=INSTALLED).values_list("value", flat=True).first() or {}
    held = {role.key: role for role in Role.objects.filter(key__in=[one.key for one in templates()])}
    return [
        difference_of(template, held[template.key])
        for template in templates()
        if template.key in held and _is_changed(held[template.key], given)
    ]


def _install(
    actor: Actor, template: Template, given: dict[str, list[str]], done: Installation, *, is_reset: bool
) -> None:
    wanted = sorted(template.known)
    role = Role.objects.filter(key=template.key).first()
    if role is None:
        create_role(actor, template.title, wanted, key=template.key)
        done.created.append(template.title)
    elif _is_changed(role, given) and not is_reset:
        if sorted(role.permissions) != wanted:
            done.left.append(difference_of(template, role))
            return
    elif sorted(role.permissions) != wanted:
        before = set(role.permissions)
        change_role(actor, role.key, role.title, wanted)
        if is_reset:
            done.reset.append(role.title)
        else:
            if added := sorted(set(wanted) - before):
                done.widened[role.title] = added
            if gone := sorted(before - set(wanted)):
                done.narrowed[role.title] = gone
    given[template.key] = wanted


def _is_changed(role: Role, given: dict[str, list[str]]) -> bool:
    """Whether it allows something else than we gave it; a role that was there before us is somebody's own."""
    return sorted(role.permissions) != given.get(role.key)


def difference_of(template: Template, role: Role) -> Difference:
    """What a role has more, and what it lacks, compared with its template."""
    wanted, has = set(template.known), set(role.permissions)
    return Difference(role.key, role.title, tuple(sorted(has - wanted)), tuple(sorted(wanted - has)))
