"""The air quality index of the German Environment Agency (UBA), with its bands in both versions.

Source: umweltbundesamt.de, „Der Luftqualitätsindex (LQI)“. The index of a station is the class of its worst pollutant,
computed here from hourly means in µg/m³. Since the revision the bands hold for whole numbers: values are rounded before
they are classed.

The five classes are those of both versions. The bands of 2019 are kept because older publications quote them; there PM10
and PM2.5 were compared as moving means over 24 hours.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext_noop as _

from stadt.web.maps import State


class AirClass(IntEnum):
    """The five classes, best first; the number is the index."""

    VERY_GOOD = 1
    GOOD = 2
    MODERATE = 3
    POOR = 4
    VERY_POOR = 5

    @property
    def title(self) -> str:
        """The class in words (German message id)."""
        return TITLES[self]

    @property
    def state(self) -> State:
        """The colour beside the word."""
        return STATES[self]


TITLES = {
    AirClass.VERY_GOOD: _("sehr gut"),
    AirClass.GOOD: _("gut"),
    AirClass.MODERATE: _("mäßig"),
    AirClass.POOR: _("schlecht"),
    AirClass.VERY_POOR: _("sehr schlecht"),
}
STATES = {
    AirClass.VERY_GOOD: State.SUCCESS,
    AirClass.GOOD: State.SUCCESS,
    AirClass.MODERATE: State.WARNING,
    AirClass.POOR: State.DANGER,
    AirClass.VERY_POOR: State.DANGER,
}


@dataclass(frozen=True, slots=True)
class Bands:
    """The greatest values (µg/m³) of the classes 1 to 4, by pollutant; what is above the last is class 5."""

    version: str
    upper: Mapping[str, tuple[float, float, float, float]]

    def class_of(self, pollutant: str, value: float) -> AirClass:
        """The class of one pollutant's hourly mean.

        Raises:
            KeyError: for a pollutant the version does not know.
            ValueError: for a value that is negative or no number.
        """
        if not value >= 0 or math.isinf(value):
            raise ValueError(f"{value} is no concentration")
        whole = math.floor(value + 0.5)
        for number, upper in enumerate(self.upper[pollutant], start=1):
            if whole <= upper:
                return AirClass(number)
        return AirClass.VERY_POOR

    def index(self, means: Mapping[str, float | None]) -> tuple[AirClass, str] | None:
        """The index of a station and the pollutant that decides it; None when no pollutant has a mean.

        Of several pollutants in the worst class the one stands that is furthest above its class's lower end.
        """
        found = [
            (self.class_of(pollutant, value), self._position(pollutant, value), pollutant)
            for pollutant, value in means.items()
            if value is not None and pollutant in self.upper
        ]
        if not found:
            return None
        worst, _position, pollutant = max(found)
        return worst, pollutant

    def _position(self, pollutant: str, value: float) -> float:
        """How far a value is through its class, so that equal classes can be ordered."""
        upper = self.upper[pollutant]
        number = int(self.class_of(pollutant, value))
        low = upper[number - 2] if number > 1 else 0.0
        high = upper[number - 1] if number <= len(upper) else 2 * upper[-1]
        return (value - low) / (high - low)


CURRENT = Bands(
    "current",
    {
        "pm10": (9, 27, 54, 90),
        "pm2-5": (5, 15, 30, 50),
        "o3": (24, 72, 144, 240),
        "no2": (10, 30, 60, 100),
        "so2": (10, 30, 60, 100),
    },
)
BANDS_2019 = Bands(
    "2019",
    {
        "pm10": (20, 35, 50, 100),
        "pm2-5": (10, 20, 25, 50),
        "o3": (60, 120, 180, 240),
        "no2": (20, 40, 100, 200),
    },
)
VERSIONS = {bands.version: bands for bands in (CURRENT, BANDS_2019)}
