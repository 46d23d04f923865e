"""The server's entry (`stadt.config.asgi:application`)."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
django_application = get_asgi_application()

from stadt.config.dispatch import Application  # noqa: E402 - its imports need Django set up
from stadt.core.asgi import Handler  # noqa: E402

application = Application(cast(Handler, django_application))
