"""Writes a graph in the three forms, and keeps the documents that were asked for last."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from rdflib import Graph

from stadt.hub.opendata.vocabulary import PREFIXES

MOST_KEPT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """A form of RDF: the end of its addresses, its media type, and rdflib's name for it."""

    suffix: str
    media_type: str
    writer: str


TURTLE = Form(".ttl", "text/turtle", "turtle")
RDF_XML = Form(".rdf", "application/rdf+xml", "xml")
JSON_LD = Form(".jsonld", "application/ld+json", "json-ld")
# The first is given to whoever accepts anything.
FORMS = (RDF_XML, TURTLE, JSON_LD)


def write(graph: Graph, form: Form) -> bytes:
    """The graph in a form. The same graph gives the same bytes."""
    if form is JSON_LD:
        context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
        return graph.serialize(format="json-ld", encoding="utf-8", context=context, sort_keys=True)
    return graph.serialize(format=form.writer, encoding="utf-8")


class Kept:
    """The documents that were asked for last, by ETag, up to a number of bytes."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.documents: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0

    def get(self, etag: str, make: Callable[[], bytes]) -> bytes:
        """The document of this ETag, made when it is not there."""
        with self.guard:
            if etag in self.documents:
                self.documents.move_to_end(etag)
                return self.documents[etag]
        document = make()
        with self.guard:
            if etag not in self.documents and len(document) <= MOST_KEPT_BYTES:
                self.documents[etag] = document
                self.size += len(document)
            while self.size > MOST_KEPT_BYTES:
                self.size -= len(self.documents.popitem(last=False)[1])
        return document


kept = Kept()
