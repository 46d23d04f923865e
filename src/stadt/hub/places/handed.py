"""Places that apps keep (containers, stations) as spots, so that address search finds them and reports can name them."""

from django.db import transaction

from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.places.events import SitesChanged
from stadt.hub.places.spots import SpotReport, replace_spots, tell_spots

ACTOR = Actor.system("places.handed")


def tell_sites_changed(source: str) -> None:
    """Called by the verbs that change the places of a source, in their transaction."""
    publish(SitesChanged(source))


def sites_changed(event: SitesChanged) -> None:
    """Take the places of that source over as they are now."""
    if event.source in registry.spot_sources:
        take_over(event.source)


def take_over_all() -> None:
    """Every hour: all sources, should a fact have been lost."""
    for key in registry.spot_sources:
        take_over(key)


@transaction.atomic
def take_over(key: str) -> SpotReport:
    """Put the places of a source in place of those it handed over before; the same again writes nothing at all."""
    rows = list(registry.spot_sources[key].rows())
    report = replace_spots(rows, source=key, whole=True)
    if report.added or report.changed or report.removed:
        tell_spots(ACTOR, report)
    return report
