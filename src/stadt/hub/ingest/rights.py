"""The rights of the intake."""

from stadt.core.manifest import Permission

MANAGE = Permission("ingest.manage", "Datenquellen, Geräteprofile und Geräte verwalten")
PUSH = Permission("ingest.push", "Messwerte einer Quelle einliefern")
