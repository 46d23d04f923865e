"""How a part of the city begins that is a process of its own: web, worker, bridge, broker."""

import os

from stadt.config import data
from stadt.config.supervisor import SUPERVISED
from stadt.core.database.parent import watch_parent
from stadt.core.environment import Environment, load


def begin() -> Environment:
    """The installation this part belongs to; it ends with its supervisor, if it has one.

    Raises:
        ConfigurationError: a variable cannot be used, or the database does not run.
    """
    if os.environ.get(SUPERVISED):
        watch_parent()
    environment = load(os.environ)
    data.require_running(environment)
    return environment
