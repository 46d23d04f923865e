"""The rights of the waste app."""

from stadt.core.manifest import Permission

MANAGE = Permission("waste.manage", "Behälter verwalten")
