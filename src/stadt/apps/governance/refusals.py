"""How this app refuses: a sentence beside the field it is about, and the checks that several verbs share."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext

from stadt.apps.governance import strategy
from stadt.core.errors import FieldError, Invalid
from stadt.core.unseen import UNSEEN


def refuse(field: str, sentence: str) -> Invalid:
    """The refusal of one field."""
    return Invalid(sentence, fields=(FieldError(field, sentence),))


def checked_text(field: str, text: str, longest: int, *, needed: bool = True) -> str:
    """The text without space around it. Raises Invalid: missing, too long, or with characters nobody sees."""
    text = text.strip()
    if needed and not text:
        raise refuse(field, gettext("Diese Angabe fehlt."))
    if len(text) > longest:
        raise refuse(field, gettext("Höchstens %(most)d Zeichen.") % {"most": longest})
    if UNSEEN.search(text):
        raise refuse(field, gettext("Der Text enthält Zeichen, die kein Text sind."))
    return text


def checked_link(field: str, url: str) -> str:
    """An address that begins with http:// or https:// and carries no password, or nothing; only its form is looked at."""
    url = url.strip()
    if not url:
        return ""
    try:
        URLValidator(schemes=("http", "https"))(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        raise refuse(
            field, gettext("Das ist keine Adresse, die mit http:// oder https:// beginnt.")
        ) from None
    if parts.username is not None or parts.password is not None or len(url) > 500:
        raise refuse(field, gettext("Das ist keine Adresse, die mit http:// oder https:// beginnt."))
    return url


def checked_codes(field: str, codes: Iterable[str], *, most: int = 200) -> list[str]:
    """Codes that the strategy has, each once, in their order. Raises Invalid naming the first that is unknown."""
    found = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if len(found) > most:
        raise refuse(field, gettext("Das sind mehr als %(most)d.") % {"most": most})
    for code in found:
        if not strategy.has_code(code):
            raise refuse(field, gettext("„%(code)s“ gibt es in der Strategie nicht.") % {"code": code[:40]})
    return found
