"""The few environment variables an installation is configured by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from stadt.core.errors import ConfigurationError
from stadt.core.mqtt_address import broker_of

TRUE_WORDS = frozenset({"1", "true", "yes", "on", "ja"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", "nein"})
HOST = re.compile(r"[\w.:-]+")
SCANNER = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}")
# PostgreSQL may need as much again for its log of changes (max_wal_size) before it tidies up, and stops for good when it
# cannot write it.
LEAST_FREE_MB = "1024"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the operator decided outside the database; see docs/operate/install.md."""

    home: Path
    port: int
    url: str
    city: str
    demo: bool
    lake: str
    mqtt_url: str | None
    mqtt_token: str | None
    mqtt_topics: tuple[str, ...]
    mqtt_port: int
    mail_url: str | None
    database_url: str | None
    least_free: int
    log_form: str
    logs_access: bool
    backup: Path | None = None
    clamd: str = ""

    @property
    def is_secure(self) -> bool:
        """True when people reach the city by TLS, so that cookies may demand it."""
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        """Host name people use, without port."""
        return urlsplit(self.url).hostname or "127.0.0.1"

    @property
    def is_local(self) -> bool:
        """True when the city is only reachable from the machine it runs on."""
        return self.host in {"127.0.0.1", "localhost", "::1"}


def load(environ: Mapping[str, str]) -> Environment:
    """Read the `STADT_*` variables and `DATABASE_URL`.

    Raises:
        ConfigurationError: with one sentence naming the variable that cannot be used.
    """
    home = _folder(environ.get("STADT_HOME") or "~/.vernetzte-stadt")
    port = _port("STADT_PORT", environ.get("STADT_PORT") or "8000", 1)
    url = (environ.get("STADT_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    parts = _parts(url)
    if parts is None or parts.scheme not in {"http", "https"} or parts.path or parts.query:
        raise ConfigurationError(
            f"STADT_URL muss eine Adresse wie https://stadt.example sein, ist aber „{url}“."
        )
    database_url = environ.get("DATABASE_URL") or None
    if database_url and not database_url.startswith(("postgres://", "postgresql://")):
        raise ConfigurationError("DATABASE_URL muss mit postgresql:// beginnen.")
    mqtt_url = environ.get("STADT_MQTT_URL") or None
    if mqtt_url:
        broker_of(mqtt_url)
    log_form, logs_access = _log(environ.get("STADT_LOG") or "line")
    return Environment(
        home=home,
        port=port,
        url=url,
        city=environ.get("STADT_CITY") or "gelsenkirchen",
        demo=_flag("STADT_DEMO", environ.get("STADT_DEMO") or "1"),
        lake=environ.get("STADT_LAKE") or str(home / "lake"),
        mqtt_url=mqtt_url,
        mqtt_token=environ.get("STADT_MQTT_TOKEN") or None,
        mqtt_topics=tuple((environ.get("STADT_MQTT_TOPICS") or "").split()),
        mqtt_port=_port("STADT_MQTT_PORT", environ.get("STADT_MQTT_PORT") or "1883", 0),
        mail_url=environ.get("STADT_MAIL_URL") or None,
        database_url=database_url,
        least_free=_number("STADT_LEAST_FREE_MB", environ.get("STADT_LEAST_FREE_MB") or LEAST_FREE_MB)
        * 2**20,
        log_form=log_form,
        logs_access=logs_access,
        backup=Path(environ["STADT_BACKUP"]).expanduser().absolute() if environ.get("STADT_BACKUP") else None,
        clamd=_clamd(environ.get("STADT_CLAMD") or ""),
    )


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # `~name` of nobody
        raise ConfigurationError(f"STADT_HOME muss ein Ordner sein, ist aber „{text}“.") from None


def _parts(url: str) -> SplitResult | None:
    """The parts of an address with a host and a port that can be; None when it is none."""
    try:
        parts = urlsplit(url)
        return parts if HOST.fullmatch(parts.hostname or "") and parts.port != 0 else None
    except ValueError:
        return None


def _port(name: str, text: str, least: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= 65535:
        raise ConfigurationError(f"{name} muss eine Zahl von {least} bis 65535 sein, ist aber „{text}“.")
    return int(text)


def _log(text: str) -> tuple[str, bool]:
    form, _, more = text.strip().lower().partition("+")
    if form not in {"line", "json"} or more not in {"", "access"}:
        raise ConfigurationError(f"STADT_LOG muss line oder json sein, auch mit +access, ist aber „{text}“.")
    return form, bool(more)


def _clamd(text: str) -> str:
    if text and not text.startswith("/") and not SCANNER.fullmatch(text):
        raise ConfigurationError(
            f"STADT_CLAMD muss der Pfad eines Sockets oder rechner:port sein, ist aber „{text}“."
        )
    return text


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10**9:
        raise ConfigurationError(f"{name} muss eine Zahl ab 1 sein, ist aber „{text}“.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ConfigurationError(f"{name} muss 0 oder 1 sein, ist aber „{text}“.")
