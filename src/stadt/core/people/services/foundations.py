"""What every installation begins with: the city as an organisation, its administrator's role, and the first administrator."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.city import current
from stadt.core.errors import Conflict, FieldError, Invalid
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Organisation, Role, User
from stadt.core.people.services.accounts import ADMINISTRATOR
from stadt.core.people.services.memberships import grant_role
from stadt.core.people.tree import CITY


@transaction.atomic
def ensure_foundations() -> None:
    """The city itself as an organisation and the administrator's role; run after every migration."""
    Organisation.objects.get_or_create(key=CITY, defaults={"name": f"Stadt {current().name}"})
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
    grant_role(actor, user, ADMINISTRATOR, CITY)
    record(actor, "create_administrator", f"user:{user.pk}")
    return user
