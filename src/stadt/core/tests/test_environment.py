"""The environment variables are read or refused with a sentence that names the variable."""

from pathlib import Path

import pytest

from stadt.core.environment import load
from stadt.core.errors import ConfigurationError
from stadt.core.mail import mail_settings


def test_without_variables_a_demo_city_runs_on_this_machine() -> None:
    environment = load({})
    assert (environment.url, environment.demo, environment.is_local) == ("http://127.0.0.1:8000", True, True)
    assert Path(environment.lake) == environment.home / "lake"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STADT_PORT", "http"),
        ("STADT_PORT", "70000"),
        ("STADT_PORT", "٨٠"),
        ("STADT_MQTT_PORT", "65536"),
        ("STADT_MQTT_PORT", "-1"),
        ("STADT_URL", "stadt.example"),
        ("STADT_URL", "https://stadt.example/unter/pfad"),
        ("STADT_DEMO", "vielleicht"),
        ("DATABASE_URL", "mysql://host/db"),
    ],
)
def test_an_unusable_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load({name: value})


def test_a_city_behind_tls_demands_secure_cookies() -> None:
    environment = load({"STADT_URL": "https://daten.stadt.example/", "STADT_DEMO": "nein"})
    assert (environment.is_secure, environment.host, environment.demo) == (True, "daten.stadt.example", False)


def test_mail_goes_by_the_server_named_and_in_the_demo_to_the_mailbox() -> None:
    assert mail_settings(load({}), mailbox_backend="box")["MAIL_TRANSPORT"] == "box"
    address = "smtp://n%40x:p%2Fw@mail.example:2525?from=stadt@example.org"
    settings = mail_settings(load({"STADT_MAIL_URL": address}), mailbox_backend="box")
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("n@x", "p/w")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == (2525, True)
    assert settings["DEFAULT_FROM_EMAIL"] == "stadt@example.org"
    with pytest.raises(ConfigurationError, match="STADT_MAIL_URL"):
        mail_settings(load({"STADT_MAIL_URL": "mail.example"}), mailbox_backend="box")
