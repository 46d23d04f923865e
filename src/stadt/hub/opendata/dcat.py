"""A record as DCAT-AP.de: the dataset, its distributions, and whom and what they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from stadt.hub.datasets.declaration import ColumnType, Dataset, Link, Parts
from stadt.hub.opendata.city import GEOCODING, Provider
from stadt.hub.opendata.records import Distribution, Record
from stadt.hub.opendata.vocabulary import (
    ADMS,
    AUTHORITY,
    DCAT,
    DCATAP,
    DCATDE,
    ELI,
    FILE_TYPES,
    GEOCODING_LEVEL,
    GEODCATAP,
    GEOSPARQL,
    HIGH_VALUE_LAW,
    LINKED_TYPES,
    LOCAL_AUTHORITY,
    MEDIA_TYPES,
    SAMPLES,
    SPDX,
    VCARD,
    Profile,
    frequency_of,
)
from stadt.web.xml_text import xml_text

GERMAN = URIRef(AUTHORITY["language/DEU"])
# Digits of a key → GovData's list of keys and the level of its areas (dcat-ap.de/def/politicalGeocoding).
KEY_LISTS = {
    2: ("stateKey", "state"),
    5: ("districtKey", "administrativeDistrict"),
    8: ("municipalityKey", "municipality"),
}
AVAILABLE = URIRef(AUTHORITY["planned-availability/AVAILABLE"])


@dataclass(frozen=True, slots=True)
class Context:
    """What all records of a document share: the graph they are written into, the edition, and who offers them."""

    graph: Graph
    profile: Profile
    provider: Provider
    first_published: Mapping[str, datetime]

    @property
    def catalogue(self) -> URIRef:
        """IRI of the catalogue."""
        return URIRef(f"{settings.STADT.url}/catalog")

    def add(self, subject: Node, *pairs: tuple[URIRef, Node | None]) -> None:
        """Say something of a subject; what is None is left out."""
        for predicate, value in pairs:
            if value is not None:
                self.graph.add((subject, predicate, value))


def iri_of(key: str) -> URIRef:
    """IRI of a dataset; it stays for good."""
    return URIRef(f"{settings.STADT.url}/dataset/{key}")


def rows_service(context: Context) -> URIRef:
    """IRI of the row API as a service."""
    return URIRef(f"{context.catalogue}#rows")


def german(text: str) -> Literal:
    """A German text without the control characters that XML has no place for."""
    return Literal(xml_text(text), lang="de")


def moment(value: datetime) -> Literal:
    """A point in time."""
    return Literal(value.isoformat(), datatype=XSD.dateTime)


def add_organisation(context: Context, name: str) -> URIRef:
    """The organisation of that name."""
    is_city = name == context.provider.name
    mark = "publisher" if is_city else f"organisation-{sha256(name.encode()).hexdigest()[:12]}"
    agent = URIRef(f"{context.catalogue}#{mark}")
    context.add(
        agent,
        (RDF.type, FOAF.Agent),
        (RDF.type, FOAF.Organization),
        (FOAF.name, german(name)),
        (DCTERMS.type, URIRef(LOCAL_AUTHORITY) if is_city else None),
    )
    return agent


def add_dataset(context: Context, record: Record) -> URIRef:
    """A dataset with everything that belongs to it; the record has a snapshot."""
    node = iri_of(record.key)
    agent = add_organisation(context, record.publisher)
    published = record.modified_at
    issued = context.first_published.get(record.key, published)
    context.add(
        node,
        (RDF.type, DCAT.Dataset),
        (DCTERMS.title, german(record.title)),
        (DCTERMS.description, german(_description(record))),
        (DCTERMS.identifier, Literal(str(node))),
        (DCTERMS.issued, moment(issued) if issued else None),
        (DCTERMS.modified, moment(published) if published else None),
        (DCTERMS.language, GERMAN),
        (DCTERMS.publisher, agent),
        (DCTERMS.accessRights, URIRef(record.dataset.access.value)),
        (DCTERMS.accrualPeriodicity, _frequency(record.dataset)),
        (DCAT.theme, URIRef(record.dataset.theme.value)),
        (DCAT.landingPage, _document(context, settings.STADT.url + record.url)),
        (DCAT.contactPoint, _contact(context, record)),
        (DCATAP.availability, AVAILABLE),
        (
            DCATDE.contributorID,
            URIRef(context.provider.contributor) if context.provider.contributor else None,
        ),
    )
    for word in record.keywords:
        context.add(node, (DCAT.keyword, german(word)))
    _add_edition(context, node, agent, record)
    _add_extent(context, node, record)
    _add_law(context, node, record)
    _add_distributions(context, node, record)
    return node


def _add_distributions(context: Context, node: URIRef, record: Record) -> None:
    """The downloads and the rows; of a dataset that lies elsewhere only its address."""
    kept = record.dataset.kept
    if kept is not None and kept.link is not None:
        context.add(node, (DCAT.distribution, _elsewhere(context, node, record, kept.link)))
        return
    for item in record.distributions:
        context.add(node, (DCAT.distribution, _distribution(context, node, record, item)))
    context.add(node, (DCAT.distribution, _row_access(context, node, record)))


def _frequency(dataset: Dataset) -> URIRef | None:
    """How often it is renewed: by the clock, or as the people who keep it promised; None where they did not."""
    if dataset.kept is None:
        return URIRef(frequency_of(dataset.refresh))
    code = dataset.kept.frequency
    return URIRef(AUTHORITY[f"frequency/{code}"]) if code else None


def _description(record: Record) -> str:
    """The description, and what a reader elsewhere must know too: that rows are simulated."""
    text = record.description or record.title
    if record.snapshot is None or not record.is_simulated:
        return text
    words = {"count": record.snapshot.simulated_count, "total": record.snapshot.row_count}
    return f"{text} " + gettext("Hinweis: %(count)s von %(total)s Zeilen sind simuliert.") % words


def _document(context: Context, url: str) -> URIRef:
    page = URIRef(url)
    context.add(page, (RDF.type, FOAF.Document))
    return page


def _contact(context: Context, record: Record) -> URIRef | None:
    if not record.contact and not context.provider.web:
        return None
    own = bool(record.dataset.contact)
    node = URIRef(f"{iri_of(record.key)}#contact" if own else f"{context.catalogue}#contact")
    context.add(
        node,
        (RDF.type, VCARD.Kind),
        (RDF.type, VCARD.Organization),
        (VCARD.fn, german(record.publisher if own else context.provider.unit)),
        (VCARD.hasEmail, URIRef(f"mailto:{record.contact}") if record.contact else None),
        (VCARD.hasURL, URIRef(context.provider.web) if context.provider.web and not own else None),
    )
    return node


def _add_edition(context: Context, node: URIRef, agent: URIRef, record: Record) -> None:
    """What the two editions say differently: area, maintainer and version."""
    version = Literal(str(record.snapshot.number)) if record.snapshot else None
    from_list, level = _area(context, record)
    context.add(node, (DCATDE.politicalGeocodingLevelURI, URIRef(GEOCODING_LEVEL[level])))
    if context.profile is Profile.V2:
        context.add(
            node,
            (DCATDE.politicalGeocodingURI, from_list),
            (DCATDE.maintainer, agent),
            (URIRef("http://www.w3.org/2002/07/owl#versionInfo"), version),
        )
    else:
        context.add(node, (GEODCATAP.custodian, agent), (DCAT.version, version))


def _area(context: Context, record: Record) -> tuple[URIRef, str]:
    """The area in GovData's list of keys and its level: what people who keep it said, else the municipality."""
    told = record.dataset.kept.spatial if record.dataset.kept else ""
    if told.isdigit() and len(told) in KEY_LISTS:
        name, level = KEY_LISTS[len(told)]
        return URIRef(f"{GEOCODING}{name}/{told}"), level
    return URIRef(context.provider.municipality), "municipality"


def _add_extent(context: Context, node: URIRef, record: Record) -> None:
    """Where (the municipality, and the box around the rows) and from when to when."""
    area, _ = _area(context, record)
    name = german(context.provider.place) if str(area) == context.provider.municipality else None
    context.add(area, (RDF.type, DCTERMS.Location), (SKOS.prefLabel, name))
    context.add(node, (DCTERMS.spatial, area))
    box = record.snapshot.profile.get("bbox") if record.snapshot else None
    if box:
        west, south, east, north = box
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        ring = ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in corners)
        extent = URIRef(f"{node}#extent")
        wkt = Literal(f"POLYGON(({ring}))", datatype=GEOSPARQL.wktLiteral)
        context.add(extent, (RDF.type, DCTERMS.Location), (DCAT.bbox, wkt))
        context.add(node, (DCTERMS.spatial, extent))
    first, last = _period(record)
    if first or last:
        period = URIRef(f"{node}#period")
        context.add(period, (RDF.type, DCTERMS.PeriodOfTime), (DCAT.startDate, first), (DCAT.endDate, last))
        context.add(node, (DCTERMS.temporal, period))


def _period(record: Record) -> tuple[Literal | None, Literal | None]:
    """The stretch of time: as people said, or that a growing table covers, by its first column of times."""
    kept = record.dataset.kept
    if kept is not None:
        days = kept.temporal_start, kept.temporal_end
        first, last = (Literal(day.isoformat(), datatype=XSD.date) if day else None for day in days)
        return first, last
    if record.snapshot is None or record.dataset.parts is not Parts.BY_DAY:
        return None, None
    kinds = {ColumnType.TIME: XSD.dateTime, ColumnType.DATE: XSD.date}
    column = next((item for item in record.snapshot.columns if item.type in kinds), None)
    profile = record.snapshot.profile.get("columns", {}).get(column.name, {}) if column else {}
    ends = profile.get("minimum"), profile.get("maximum")
    if column is None:
        return None, None
    first, last = (Literal(end, datatype=kinds[column.type]) if end else None for end in ends)
    return first, last


def _add_law(context: Context, node: URIRef, record: Record) -> None:
    """High-value category with the law behind it, and the entry of the Musterdatenkatalog."""
    if record.dataset.high_value is not None:
        law = URIRef(HIGH_VALUE_LAW)
        context.add(law, (RDF.type, ELI.LegalResource))
        category = URIRef(record.dataset.high_value.value)
        context.add(node, (DCATAP.applicableLegislation, law), (DCATAP.hvdCategory, category))
    if record.dataset.sample:
        context.add(node, (DCTERMS.references, URIRef(SAMPLES + record.dataset.sample)))


def _distribution(context: Context, dataset: URIRef, record: Record, item: Distribution) -> URIRef:
    node = URIRef(f"{dataset}#{item.format}")
    address = URIRef(settings.STADT.url + item.url)
    media_type = item.media_type.partition(";")[0]
    _add_common(context, node, record, f"{record.title} ({item.title})", address)
    size = item.size_bytes
    context.add(
        node,
        (DCAT.downloadURL, address),
        (DCAT.mediaType, URIRef(MEDIA_TYPES[media_type])),
        (DCTERMS["format"], _file_type(item.format)),
        (DCTERMS.modified, moment(record.modified_at) if record.modified_at else None),
        (ADMS.status, URIRef(AUTHORITY["distribution-status/COMPLETED"])),
    )
    part = record.part_behind(item)
    if part is not None:
        size = part.size_bytes
        _add_checksum(context, node, part.sha256)
    if size is not None:
        datatype = XSD.decimal if context.profile is Profile.V2 else XSD.nonNegativeInteger
        context.add(node, (DCAT.byteSize, Literal(str(size), datatype=datatype)))
    return node


def _row_access(context: Context, dataset: URIRef, record: Record) -> URIRef:
    """The rows page by page, as a distribution that names its service."""
    node = URIRef(f"{dataset}#rows")
    address = URIRef(f"{settings.STADT.url}/api/v1/datasets/{record.key}/rows")
    title = gettext("%(title)s (Schnittstelle)") % {"title": record.title}
    _add_common(context, node, record, title, address)
    context.add(
        node,
        (DCAT.mediaType, URIRef(MEDIA_TYPES["application/json"])),
        (DCTERMS["format"], URIRef(AUTHORITY["file-type/JSON"])),
        (DCAT.accessService, rows_service(context)),
    )
    return node


def _elsewhere(context: Context, dataset: URIRef, record: Record, link: Link) -> URIRef:
    """Data that lie at another address."""
    node = URIRef(f"{dataset}#link")
    _add_common(context, node, record, record.title, URIRef(link.url))
    code, media_type = LINKED_TYPES.get(link.format.casefold(), ("", ""))
    context.add(
        node,
        (DCAT.downloadURL, URIRef(link.url) if code else None),
        (DCAT.mediaType, URIRef(MEDIA_TYPES[media_type]) if media_type else None),
        (DCTERMS["format"], URIRef(AUTHORITY[f"file-type/{code}"]) if code else None),
    )
    return node


def _add_common(context: Context, node: URIRef, record: Record, title: str, address: URIRef) -> None:
    attribution = german(record.attribution) if record.attribution else None
    law = URIRef(HIGH_VALUE_LAW) if record.dataset.high_value else None
    context.add(
        node,
        (RDF.type, DCAT.Distribution),
        (DCTERMS.title, german(title)),
        (DCAT.accessURL, address),
        (DCTERMS.license, URIRef(record.licence.uri)),
        (DCTERMS.rights, _rights(context, record)),
        (DCATDE.licenseAttributionByText, attribution),
        (DCATAP.availability, AVAILABLE),
        (DCATAP.applicableLegislation, law),
        (DCTERMS.language, GERMAN),
    )


def _rights(context: Context, record: Record) -> URIRef:
    """What the licence asks for, in words: one statement for all distributions of a dataset."""
    node = URIRef(f"{iri_of(record.key)}#rights")
    named = gettext("Bei der Nutzung ist zu nennen: %(text)s") % {"text": record.attribution}
    text = (
        named if record.attribution else gettext("Die Daten dürfen ohne Nennung der Quelle genutzt werden.")
    )
    context.add(node, (RDF.type, DCTERMS.RightsStatement), (RDFS.label, german(text)))
    return node


def _file_type(form: str) -> URIRef | None:
    return URIRef(AUTHORITY[f"file-type/{FILE_TYPES[form]}"]) if form in FILE_TYPES else None


def _add_checksum(context: Context, node: URIRef, digest: str) -> None:
    checksum = URIRef(f"{node}-checksum")
    old = context.profile is Profile.V2
    algorithm = "http://dcat-ap.de/def/hashAlgorithms/sha/256" if old else str(SPDX.checksumAlgorithm_sha256)
    context.add(
        checksum,
        (RDF.type, SPDX.Checksum),
        (SPDX.algorithm, URIRef(algorithm)),
        (SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary)),
    )
    context.add(node, (SPDX.checksum, checksum))
