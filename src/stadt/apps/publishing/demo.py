"""The demo's office: datasets in every state of their life, delivered as files and taken in by the same verbs as real ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from stadt.apps.publishing import demo_files as files
from stadt.apps.publishing.demo_files import DemoFile
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.states import DeliveryState, State
from stadt.hub.datasets.models import Delivery, KeptDataset

KEEPER, APPROVER = Actor.system("demo:office"), Actor.system("demo:approver")
LAST_YEAR = 2024

Make = Callable[[], DemoFile]


@dataclass(frozen=True, slots=True)
class Sample:
    """A dataset of the demo.

    Attributes:
        deliveries: the files in the order they come; each but an `unfinished` one is published.
        corrections: what a person says of the first reading; it is kept for the later ones.
        unfinished: the file that comes last and is not published.
        ends: the state it is left in.
    """

    card: dict[str, Any]
    deliveries: Sequence[Make] = ()
    corrections: dict[str, Any] = field(default_factory=dict)
    unfinished: Make | None = None
    ends: State = State.PUBLISHED


SIMULATED = "Alle Werte sind erfunden und dienen nur der Vorführung."
SAMPLES = (
    Sample(
        {
            "key": "population.residents",
            "title": "Einwohnerzahlen nach Stadtteilen",
            "description": "Einwohnerinnen und Einwohner mit Hauptwohnung am 31. Dezember, je Stadtteil und Jahr. "
            + SIMULATED,
            "keywords": ["Einwohner", "Bevölkerung", "Stadtteil"],
            "theme": "SOCI",
            "licence": "DL_DE_ZERO_2",
            "frequency": "ANNUAL",
            "temporal_start": "2018-12-31",
            "temporal_end": "2025-12-31",
        },
        (lambda: files.residents(LAST_YEAR), lambda: files.residents(LAST_YEAR + 1)),
        {"years_as_columns": {"name": "jahr", "value": "einwohner"}},
    ),
    Sample(
        {
            "key": "library.loans",
            "title": "Ausleihen der Stadtbibliothek",
            "description": "Ausgeliehene Medien je Monat und Standort, mit dem Anteil der digitalen Ausleihen. "
            + SIMULATED,
            "keywords": ["Bibliothek", "Ausleihe", "Medien"],
            "theme": "EDUC",
            "licence": "DL_DE_BY_2",
            "frequency": "MONTHLY",
            "temporal_start": "2025-01-01",
        },
        (lambda: files.loans(20), lambda: files.loans(21), lambda: files.loans(22)),
    ),
    Sample(
        {
            "key": "green.trees",
            "title": "Baumkataster",
            "description": "Straßenbäume mit Art, Pflanzjahr und Höhe. Die Höhe ist geschätzt. " + SIMULATED,
            "keywords": ["Baum", "Stadtgrün", "Kataster"],
            "theme": "ENVI",
            "licence": "CC_BY_4",
            "frequency": "ANNUAL",
        },
        (files.trees,),
        {
            "columns": {
                "baumnummer": {"title": "Baumnummer"},
                "art": {"title": "Art"},
                "pflanzjahr": {"title": "Pflanzjahr"},
                "hoehe_m": {"title": "Höhe", "unit": "m"},
                "stadtteil": {"title": "Stadtteil"},
            }
        },
    ),
    Sample(
        {
            "key": "pools.visitors",
            "title": "Gäste der Schwimmbäder",
            "description": "Gäste je Woche und Bad, gezählt an den Kassen. Kurse von Schulen sind nicht enthalten. "
            + SIMULATED,
            "keywords": ["Schwimmbad", "Sport"],
            "theme": "EDUC",
            "licence": "DL_DE_ZERO_2",
            "frequency": "QUARTERLY",
        },
        (lambda: files.visitors(with_prices=False),),
        unfinished=lambda: files.visitors(with_prices=True),
    ),
    Sample(
        {
            "key": "energy.schools",
            "title": "Wärmeverbrauch der Schulen",
            "description": "Verbrauch an Wärme je Schule und Jahr, nicht um das Wetter bereinigt. "
            + SIMULATED,
            "keywords": ["Energie", "Schule", "Wärme"],
            "theme": "ENER",
            "licence": "DL_DE_BY_2",
            "frequency": "ANNUAL",
            "temporal_start": "2021-01-01",
            "temporal_end": "2025-12-31",
        },
        unfinished=files.consumption,
        ends=State.REVIEW,
    ),
    Sample(
        {
            "key": "polls.stations",
            "title": "Wahllokale",
            "description": "Wahllokale mit der Zahl der Wahlberechtigten, nach Stadtteilen. " + SIMULATED,
            "keywords": ["Wahl"],
            "theme": "GOVE",
            "licence": "DL_DE_ZERO_2",
            "frequency": "IRREG",
        },
        (files.stations,),
        ends=State.WITHDRAWN,
    ),
    Sample(
        {
            "key": "fleet.mileage",
            "title": "Fahrleistung der Dienstwagen",
            "description": "Gefahrene Kilometer und Verbrauch je Monat und Klasse. " + SIMULATED,
            "keywords": ["Fuhrpark"],
            "theme": "TRAN",
            "licence": "DL_DE_ZERO_2",
            "access": "internal",
        },
        (files.mileage,),
    ),
    Sample(
        {"key": "market.stalls", "title": "Wochenmärkte"},
        unfinished=files.stalls,
        ends=State.DRAFT,
    ),
)
LINK = {
    "key": "accidents.atlas",
    "kind": "link",
    "title": "Unfallatlas",
    "description": "Unfälle mit Personenschaden auf einer Karte, je Straßenabschnitt und als Punkte. Die Statistischen Ämter "
    "veröffentlichen sie, diese Stadt verweist nur darauf.",
    "keywords": ["Unfall", "Verkehr"],
    "theme": "TRAN",
    "licence": "DL_DE_BY_2",
    "publisher": "Statistische Ämter des Bundes und der Länder",
    "frequency": "ANNUAL",
    "link_url": "https://unfallatlas.statistikportal.de/",
    "link_format": "HTML",
}
WITHDRAWN_BECAUSE = "Die Wahllokale haben sich geändert; eine neue Liste folgt vor der nächsten Wahl."


def fill(progress: Callable[[str], None]) -> None:
    """Each dataset once; one that a broken run left as a draft is begun anew."""
    owner = Organisation.objects.get(key="stadt")
    _begin_anew()
    there = set(KeptDataset.objects.values_list("key", flat=True))
    for sample in SAMPLES:
        if sample.card["key"] not in there:
            _keep(owner, sample)
    if LINK["key"] not in there:
        _keep_link(owner)
    count = KeptDataset.objects.filter(created_by=f"system:{KEEPER.identifier}").count()
    progress(_("%(count)d Datensätze eines Amtes, von Hand geliefert") % {"count": count})


def clear() -> None:
    """Withdraw what is published and delete what never was; addresses that were public tell that they are gone."""
    for kept in _ours():
        if kept.is_live:
            services.withdraw(KEEPER, kept.key, _("Die Demo wurde geleert."))
    _begin_anew(and_meant=True)


def _ours() -> list[KeptDataset]:
    return list(KeptDataset.objects.filter(created_by=f"system:{KEEPER.identifier}").order_by("key"))


def _begin_anew(*, and_meant: bool = False) -> None:
    """Delete drafts that were never published: those a broken run left, and with `and_meant` those of the demo too."""
    meant = {sample.card["key"] for sample in SAMPLES if sample.ends in {State.DRAFT, State.REVIEW}}
    for kept in _ours():
        if kept.approved_at is None and (and_meant or kept.key not in meant):
            if kept.state == State.REVIEW:
                services.return_to_draft(KEEPER, kept.key, _("Die Demo wird geleert."))
            services.delete_draft(KEEPER, kept.key)


def _keep(owner: Organisation, sample: Sample) -> None:
    card = {"contact": "", "is_simulated": True, **sample.card}
    key = services.start_dataset(KEEPER, owner.pk, card).key
    for number, make in enumerate(sample.deliveries):
        _deliver(key, make(), {} if number else sample.corrections)
        _review(key)
    if sample.unfinished is not None:
        _deliver(key, sample.unfinished(), {})
    if sample.ends == State.REVIEW:
        services.submit_for_review(KEEPER, key, _now(key).revision)
    if sample.ends == State.WITHDRAWN:
        services.withdraw(KEEPER, key, WITHDRAWN_BECAUSE, WITHDRAWN_BECAUSE)


def _deliver(key: str, file: DemoFile, corrections: dict[str, Any]) -> Delivery:
    delivery = services.receive_delivery(KEEPER, key, file.name, [file.content])
    delivery = services.read_delivery(KEEPER, delivery.pk)
    if corrections and delivery.state == DeliveryState.READ:
        delivery = services.correct_reading(KEEPER, delivery.pk, corrections)
    return services.prepare_delivery(KEEPER, delivery.pk)


def _review(key: str) -> None:
    kept = services.submit_for_review(KEEPER, key, _now(key).revision)
    services.approve(APPROVER, key, kept.revision)


def _keep_link(owner: Organisation) -> None:
    """Published when the address answers; without the internet it stays a draft that says so."""
    services.start_dataset(KEEPER, owner.pk, LINK)
    try:
        _review(str(LINK["key"]))
    except StadtError:
        services.check_link(KEEPER, str(LINK["key"]))


def _now(key: str) -> KeptDataset:
    return KeptDataset.objects.get(key=key)
