"""The rights of the environment app."""

from stadt.core.manifest import Permission

MANAGE = Permission("environment.manage", "Messstationen verwalten")
