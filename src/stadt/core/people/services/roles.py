"""Roles as sets of permissions: made, changed and removed for the whole house."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid
from stadt.core.german import german_slug
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Membership, Role
from stadt.core.people.reach import MANAGE_PEOPLE, require_in_city
from stadt.core.people.services.accounts import ADMINISTRATOR
from stadt.core.people.services.memberships import get_role
from stadt.core.people.tree import get_city
from stadt.core.registry import registry

LONGEST_TITLE = 200


@transaction.atomic
def create_role(actor: Actor, title: str, permissions: Iterable[str], key: str = "") -> Role:
    """A new role; `key` is made from the title when none is given.

    Raises:
        Forbidden: the actor does not manage people of the whole city, or gives away what it does not hold.
        Invalid: naming `title`, `key` or `permissions`.
    """
    require_in_city(actor, MANAGE_PEOPLE)
    wanted = _checked(actor, permissions, before=frozenset())
    title = _title(title)
    key = key or german_slug(title)[:50].strip("-")
    if not key or slugify(key) != key or len(key) > 50:
        raise _refuse("key", gettext("Die Kennung hat kleine Buchstaben, Ziffern und Bindestriche."))
    if Role.objects.filter(key=key).exists():
        raise _refuse("title", gettext("Eine Rolle mit diesem Namen gibt es schon."))
    try:
        with transaction.atomic():
            role = Role.objects.create(key=key, title=title, permissions=sorted(wanted))
    except IntegrityError:  # somebody else made it between the question and now
        raise _refuse("title", gettext("Eine Rolle mit diesem Namen gibt es schon.")) from None
    record(actor, "create_role", f"role:{role.key}", {"permissions": role.permissions})
    return role


@transaction.atomic
def change_role(actor: Actor, key: str, title: str, permissions: Iterable[str]) -> Role:
    """Rename a role and set what it allows, at once for everybody who holds it.

    Raises:
        Forbidden: the actor does not manage people of the whole city, gives or takes what it does not hold, or it is
            the administrator's role.
        Invalid: naming `title` or `permissions`.
        NotFound: no such role.
    """
    require_in_city(actor, MANAGE_PEOPLE)
    role = get_role(key)
    _refuse_built_in(role)
    before = frozenset(role.permissions)
    wanted = _checked(actor, permissions, before)
    role.title, role.permissions = _title(title), sorted(wanted)
    role.save(update_fields=["title", "permissions"])
    changes = {"added": sorted(wanted - before), "removed": sorted(before - wanted)}
    record(actor, "change_role", f"role:{key}", changes)
    return role


@transaction.atomic
def remove_role(actor: Actor, key: str) -> None:
    """Remove a role that nobody holds. Raises Forbidden, NotFound, and Conflict while somebody holds it."""
    require_in_city(actor, MANAGE_PEOPLE)
    role = Role.objects.select_for_update().filter(pk=get_role(key).pk).get()
    _refuse_built_in(role)
    _checked(actor, (), frozenset(role.permissions))
    if Membership.objects.not_over().filter(role=role).exists():
        raise Conflict(gettext("Diese Rolle hat noch jemand. Beenden Sie erst alle Zugehörigkeiten."))
    role.delete()
    record(actor, "remove_role", f"role:{key}")


def _checked(actor: Actor, permissions: Iterable[str], before: frozenset[str]) -> frozenset[str]:
    """The permissions, all known, and each that comes or goes held by the actor by own right in the city."""
    wanted = frozenset(permissions)
    known = set(registry.permissions)
    for key in sorted(wanted - before):
        if key != ALL and key not in known:
            raise _refuse("permissions", gettext("Das Recht „%(key)s“ gibt es nicht.") % {"key": key})
    if actor.kind == "system":
        return wanted
    city = get_city().pk
    # What no app declares any more gives nothing: everybody may take it out.
    changed = {key for key in wanted ^ before if key == ALL or key in known}
    if missing := sorted(key for key in changed if not actor.can_give(key, city)):
        raise Forbidden(
            gettext("Sie können nur Rechte geben und nehmen, die Sie selbst haben: %(keys)s.")
            % {"keys": ", ".join(missing)}
        )
    return wanted


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise _refuse("title", gettext("Die Rolle braucht einen Namen mit höchstens 200 Zeichen."))
    return title


def _refuse_built_in(role: Role) -> None:
    if role.key == ADMINISTRATOR:
        raise Forbidden(gettext("Die Rolle „Administration“ gehört zum Haus: sie bleibt, wie sie ist."))


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields=(FieldError(field, sentence),))
