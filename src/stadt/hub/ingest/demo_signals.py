"""Numbers for simulated devices: the same for the same device and moment in every process, so that history and live rounds fit."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
from django.utils import timezone

Numbers = npt.NDArray[np.float64]

DAY_SECONDS = 86_400.0


class Clock:
    """Moments as arrays: `seconds` since 1970 UTC, and local `hour` (0 to 24), `weekday` (0 is Monday), `day` of the year."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        zone = timezone.get_default_timezone()
        local = [moment.astimezone(zone) for moment in moments]
        self.seconds: Numbers = np.array([moment.timestamp() for moment in moments], float)
        self.hour: Numbers = np.array([m.hour + m.minute / 60 + m.second / 3600 for m in local], float)
        self.weekday = np.array([m.weekday() for m in local], np.int64)
        self.day: Numbers = np.array([m.timetuple().tm_yday for m in local], float)


def waves(seed: int, seconds: Numbers, days: Sequence[float]) -> Numbers:
    """A smooth course between -1 and 1 with these periods (days), such as weather has."""
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(days))
    turns = [
        np.sin(2 * np.pi * seconds / (DAY_SECONDS * d) + phase) for d, phase in zip(days, phases, strict=True)
    ]
    return np.asarray(np.mean(turns, axis=0) * min(1.6, len(days)), float).clip(-1, 1)


def noise(seed: int, seconds: Numbers) -> Numbers:
    """Roughly normal noise (standard deviation about 1), independent from minute to minute (SplitMix64, Steele 2014)."""
    minute = (seconds // 60).astype(np.uint64)
    total = np.zeros(len(seconds))
    for part in range(3):
        x = minute * np.uint64(0x9E3779B97F4A7C15) + np.uint64((seed * 3 + part) * 0x2545F4914F6CDD1D % 2**64)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        total += (x ^ (x >> np.uint64(31))).astype(float) / 2**63 - 1
    return total


def bump(hour: Numbers, centre: float, width: float) -> Numbers:
    """A bell over the hour of the day, 1 at its centre."""
    distance = np.minimum(np.abs(hour - centre), 24 - np.abs(hour - centre))
    return np.asarray(np.exp(-((distance / width) ** 2)), float)
