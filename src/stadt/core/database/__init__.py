"""The PostgreSQL database: the embedded cluster, its roles, and how processes reach it. Only this package knows the wheel."""

from stadt.core.database.connection import conninfo, django_settings, parameters
from stadt.core.database.roles import Role

__all__ = ["Role", "conninfo", "django_settings", "parameters"]
