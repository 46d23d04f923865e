"""The right of those who agree."""

from stadt.core.manifest import Permission

REVIEW = Permission("reuse.review", "Anwendungen und Datenwünsche prüfen")
