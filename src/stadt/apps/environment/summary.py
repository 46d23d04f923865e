"""What the stations say together, in a sentence and a few figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stadt.apps.environment.air_quality import AirClass
from stadt.apps.environment.quantities import PM2_5, TEMPERATURE
from stadt.apps.environment.queries import StationNow


@dataclass(frozen=True, slots=True)
class Summary:
    """The stations together. `good` counts those with good or very good air in the last full hour, `rated` those with
    an index; `worst` is the station with the worst air; the means are over stations that measured lately."""

    total: int
    fresh: int
    rated: int
    good: int
    worst: StationNow | None
    temperature: float | None
    pm2_5: float | None
    is_simulated: bool

    @property
    def sentence(self) -> str:
        """The air quality in a sentence."""
        if not self.total:
            return _("Die Stadt hat noch keine Messstation eingetragen.")
        if not self.rated or self.worst is None or self.worst.air is None:
            return _("Für die letzte volle Stunde gibt es keinen Luftindex.")
        counted = ngettext(
            "An %(good)d von %(rated)d Station war die Luft in der letzten vollen Stunde gut oder sehr gut.",
            "An %(good)d von %(rated)d Stationen war die Luft in der letzten vollen Stunde gut oder sehr gut.",
            self.rated,
        ) % {"good": self.good, "rated": self.rated}
        if self.worst.air <= AirClass.GOOD:
            return counted
        return (
            counted
            + " "
            + _("Am schlechtesten: %(title)s (%(word)s).")
            % {
                "title": self.worst.station.title,
                "word": _(self.worst.air.title),
            }
        )


def summarise(stations: Sequence[StationNow]) -> Summary:
    """Put the stations together."""
    now = timezone.now()
    fresh = [item for item in stations if item.is_fresh(now)]
    rated = [item for item in stations if item.air is not None]
    return Summary(
        total=len(stations),
        fresh=len(fresh),
        rated=len(rated),
        good=sum(item.air <= AirClass.GOOD for item in rated if item.air),
        worst=max(rated, key=lambda item: item.air or AirClass.VERY_GOOD, default=None),
        temperature=_mean([item.number(TEMPERATURE.key) for item in fresh]),
        pm2_5=_mean([item.number(PM2_5.key) for item in fresh]),
        is_simulated=any(item.is_simulated for item in stations),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
