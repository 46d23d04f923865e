"""What a text or address from outside has to be before it is kept."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.core.unseen import UNSEEN

LONGEST_ADDRESS = 254


def check_text(field: str, text: str, most: int, *, needed: bool = True) -> list[FieldError]:
    """What is wrong with a text of at most `most` characters."""
    text = text.strip()
    if not text:
        return [FieldError(field, gettext("fehlt"))] if needed else []
    if len(text) > most:
        return [FieldError(field, gettext("hat mehr als %(most)s Zeichen") % {"most": most})]
    if UNSEEN.search(text):
        return [FieldError(field, gettext("enthält Zeichen, die kein Text sind"))]
    return []


def check_address(email: str, *, needed: bool) -> list[FieldError]:
    """What is wrong with an e-mail address."""
    email = email.strip()
    if not email:
        return [FieldError("email", gettext("fehlt"))] if needed else []
    try:
        validate_email(email)
    except ValidationError:
        return [FieldError("email", gettext("ist keine E-Mail-Adresse"))]
    if len(email) > LONGEST_ADDRESS:
        return [FieldError("email", gettext("ist keine E-Mail-Adresse"))]
    return []


def refuse(errors: Sequence[FieldError]) -> None:
    """Raises Invalid when something is wrong."""
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))
