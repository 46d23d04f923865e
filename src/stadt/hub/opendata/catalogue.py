"""A page of the catalogue as a graph: catalogue, services, paging, and the records of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext, override
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from stadt.core.errors import NotFound
from stadt.hub.datasets.queries import first_published
from stadt.hub.opendata import queries
from stadt.hub.opendata.city import provider
from stadt.hub.opendata.dcat import (
    AVAILABLE,
    GERMAN,
    Context,
    add_dataset,
    add_organisation,
    german,
    iri_of,
    moment,
    rows_service,
)
from stadt.hub.opendata.models import Listing
from stadt.hub.opendata.records import Record
from stadt.hub.opendata.vocabulary import (
    ADMS,
    AUTHORITY,
    DCAT,
    DCATAP,
    HYDRA,
    SENSORTHINGS,
    Profile,
    empty_graph,
)

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the catalogue, from 1 on: its datasets' keys, and of how many all pages tell."""

    number: int
    total: int
    keys: Sequence[str]
    since: datetime | None

    @property
    def last(self) -> int:
        """Number of the last page; an empty catalogue has one page too."""
        return max(1, -(-self.total // PAGE_SIZE))


def get_page(number: int, since: datetime | None = None) -> Page:
    """A page by number.

    Args:
        since: only datasets whose newest snapshot is not older.

    Raises:
        NotFound: there are not so many pages.
    """
    keys, total = queries.list_page(since, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    page = Page(number, total, keys, since)
    if number > page.last:
        raise NotFound(gettext("Der Katalog hat %(last)s Seiten.") % {"last": page.last})
    return page


def address_of(page: Page, number: int, profile: Profile, suffix: str) -> str:
    """Address of another page of the same list, in the same form."""
    query = {"page": str(number)}
    if page.since is not None:
        query["modified_since"] = page.since.isoformat()
    if profile is not Profile.V3:
        query["profile"] = profile.word
    return f"{settings.STADT.url}/catalog{suffix}?{urlencode(query)}"


def describe_page(page: Page, records: Sequence[Record], profile: Profile, suffix: str) -> Graph:
    """The graph of a page."""
    with override("de"):
        context = _context(profile, [record.key for record in records])
        _add_catalogue(context)
        _add_services(context)
        _add_paging(context, page, suffix)
        for record in records:
            node = add_dataset(context, record)
            context.add(context.catalogue, (DCAT.dataset, node))
            context.add(rows_service(context), (DCAT.servesDataset, node))
    return context.graph


def describe_record(record: Record, profile: Profile) -> Graph:
    """The graph of one dataset, with the catalogue and the service it names."""
    with override("de"):
        context = _context(profile, [record.key])
        _add_catalogue(context)
        _add_rows_service(context)
        node = add_dataset(context, record)
        context.add(context.catalogue, (DCAT.dataset, node))
    return context.graph


def describe_tombstone(tombstone: Listing) -> Graph:
    """What is left of a withdrawn dataset: its title, and since when it is gone. No dataset any more."""
    graph = empty_graph()
    node = iri_of(tombstone.dataset)
    graph.add((node, RDF.type, DCAT.Resource))
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    graph.add((node, DCTERMS.title, german(tombstone.title)))
    graph.add((node, ADMS.status, URIRef(AUTHORITY["distribution-status/WITHDRAWN"])))
    if tombstone.withdrawn_at:
        graph.add((node, DCTERMS.modified, moment(tombstone.withdrawn_at)))
    return graph


def _context(profile: Profile, keys: Sequence[str]) -> Context:
    return Context(empty_graph(), profile, provider(), first_published(keys))


def _add_catalogue(context: Context) -> None:
    base = settings.STADT.url
    place = {"city": context.provider.place}
    homepage = URIRef(f"{base}/")
    context.add(homepage, (RDF.type, FOAF.Document))
    context.add(
        context.catalogue,
        (RDF.type, DCAT.Catalog),
        (DCTERMS.title, german(gettext("Offene Daten: %(city)s") % place)),
        (DCTERMS.description, german(gettext("Die Datensätze, die %(city)s veröffentlicht.") % place)),
        (DCTERMS.publisher, add_organisation(context, context.provider.name)),
        (DCTERMS.language, GERMAN),
        (FOAF.homepage, homepage),
        (DCTERMS.spatial, URIRef(context.provider.municipality)),
    )
    area = URIRef(context.provider.municipality)
    context.add(area, (RDF.type, DCTERMS.Location))


def _add_services(context: Context) -> None:
    _add_rows_service(context)
    node = URIRef(f"{context.catalogue}#sensorthings")
    title = gettext("Sensoren und Messwerte (OGC SensorThings API 1.1)")
    _add_service(context, node, title, f"{settings.STADT.url}/sta/v1.1")
    standard = URIRef(SENSORTHINGS)
    context.add(standard, (RDF.type, DCTERMS.Standard))
    context.add(node, (DCTERMS.conformsTo, standard))


def _add_rows_service(context: Context) -> None:
    node = rows_service(context)
    base = f"{settings.STADT.url}/api/v1"
    _add_service(context, node, gettext("Zeilen der Datensätze"), f"{base}/datasets")
    context.add(node, (DCAT.endpointDescription, URIRef(f"{base}/openapi.json")))


def _add_service(context: Context, node: URIRef, title: str, address: str) -> None:
    context.add(
        node,
        (RDF.type, DCAT.DataService),
        (DCTERMS.title, german(title)),
        (DCTERMS.publisher, add_organisation(context, context.provider.name)),
        (DCTERMS.accessRights, URIRef(AUTHORITY["access-right/PUBLIC"])),
        (DCATAP.availability, AVAILABLE),
        (DCAT.endpointURL, URIRef(address)),
    )
    context.add(context.catalogue, (DCAT.service, node))


def _add_paging(context: Context, page: Page, suffix: str) -> None:
    """Hydra's names of today, and beside them those of its first draft, which GovData's harvester reads."""

    def at(number: int) -> URIRef:
        return URIRef(address_of(page, number, context.profile, suffix))

    node = at(page.number)
    context.add(context.catalogue, (RDF.type, HYDRA.Collection), (HYDRA.view, node))
    context.add(
        node,
        (RDF.type, HYDRA.PagedCollection),
        (RDF.type, HYDRA.PartialCollectionView),
        (HYDRA.totalItems, Literal(page.total, datatype=XSD.integer)),
        (HYDRA.itemsPerPage, Literal(PAGE_SIZE, datatype=XSD.integer)),
    )
    steps = {"first": 1, "last": page.last, "next": page.number + 1, "previous": page.number - 1}
    for name, number in steps.items():
        if 1 <= number <= page.last:
            context.add(node, (HYDRA[name], at(number)), (HYDRA[f"{name}Page"], at(number)))
