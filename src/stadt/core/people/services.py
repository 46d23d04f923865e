"""Writes about people: the default roles and the first administrator."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from stadt.core.audit import record
from stadt.core.city import current
from stadt.core.errors import Conflict, FieldError, Invalid
from stadt.core.identity.models import ProvidedRole
from stadt.core.manifest import Permission
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Membership, Organisation, Role, User

ADMINISTRATOR = "administrator"

MANAGE_PEOPLE = Permission("core.manage_people", gettext_noop("Rollen vergeben"))


@transaction.atomic
def ensure_foundations() -> None:
    """The city itself as an organisation and the administrator's role; run after every migration."""
    Organisation.objects.get_or_create(key="stadt", defaults={"name": f"Stadt {current().name}"})
    Role.objects.get_or_create(key=ADMINISTRATOR, defaults={"title": "Administration", "permissions": [ALL]})


@transaction.atomic
def create_administrator(actor: Actor, email: str, password: str) -> User:
    """The first account that may do everything.

    Raises:
        Invalid: when the address or the password is not acceptable, with the reason.
        Conflict: when an account with this address exists.
    """
    ensure_foundations()
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(
            gettext("Das ist keine E-Mail-Adresse."), fields=(FieldError("email", email),)
        ) from error
    if User.objects.filter(email=email).exists():
        raise Conflict(gettext("Ein Konto mit dieser E-Mail-Adresse gibt es schon."))
    try:
        validate_password(password)
    except ValidationError as error:
        raise Invalid(
            " ".join(error.messages), fields=(FieldError("password", gettext("nicht stark genug")),)
        ) from error
    user = User.objects.create_user(email=email, password=password)
    # Whoever may run commands on the machine vouches for the address: no mail server is needed to sign in first.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    grant_role(actor, user, ADMINISTRATOR, "stadt")
    record(actor, "create_administrator", f"user:{user.pk}")
    return user


@transaction.atomic
def grant_role(actor: Actor, user: User, role_key: str, organisation_key: str) -> Membership:
    """Let a person hold a role in an organisation; doing it twice changes nothing."""
    role, organisation = Role.objects.get(key=role_key), Organisation.objects.get(key=organisation_key)
    if actor.kind != "system":
        actor.require(MANAGE_PEOPLE, organisation.pk)
    membership, is_new = Membership.objects.get_or_create(user=user, role=role, organisation=organisation)
    if not is_new and not actor.identifier.startswith("provider:"):
        ProvidedRole.objects.filter(membership=membership).delete()  # now a hand gave it, and it stays
    if is_new:
        record(actor, "grant_role", f"user:{user.pk}", {"role": role_key, "organisation": organisation_key})
    return membership
