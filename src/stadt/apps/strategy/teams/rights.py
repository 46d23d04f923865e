"""The rights that teams ask."""

from stadt.apps.strategy.rights import ASSIGN_TEAM, SEE_INTERNAL

__all__ = ["ASSIGN_TEAM", "SEE_INTERNAL"]
