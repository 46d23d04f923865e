"""Templates of messages: text with `{placeholders}` from a declared list. No code, no attributes, no formats."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid

PLACEHOLDER = re.compile(r"\{([^{}\n]{0,60})\}")
LONGEST_TEXT = 10_000
LONGEST_TITLE = 200
KEPT_CONTROLS = frozenset("\n\t")


def placeholders_of(text: str) -> list[str]:
    """What stands in braces, in its order."""
    return PLACEHOLDER.findall(text)


def check_template(text: str, declared: Collection[str], field: str = "text") -> None:
    """Raises Invalid naming what in braces is no declared placeholder."""
    for name in placeholders_of(text):
        if name not in declared:
            raise Invalid(
                gettext("Den Platzhalter {%(name)s} gibt es nicht. Möglich sind: %(names)s.")
                % {"name": name, "names": ", ".join(sorted(declared))},
                fields=(FieldError(field, name),),
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, once: braces inside a value stay as they are, and so does what is not known."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def cleaned(text: str) -> str:
    """Written text without signs that steer (but line breaks and tabs), with one form of line break."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in unified if sign in KEPT_CONTROLS or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()


def one_line(text: str, longest: int = LONGEST_TITLE) -> str:
    """A title or a mail's subject: one line, bounded, nothing that begins another header."""
    plain = " ".join(cleaned(text).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
