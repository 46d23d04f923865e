"""`stadt up`: database, web and worker together, watched over until Ctrl-C."""

import argparse
import contextlib
import http.client
import os
import subprocess
import time

import psycopg

from stadt.config import data, home
from stadt.config.arguments import listening_address
from stadt.config.ports import check_port
from stadt.config.supervisor import Backoff, Service, Signals, StopAsked, stadt_command, stop_all
from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout
from stadt.core.environment import Environment, load
from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words
from stadt.core.secrets import secret

NAME = "up"
HELP = in_words(
    "startet Datenbank, Web und Hintergrundarbeit; Strg-C beendet alles",
    "starts database, web and worker; Ctrl-C stops everything",
)
MOST_DEATHS_BEFORE_FIRST_PAGE = 3
MOST_REFUSED_FIRST_PAGES = 3
LONGEST_START = 120.0


def configure(parser: argparse.ArgumentParser) -> None:
    """The address to listen on."""
    parser.add_argument(
        "--host",
        type=listening_address,
        default="127.0.0.1",
        help=in_words("Adresse der Maschine", "address to listen on"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Run until told to stop."""
    environment = load(os.environ)
    home.prepare(environment.home)
    with home.locked(environment.home, environment.url), Signals() as signals:
        check_port(arguments.host, environment.port)
        city = City(environment, arguments.host, signals)
        try:
            with contextlib.suppress(StopAsked):
                city.start()
                city.watch()
            tell(in_words("Vernetzte Stadt wird beendet …", "Vernetzte Stadt is stopping …"))
        finally:
            signals.interrupts_starting = False
            city.stop()
    return 0


class City:
    """The processes of one running installation."""

    def __init__(self, environment: Environment, host: str, signals: Signals) -> None:
        self.environment = environment
        self.host = host
        self.signals = signals
        self.cluster = None if environment.database_url else Cluster(layout(environment.home))
        self.cluster_backoff = Backoff()
        self.web = Service("Web", ("web", "--host", host))
        self.services = [self.web]

    def start(self) -> None:
        """Database first, then its tables and the demo, then the processes that need both.

        Raises:
            ConfigurationError: with one sentence that says why the city does not start.
        """
        tell(in_words("Vernetzte Stadt startet …", "Vernetzte Stadt is starting …"))
        if self.cluster is None:
            data.check_server(self.environment)
        else:
            if not self.cluster.place.is_initialised:
                tell(in_words("· Datenbank wird angelegt", "· creating the database"))
            self.cluster.start()
        if data.find_setting(self.environment, data.APPLIED) != data.fingerprint():
            tell(in_words("· Tabellen werden angelegt und angepasst", "· creating and changing tables"))
            self._step("migrate")
        if self.environment.demo and not data.find_setting(self.environment, data.DEMO_FILLED):
            tell(in_words("· Demo-Stadt wird gefüllt", "· filling the demo city"))
            self._step("demo", "fill")
        self.web.start()
        self._wait_for_first_page()
        # Loading its apps would compete with the first page for two cores.
        self.services.append(Service("Worker", ("worker",)))
        if self.environment.mqtt_url:
            self.services.append(Service("MQTT", ("mqtt",)))
        elif self.environment.mqtt_port:
            self.services.append(Service("MQTT", ("broker",)))
        tell(
            in_words(
                f"Vernetzte Stadt läuft: {self.environment.url}",
                f"Vernetzte Stadt runs: {self.environment.url}",
            )
        )
        self._offer_setup()

    def _offer_setup(self) -> None:
        """As long as nobody administers the city, whoever reads this terminal may."""
        if data.has_administrator(self.environment):
            return
        link = f"{self.environment.url}/einrichten/{secret(self.environment.home, 'setup')}/"
        tell(
            in_words(
                f"Noch verwaltet niemand die Stadt. Einmaliger Link zum Einrichten: {link}",
                f"Nobody administers the city yet. One-time link to set it up: {link}",
            )
        )

    def watch(self) -> None:
        """Restart what dies, until asked to stop."""
        self.signals.interrupts_starting = False
        while not self.signals.asked_to_stop:
            self._look()
            self.signals.wait(0.25 if self._somebody_is_down() else 5.0)

    def stop(self) -> None:
        """Web and worker first, because they need the database; then the database."""
        stop_all(self.services)
        if self.cluster is not None:
            self.cluster.stop()

    def _look(self) -> None:
        now = time.monotonic()
        if self.cluster is not None and not self.cluster.is_alive and now >= self.cluster_backoff.due:
            tell(in_words("Datenbank: wird neu gestartet", "database: restarting"))
            try:
                self.cluster.start()
            except (
                ConfigurationError,
                OSError,
                psycopg.Error,
            ) as error:  # such as a full disk: it may be emptied
                self.cluster_backoff.note_death(now)
                tell(error.detail if isinstance(error, ConfigurationError) else _one_line(error))
        for service in self.services:
            told = service.keep_alive()
            if told:
                tell(in_words(f"{told}, wird neu gestartet", f"{told}, restarting"))

    def _somebody_is_down(self) -> bool:
        is_database_down = self.cluster is not None and not self.cluster.is_alive
        return is_database_down or any(service.process is None for service in self.services)

    def _step(self, *words: str) -> None:
        done = subprocess.run(
            stadt_command(*words), check=False, stdin=subprocess.DEVNULL, start_new_session=True
        )
        if done.returncode != 0:
            raise ConfigurationError(
                in_words(
                    f"`stadt {' '.join(words)}` ist fehlgeschlagen; der Grund steht darüber.",
                    f"`stadt {' '.join(words)}` failed; the reason stands above.",
                )
            )

    def _wait_for_first_page(self) -> None:
        end = time.monotonic() + LONGEST_START
        refusals = 0
        while time.monotonic() < end and self.web.backoff.deaths < MOST_DEATHS_BEFORE_FIRST_PAGE:
            self._look()
            status = first_page_status(self.host, self.environment.port)
            if 0 < status < 500:
                return
            refusals += status > 0
            if refusals == MOST_REFUSED_FIRST_PAGES:
                # The rest of the city may work and must not lose readings: it stays up.
                tell(
                    in_words(
                        f"Die Startseite antwortet mit Fehler {status}.",
                        f"The start page fails with {status}.",
                    )
                )
                return
            self.signals.wait(1.0 if status else 0.05)
        raise ConfigurationError(
            in_words(
                "Die Webanwendung startet nicht; der Grund steht darüber.",
                "The web application does not start; the reason stands above.",
            )
        )


def first_page_status(host: str, port: int) -> int:
    """HTTP status of the start page, 0 while nobody answers."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=30)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


def tell(line: str) -> None:
    """Print one line at once, also into a pipe; a file on a full disk that does not take it stops no city."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
