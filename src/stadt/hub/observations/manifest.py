"""What the observations plug in."""

from datetime import timedelta

from stadt.core.lifespan import at_web_process
from stadt.core.manifest import Check, Job, Manifest, Metric
from stadt.hub.observations import committer, events, feed, indicators, removal, rights, rolling, upkeep
from stadt.hub.observations.verbs import SUBJECTS, VERBS

MANIFEST = Manifest(
    indicators=indicators.ALL,
    verbs=VERBS,
    subjects=SUBJECTS,
    permissions=(rights.READ, rights.WRITE, rights.MANAGE),
    publishes=(events.ReadingsStored, events.PublicationChanged, events.DatastreamsDeleted),
    jobs=(
        Job("observations.make_months", run=upkeep.make_months, every=timedelta(days=1)),
        Job("observations.tell_changes", run=upkeep.tell_changes, every=timedelta(minutes=1)),
        Job("observations.forget_changes", run=feed.forget_changes, every=timedelta(minutes=10)),
        Job("observations.roll_up", run=rolling.roll_up_quiet, every=timedelta(minutes=1)),
        Job(removal.PURGE, run=removal.purge, every=timedelta(hours=1)),
    ),
    doctor=(
        Check("observations.months", "Tabellen für Messwerte", upkeep.find_missing_month),
        Check("observations.rollups", "Zusammengefasste Messwerte", rolling.find_backlog),
    ),
    metrics=(
        Metric("stadt_observations", "Observations in the store", "gauge", upkeep.count_stored),
        Metric(
            "stadt_observations_waiting", "Readings waiting for their commit", "gauge", upkeep.count_waiting
        ),
    ),
)

at_web_process(start=committer.start, stop=committer.stop)
