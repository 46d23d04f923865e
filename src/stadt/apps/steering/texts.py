"""What a text that people typed must be before it is kept."""

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.core.unseen import UNSEEN


def text_errors(
    field: str, text: str, most: int, *, needed: bool = True, lines: bool = True
) -> list[FieldError]:
    """What is wrong with a text of at most `most` characters; `lines`: whether it may have several."""
    if needed and not text.strip():
        return [FieldError(field, gettext("fehlt"))]
    if len(text) > most:
        return [FieldError(field, gettext("hat mehr als %(most)s Zeichen") % {"most": most})]
    if UNSEEN.search(text) or ("\n" in text and not lines):
        return [FieldError(field, gettext("enthält Zeichen, die kein Text sind"))]
    return []


def refuse(errors: list[FieldError]) -> None:
    """Raises Invalid when there is anything wrong."""
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))
