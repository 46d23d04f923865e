"""Whether a port can be listened on, asked before anything starts."""

import errno
import socket

from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words


def check_port(host: str, port: int) -> None:
    """Refuse a port somebody else listens on.

    Raises:
        ConfigurationError: it is taken, or may not be used by this account.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            is_busy = error.errno == errno.EADDRINUSE
            reason = in_words("ist schon belegt", "is taken already") if is_busy else str(error.strerror)
            raise ConfigurationError(
                in_words(
                    f"Port {port} {reason}; ein anderer lässt sich mit STADT_PORT wählen.",
                    f"Port {port} {reason}; choose another one with STADT_PORT.",
                )
            ) from error
