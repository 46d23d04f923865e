"""The tree of organisations: growing, renaming, moving and removing its branches."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Membership, Organisation
from stadt.core.people.reach import MANAGE_PEOPLE, require_in_city
from stadt.core.people.services.memberships import get_organisation
from stadt.core.people.tree import CITY, find_circle

LONGEST_NAME = 200


@transaction.atomic
def create_organisation(actor: Actor, name: str, parent_key: str, key: str = "") -> Organisation:
    """A new organisation below another; `key` is made from the name when none is given.

    Raises:
        Forbidden: the actor does not manage people in the one above.
        NotFound: there is none above.
        Invalid: naming `name` or `key`.
    """
    parent = get_organisation(parent_key)
    actor.require(MANAGE_PEOPLE, parent.pk)
    name = _name(name)
    key = key or _free_key(name)
    if not key or slugify(key) != key or len(key) > 50:
        raise _refuse("key", gettext("Die Kennung hat kleine Buchstaben, Ziffern und Bindestriche."))
    if Organisation.objects.filter(key=key).exists():
        raise _refuse("key", gettext("Eine Organisation mit dieser Kennung gibt es schon."))
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(key=key, name=name, parent=parent)
    except IntegrityError:  # somebody else made it between the question and now
        raise _refuse("key", gettext("Eine Organisation mit dieser Kennung gibt es schon.")) from None
    record(actor, "create_organisation", f"organisation:{organisation.pk}", {"key": key, "parent": parent.pk})
    return organisation


@transaction.atomic
def rename_organisation(actor: Actor, key: str, name: str) -> Organisation:
    """Give an organisation another name; its key stays. Raises Forbidden, NotFound, Invalid naming `name`."""
    organisation = get_organisation(key)
    actor.require(MANAGE_PEOPLE, organisation.pk)
    name = _name(name)
    if name != organisation.name:
        organisation.name = name
        organisation.save(update_fields=["name"])
        record(actor, "rename_organisation", f"organisation:{organisation.pk}")
    return organisation


@transaction.atomic
def move_organisation(actor: Actor, key: str, parent_key: str) -> Organisation:
    """Hang an organisation with all below it under another; rights follow the tree at once.

    The actor manages people where it was, itself included, and where it comes to: else a branch could be pulled out of
    others' sight, or into one's own.

    Raises:
        Forbidden: the actor does not manage people in all three, or it is the city itself.
        NotFound: no such organisation.
        Invalid: naming `parent`, when the new place lies inside the moved branch.
    """
    # All rows: two moves at the same time could each be right and close a circle together.
    rows = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    parents = dict(rows.values_list("pk", "parent_id"))
    organisation, parent = get_organisation(key), get_organisation(parent_key)
    if organisation.key == CITY:
        raise Forbidden(gettext("Die Stadt selbst steht ganz oben und bleibt dort."))
    before = organisation.parent_id
    if before is None:
        require_in_city(actor, MANAGE_PEOPLE)  # a partner that stood beside the city
    else:
        actor.require(MANAGE_PEOPLE, before)
        actor.require(MANAGE_PEOPLE, organisation.pk)
    actor.require(MANAGE_PEOPLE, parent.pk)
    if find_circle(parents, organisation.pk, parent.pk):
        raise _refuse("parent", gettext("Eine Organisation kann nicht unter sich selbst stehen."))
    if before != parent.pk:
        organisation.parent = parent
        organisation.save(update_fields=["parent"])
        changes = {"from": before, "to": parent.pk}
        record(actor, "move_organisation", f"organisation:{organisation.pk}", changes)
    return organisation


@transaction.atomic
def remove_organisation(actor: Actor, key: str) -> None:
    """Remove an organisation that nothing and nobody belongs to.

    Raises:
        Forbidden: the actor does not manage people in the one above, or it is the city itself.
        Conflict: it still has organisations below it, people, tokens, or things.
    """
    organisation = get_organisation(key)
    if organisation.key == CITY:
        raise Forbidden(gettext("Die Stadt selbst lässt sich nicht entfernen."))
    if organisation.parent_id is None:
        require_in_city(actor, MANAGE_PEOPLE)
    else:
        actor.require(MANAGE_PEOPLE, organisation.parent_id)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    people = Membership.objects.not_over().filter(organisation=organisation)
    tokens = ApiToken.objects.filter(organisation=organisation, revoked_at=None)
    if people.exists() or tokens.exists():
        raise Conflict(gettext("Hier haben noch Menschen eine Rolle oder Maschinen ein Token."))
    pk = organisation.pk
    try:
        with transaction.atomic():
            organisation.delete()
    except ProtectedError as error:
        raise Conflict(gettext("Zu dieser Organisation gehört noch etwas.")) from error
    record(actor, "remove_organisation", f"organisation:{pk}", {"key": key})


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise _refuse("name", gettext("Die Organisation braucht einen Namen mit höchstens 200 Zeichen."))
    return name


def _free_key(name: str) -> str:
    base = (
        slugify(name.lower().translate({228: "ae", 246: "oe", 252: "ue", 223: "ss"}))[:44] or "organisation"
    )
    taken = set(Organisation.objects.filter(key__startswith=base).values_list("key", flat=True))
    number, key = 2, base
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields=(FieldError(field, sentence),))
