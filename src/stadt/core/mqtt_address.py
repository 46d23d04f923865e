"""The address of a broker, read without the library that speaks with it."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from stadt.core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is. `address` is what may be shown: without user and password."""

    host: str
    port: int
    is_encrypted: bool
    user: str | None
    password: str | None

    @property
    def address(self) -> str:
        scheme = "mqtts" if self.is_encrypted else "mqtt"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def broker_of(url: str) -> Broker:
    """The broker of an address such as `mqtts://user:password@broker.example:8883`.

    Raises:
        ConfigurationError: it is no such address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigurationError(
            "STADT_MQTT_URL muss eine Adresse wie mqtts://name:kennwort@broker.example:8883 sein."
        )
    is_encrypted = parts.scheme == "mqtts"
    return Broker(
        parts.hostname,
        port or (8883 if is_encrypted else 1883),
        is_encrypted,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )
