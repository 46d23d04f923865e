"""What bridge and broker remember and show: the place in the feed, figures, and whether they work."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from stadt.core.people.models import Setting
from stadt.hub.observations.feed import Cursor
from stadt.hub.sta.mqtt.embedded import presence

KEY = "sta.mqtt"
SILENT = timedelta(minutes=2)
SAVE = """
INSERT INTO core_setting (key, value) VALUES (%s, %s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


@dataclass
class State:
    """What one process leaves to the next. `seen` is when it last wrote; `error` says why it does not work."""

    transaction: int = 0
    id: int = 0
    position: int = 0
    published: int = 0
    created: int = 0
    refused: int = 0
    repeated: int = 0
    gaps: int = 0
    broken: int = 0
    seen: str = ""
    error: str = ""

    @property
    def cursor(self) -> Cursor | None:
        return Cursor(self.transaction, self.id, self.position) if self.transaction else None

    def move(self, cursor: Cursor) -> None:
        """Everything before this place was published and acknowledged by the broker."""
        self.transaction, self.id, self.position = cursor

    @classmethod
    def of(cls, value: Any) -> "State":
        """A state as it was kept; unknown parts are those of another version."""
        known = value if isinstance(value, dict) else {}
        return cls(**{name: known[name] for name in cls.__dataclass_fields__ if name in known})


async def load(connection: AsyncConnection[Any], key: str = KEY) -> State:
    """The state the last bridge left, or the broker of another key."""
    found = await connection.execute("SELECT value FROM core_setting WHERE key = %s", (key,))
    row = await found.fetchone()
    return State.of(row[0] if row else None)


async def save(connection: AsyncConnection[Any], state: State, key: str = KEY) -> None:
    """Keep the state."""
    state.seen = datetime.now(UTC).isoformat()
    await connection.execute(SAVE, (key, Jsonb(asdict(state))))


def find_state() -> State | None:
    """The kept state of the bridge, or of this machine's own broker; None when there never was one. Blocking."""
    key = KEY if settings.STADT.mqtt_url else presence.key()
    found = Setting.objects.filter(key=key).first()
    return State.of(found.value) if found else None


def find_trouble() -> str | None:
    """Doctor's check: why nothing goes to or comes from the broker, or None."""
    if not settings.STADT.mqtt_url:
        return find_own_trouble()
    state = find_state()
    if state is None or datetime.now(UTC) - datetime.fromisoformat(state.seen) > SILENT:
        return gettext(
            "Die Brücke zum MQTT-Broker läuft nicht. Bitte „stadt mqtt“ starten; „stadt up“ tut es selbst."
        )
    if state.error:
        return gettext(
            "Der MQTT-Broker ist nicht zu erreichen: %(error)s. Bitte Broker und STADT_MQTT_URL prüfen; "
            "was inzwischen gespeichert wird, wird bis zu einen Tag lang nachgereicht."
        ) % {"error": state.error}
    return None


def find_own_trouble() -> str | None:
    """Why the city's own broker does not listen on this machine, or None, also when no city runs here."""
    if not presence.is_missed():
        return None
    state = find_state()
    return gettext(
        "Der eigene MQTT-Broker nimmt an Port %(port)s keine Verbindungen an (%(error)s); die Stadt läuft ohne ihn. "
        "STADT_MQTT_PORT wählt einen anderen Port, 0 lässt ihn weg."
    ) % {"port": settings.STADT.mqtt_port, "error": (state and state.error) or gettext("er läuft nicht")}


def count_messages() -> Iterable[tuple[Mapping[str, str], float]]:
    """Messages since ever, by what became of them."""
    state = find_state()
    if state is not None:
        for kind in ("published", "created", "refused", "repeated", "gaps", "broken"):
            yield {"kind": kind}, float(getattr(state, kind))
