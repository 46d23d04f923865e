"""Reads RDF that somebody sends: from the text alone, never from elsewhere, and never more than a megabyte."""

import json
import re
from typing import Any

from django.utils.translation import gettext
from rdflib import Graph

from stadt.core.errors import FieldError, Invalid

MOST_SIGNS = 1_000_000
CONTENT = "contentToValidate"
SYNTAXES = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/ld+json": "json-ld"}
# Entities are how a small XML becomes a large one (billion laughs) or reads files; RDF needs none.
_DOCTYPE = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
DEEPEST = 100
# The reader looks through all names it knows for each new one: ten thousand of them took it seven seconds, and forty
# thousand fit into a megabyte. Catalogues name about twenty.
MOST_NAMES = 500
_NAMES = {
    "text/turtle": re.compile(r"@?prefix\b", re.IGNORECASE),
    "application/rdf+xml": re.compile(r"xmlns[^\s=]*\s*=\s*(?:\"[^\"]*\"|'[^']*')"),
}


def parse(text: str, syntax: str) -> Graph:
    """The graph of a document.

    Args:
        syntax: one of the media types in `SYNTAXES`.

    Raises:
        Invalid: it is too long, breaks its syntax, or names what would have to be fetched.
    """
    if len(text) > MOST_SIGNS:
        raise _wrong(gettext("Der Inhalt ist länger als eine Million Zeichen."))
    if syntax == "application/rdf+xml" and _DOCTYPE.search(text):
        raise _wrong(gettext("XML mit DOCTYPE oder Entitäten wird nicht gelesen."))
    if syntax == "application/ld+json":
        _refuse_foreign(text)
    else:
        found = _NAMES[syntax].findall(text)
        _require_few(len(found) if syntax == "text/turtle" else len(set(found)))
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format=SYNTAXES[syntax], publicID="urn:stadt:validate")
    except RecursionError:
        raise _wrong(gettext("Der Inhalt ist zu tief verschachtelt.")) from None
    except Exception as error:  # rdflib's readers raise whatever the text makes them stumble over
        raise _wrong(
            gettext("Der Inhalt kann nicht gelesen werden: %(error)s") % {"error": _short(error)}
        ) from error
    return graph


def _short(error: Exception) -> str:
    """The first line of what a reader says, without the text it was given."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__} {lines[0][:120]}".strip() if lines else type(error).__name__


def _refuse_foreign(text: str) -> None:
    """A JSON-LD context given by its address would be fetched by the reader."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong(gettext("Der Inhalt ist kein JSON.")) from None
    _require_few(_count_terms(value, 0))
    if _names_context(value, 0):
        raise _wrong(gettext("Ein „@context“ muss im Inhalt selbst stehen und wird nicht abgerufen."))


def _require_few(names: int) -> None:
    if names > MOST_NAMES:
        raise _wrong(
            gettext("Der Inhalt erklärt mehr als %(most)s Abkürzungen für Adressen.") % {"most": MOST_NAMES}
        )


def _count_terms(value: Any, depth: int) -> int:
    """How many terms the contexts of a JSON-LD document explain."""
    if depth > DEEPEST:
        raise _wrong(gettext("Der Inhalt ist zu tief verschachtelt."))
    if isinstance(value, list):
        return sum(_count_terms(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return 0
    context = value.get("@context")
    given = context if isinstance(context, list) else [context]
    own = sum(len(item) for item in given if isinstance(item, dict))
    return own + sum(_count_terms(item, depth + 1) for item in value.values())


def _names_context(value: Any, depth: int) -> bool:
    if depth > DEEPEST:
        raise _wrong(gettext("Der Inhalt ist zu tief verschachtelt."))
    if isinstance(value, list):
        return any(_names_context(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return False
    context = value.get("@context")
    given = context if isinstance(context, list) else [context]
    return (
        "@import" in value
        or any(isinstance(item, str) for item in given)
        or any(_names_context(item, depth + 1) for item in value.values())
    )


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, fields=(FieldError(CONTENT, sentence),))
