"""Attempts to sign in are counted once for the whole city, not once for each web process."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from stadt.core.people.actor import Actor
from stadt.core.people.services import create_administrator

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "frieda@example.org"
ATTEMPTS = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
from django.test import Client
for number in range(int(sys.argv[2])):
    answer = Client(REMOTE_ADDR="192.0.2.%d" % number, HTTP_HOST="localhost").post("/konto/login/", {"login": sys.argv[3], "password": "falsch-falsch"})
    assert answer.status_code == 200, answer.status_code
from django.db import connections
connections["default"].close_pool()
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def account(settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    create_administrator(Actor.system("test"), ADDRESS, PASSWORD)


def sign_in() -> Any:
    client = Client(REMOTE_ADDR="198.51.100.1")
    return client.post("/konto/login/", {"login": ADDRESS, "password": PASSWORD})


def attempt_elsewhere(number: int, address: str = ADDRESS) -> None:
    """Another web process sees wrong passwords from as many addresses."""
    name = connection.settings_dict["NAME"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ATTEMPTS, name, str(number), address],
        env=os.environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_attempts_at_another_web_process_count_here() -> None:
    attempt_elsewhere(5)
    assert "Zu viele" in sign_in().content.decode()


@pytest.mark.django_db
def test_another_host_name_or_port_is_no_fresh_start() -> None:
    for number in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}", HTTP_HOST=f"localhost:{number + 1}")
        client.post("/konto/login/", {"login": ADDRESS.upper(), "password": "falsch-falsch"})
    assert "Zu viele" in sign_in().content.decode()


def test_fewer_attempts_and_those_on_other_accounts_lock_nobody_out() -> None:
    attempt_elsewhere(5, "otto@example.org")
    assert sign_in().status_code == 302
