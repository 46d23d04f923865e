"""Reads what a strategy prints as free text: when a measure runs, and who pays for it."""

from stadt.apps.strategy.parsing.funding import parse_funding
from stadt.apps.strategy.parsing.periods import parse_period

__all__ = ["parse_funding", "parse_period"]
