"""The rights that teams ask."""

from django.utils.translation import gettext_noop

from stadt.apps.strategy.panels import SEE_INTERNAL
from stadt.core.manifest import Permission

__all__ = ["ASSIGN_TEAM", "SEE_INTERNAL"]

ASSIGN_TEAM = Permission("strategy.assign_team", gettext_noop("Teams von Maßnahmen zusammenstellen"))
