"""What DCAT-AP.de 3.0 demands of a catalogue, rule by rule: each with a sentence and the entry that mends it.

Our own rendering of the mandatory properties and of GovData's conventions that a harvest fails by. It needs no shapes,
so that it runs everywhere and its findings can be shown to whoever publishes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF
from rdflib.term import Node

from stadt.hub.opendata.vocabulary import AUTHORITY, DCAT, DCATAP, DCATDE, ELI, HIGH_VALUE_LAW, SPDX, VCARD

Holds = Callable[[Graph, Node], bool]
LICENCES = "http://dcat-ap.de/def/licenses/"
NAMED = ("dl-by-de", "cc-by", "odbl")
FILE = "city.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """A demand on every thing of a class.

    Attributes:
        id: stable, such as `dataset-title`.
        target: the class whose things must keep it.
        sentence: German, what must be there.
        field: what to fill in so that it is: an attribute of the declaration, or an entry of the city's folder.
        holds: whether a thing of the graph keeps it.
    """

    id: str
    target: URIRef
    sentence: str
    field: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing that breaks a rule."""

    rule: Rule
    subject: str


def check(graph: Graph, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Everything that breaks a rule, by subject and rule."""
    return sorted(
        _findings(graph, RULES if rules is None else rules), key=lambda item: (item.subject, item.rule.id)
    )


def _findings(graph: Graph, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        for subject in set(graph.subjects(RDF.type, rule.target)):
            if not rule.holds(graph, subject):
                yield Finding(rule, str(subject))


def _text(*path: URIRef) -> Holds:
    """A text that is not empty."""

    def holds(graph: Graph, subject: Node) -> bool:
        return any(
            isinstance(value, Literal) and str(value).strip()
            for predicate in path
            for value in graph.objects(subject, predicate)
        )

    return holds


def _one_iri(predicate: URIRef, prefix: str = "http", *, most: int = 1, least: int = 1) -> Holds:
    """From `least` to `most` IRIs that begin like this, and nothing else."""

    def holds(graph: Graph, subject: Node) -> bool:
        values = list(graph.objects(subject, predicate))
        fitting = [value for value in values if isinstance(value, URIRef) and str(value).startswith(prefix)]
        return len(fitting) == len(values) and least <= len(values) <= most

    return holds


def _named_agent(graph: Graph, subject: Node) -> bool:
    """Exactly one publisher, which is an agent with a name."""
    agents = list(graph.objects(subject, DCTERMS.publisher))
    return (
        len(agents) == 1 and (agents[0], RDF.type, FOAF.Agent) in graph and _text(FOAF.name)(graph, agents[0])
    )


def _reachable(graph: Graph, subject: Node) -> bool:
    """Convention K01: the contact point has an e-mail address or a page."""
    points = list(graph.objects(subject, DCAT.contactPoint))
    return bool(points) and all(
        list(graph.objects(point, VCARD.hasEmail)) or list(graph.objects(point, VCARD.hasURL))
        for point in points
    )


def _attributed(graph: Graph, subject: Node) -> bool:
    """Convention K35: a licence that asks for the source comes with the text to write."""
    licence = str(graph.value(subject, DCTERMS.license) or "").removeprefix(LICENCES)
    return not licence.startswith(NAMED) or _text(DCATDE.licenseAttributionByText)(graph, subject)


def _lawful(graph: Graph, subject: Node) -> bool:
    """A high-value category stands only beside the law that made it one, and the other way round."""
    law = (subject, DCATAP.applicableLegislation, URIRef(HIGH_VALUE_LAW)) in graph
    is_described = (URIRef(HIGH_VALUE_LAW), RDF.type, ELI.LegalResource) in graph
    categories = list(graph.objects(subject, DCATAP.hvdCategory))
    return (law and is_described) if categories else not law


def _ended(graph: Graph, subject: Node) -> bool:
    return any(list(graph.objects(subject, end)) for end in (DCAT.startDate, DCAT.endDate))


_PUBLISHER = "Genau ein Herausgeber mit Namen muss angegeben sein."
_CONTRIBUTOR = "Genau ein Datenbereitsteller aus der Liste von GovData muss angegeben sein (Konvention K12)."
_CITY_NAME = f"{FILE}, [contact] organisation"

RULES = (
    Rule(
        "catalog-title",
        DCAT.Catalog,
        "Der Katalog braucht einen Titel.",
        f"{FILE}, [city] name",
        _text(DCTERMS.title),
    ),
    Rule(
        "catalog-description",
        DCAT.Catalog,
        "Der Katalog braucht eine Beschreibung.",
        f"{FILE}, [city] name",
        _text(DCTERMS.description),
    ),
    Rule("catalog-publisher", DCAT.Catalog, _PUBLISHER, _CITY_NAME, _named_agent),
    Rule("dataset-title", DCAT.Dataset, "Der Datensatz braucht einen Titel.", "title", _text(DCTERMS.title)),
    Rule(
        "dataset-description",
        DCAT.Dataset,
        "Der Datensatz braucht eine Beschreibung.",
        "description",
        _text(DCTERMS.description),
    ),
    Rule("dataset-publisher", DCAT.Dataset, _PUBLISHER, "publisher", _named_agent),
    Rule(
        "dataset-contributor",
        DCAT.Dataset,
        _CONTRIBUTOR,
        f"{FILE}, [opendata] contributor",
        _one_iri(DCATDE.contributorID, "http://dcat-ap.de/def/contributors/"),
    ),
    Rule(
        "dataset-contact",
        DCAT.Dataset,
        "Eine Kontaktstelle mit E-Mail-Adresse oder Internetseite muss angegeben sein (Konvention K01).",
        "contact",
        _reachable,
    ),
    Rule(
        "dataset-theme",
        DCAT.Dataset,
        "Mindestens ein Thema der EU-Liste „data-theme“ muss angegeben sein.",
        "theme",
        _one_iri(DCAT.theme, str(AUTHORITY["data-theme/"]), most=14),
    ),
    Rule(
        "dataset-distribution",
        DCAT.Dataset,
        "Der Datensatz braucht mindestens eine Distribution.",
        "rows",
        _one_iri(DCAT.distribution, most=1000),
    ),
    Rule(
        "dataset-legislation",
        DCAT.Dataset,
        "Eine Kategorie hochwertiger Datensätze und die Verordnung (EU) 2023/138 gehören zusammen.",
        "high_value",
        _lawful,
    ),
    Rule(
        "distribution-address",
        DCAT.Distribution,
        "Die Distribution braucht eine Adresse.",
        "rows",
        _one_iri(DCAT.accessURL, most=100),
    ),
    Rule(
        "distribution-licence",
        DCAT.Distribution,
        "Genau eine Lizenz aus der Liste von GovData muss angegeben sein (Konvention K32).",
        "licence",
        _one_iri(DCTERMS.license, LICENCES),
    ),
    Rule(
        "distribution-attribution",
        DCAT.Distribution,
        "Diese Lizenz verlangt einen Text zur Namensnennung (Konvention K35).",
        "publisher",
        _attributed,
    ),
    Rule(
        "distribution-format",
        DCAT.Distribution,
        "Das Format muss ein Eintrag der EU-Liste „file-type“ sein (Konvention K31).",
        "rows",
        _one_iri(DCTERMS["format"], str(AUTHORITY["file-type/"]), least=0),
    ),
    Rule(
        "service-title", DCAT.DataService, "Der Datenservice braucht einen Titel.", FILE, _text(DCTERMS.title)
    ),
    Rule(
        "service-address",
        DCAT.DataService,
        "Der Datenservice braucht eine Adresse.",
        "STADT_URL",
        _one_iri(DCAT.endpointURL, most=100),
    ),
    Rule("service-publisher", DCAT.DataService, _PUBLISHER, _CITY_NAME, _named_agent),
    Rule("agent-name", FOAF.Agent, "Wer genannt wird, braucht einen Namen.", _CITY_NAME, _text(FOAF.name)),
    Rule(
        "period-ends",
        DCTERMS.PeriodOfTime,
        "Ein Zeitraum braucht Anfang oder Ende (Konvention K38).",
        "rows",
        _ended,
    ),
    Rule(
        "checksum-algorithm",
        SPDX.Checksum,
        "Eine Prüfsumme nennt ihr Verfahren.",
        "rows",
        _one_iri(SPDX.algorithm),
    ),
    Rule(
        "checksum-value", SPDX.Checksum, "Eine Prüfsumme hat einen Wert.", "rows", _text(SPDX.checksumValue)
    ),
)
