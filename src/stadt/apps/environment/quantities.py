"""What stations measure: keys, words, units, and how values are written."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Quantity:
    """An observed property of a station. `column` is its name in datasets, `unit` a UCUM code, `symbol` as on screen.

    `is_level`: values are levels in decibels, whose mean is that of their energies (Leq), not of their numbers.
    """

    key: str
    column: str
    title: str
    unit: str
    symbol: str
    digits: int
    is_level: bool = False


TEMPERATURE = Quantity("temperature", "temperature", _("Temperatur"), "Cel", "°C", 1)
HUMIDITY = Quantity("humidity", "humidity", _("Luftfeuchte"), "%", "%", 0)
PM10 = Quantity("pm10", "pm10", _("Feinstaub PM10"), "ug/m3", "µg/m³", 0)
PM2_5 = Quantity("pm2-5", "pm2_5", _("Feinstaub PM2,5"), "ug/m3", "µg/m³", 0)
NO2 = Quantity("no2", "no2", _("Stickstoffdioxid"), "ug/m3", "µg/m³", 0)
NOISE = Quantity("noise", "noise", _("Geräuschpegel"), "dB[SPL]", "dB(A)", 0, is_level=True)

QUANTITIES = (TEMPERATURE, HUMIDITY, PM10, PM2_5, NO2, NOISE)
POLLUTANTS = (PM10, PM2_5, NO2)
