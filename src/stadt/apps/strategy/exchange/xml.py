"""XML from outside is looked through before anything reads it."""

from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from django.utils.translation import gettext

from stadt.apps.strategy.exchange.errors import refuse

DEEPEST: Final = 50


def check_xml(name: str, content: bytes, start: Callable[[str, dict[str, str]], None] | None = None) -> None:
    """Refuse XML that is damaged, too deep or defines entities: no program writes that, and no reader needs it.

    `start` is called with the tag and attributes of every element.
    """
    depth = 0

    def definition(*_: object) -> None:
        raise refuse(name[:80], gettext("Die Datei enthält XML-Definitionen, die nicht erlaubt sind."))

    def enter(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise refuse(name[:80], gettext("Die Datei ist tiefer verschachtelt als jede Strategie."))
        if start is not None:
            start(tag, attributes)

    def leave(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = definition
    parser.EntityDeclHandler = definition
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        place = gettext("%(sheet)s, Zeile %(row)d") % {"sheet": name[:80] or "XML", "row": line}
        raise refuse(place, gettext("Die Datei ist kein lesbares XML.")) from None
