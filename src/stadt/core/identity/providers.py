"""The identity providers of this installation: `identity.toml` in the city's folder and in STADT_HOME.

Every kind (`oidc`, `saml`) is one contract: what an entry must say, and `check()` that says what is wrong with it.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from stadt.core import city
from stadt.core.errors import ConfigurationError

FILE = "identity.toml"
KEY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
VERIFIED = ("claim", "always")


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Whoever is in `group` at the provider holds `role` in `organisation` (both keys of this city)."""

    group: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One provider people may sign in with.

    Attributes:
        key: permanent name in addresses and in linked accounts.
        kind: `oidc` or `saml`.
        title: what the button says.
        issuer: the provider's own name: an address for OpenID Connect, the entity id for SAML.
        client_id: how the provider knows this city.
        scopes: asked for at an OpenID provider.
        email_claim: the claim or attribute that holds the e-mail address.
        email_verified: `claim` believes `email_verified`, `always` says that the provider keeps no unverified ones.
        links_by_email: a verified address leads to the account that has the same one; else people link while signed in.
        creates_accounts: whoever has no account gets one.
        vouches_for_second_factor: the provider asks for a second factor itself.
        groups_claim: the claim or attribute that lists the groups.
        rules: which groups hold which roles.
        metadata: the provider's SAML metadata file.
    """

    key: str
    kind: str
    title: str
    issuer: str
    client_id: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    email_claim: str = "email"
    email_verified: str = "claim"
    name_claim: str = "name"
    links_by_email: bool = False
    creates_accounts: bool = False
    vouches_for_second_factor: bool = False
    groups_claim: str = "groups"
    rules: tuple[RoleRule, ...] = ()
    metadata: Path | None = None

    @property
    def secret_file(self) -> Path:
        """Where the client's secret lies, never in the city's folder."""
        return Path(settings.STADT.home) / "secrets" / f"identity-{self.key}"

    def secret(self) -> str:
        """The client's secret, empty where there is none."""
        try:
            return self.secret_file.read_text("utf-8").strip()
        except OSError:
            return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A protocol. `needed` are the entries that must be there; `check` says what keeps a provider from working."""

    name: str
    needed: tuple[str, ...]
    check: Callable[[IdentityProvider], str | None]


def _check_oidc(provider: IdentityProvider) -> str | None:
    parts = urlsplit(provider.issuer)
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        return "issuer muss mit https:// beginnen."
    if "openid" not in provider.scopes:
        return "scopes muss „openid“ enthalten."
    file = provider.secret_file
    if not provider.secret():
        return f"Das Geheimnis fehlt: Datei {file} mit Rechten 0600 anlegen."
    if file.stat().st_mode & 0o077:
        return f"{file} ist für andere lesbar: chmod 600."
    return None


def _check_saml(provider: IdentityProvider) -> str | None:
    if find_spec("onelogin") is None:
        return "Für SAML fehlt ein Paket: pip install 'vernetzte-stadt[saml]'."
    if provider.metadata is None or not provider.metadata.is_file():
        return f"Die Metadaten fehlen: {provider.metadata}."
    from stadt.core.identity.saml import read_metadata  # noqa: PLC0415 - only where the extra is installed

    return read_metadata(provider)[1]


KINDS = {
    "oidc": Kind("oidc", ("issuer", "client_id"), _check_oidc),
    "saml": Kind("saml", ("issuer", "client_id", "metadata"), _check_saml),
}


def load(folders: tuple[Path, ...]) -> dict[str, IdentityProvider]:
    """The providers of the `identity.toml` in these folders; a later folder replaces an entry of the same key.

    Raises:
        ConfigurationError: naming the file and what is wrong in it.
    """
    found: dict[str, IdentityProvider] = {}
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            found |= {provider.key: provider for provider in _read(path)}
    return found


def _read(path: Path) -> Iterator[IdentityProvider]:
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} ist nicht lesbar: {error}") from None
    entries = document.pop("provider", [])
    if document or not isinstance(entries, list):
        raise ConfigurationError(
            f"{path}: Es gibt nur [[provider]]-Einträge, gefunden: {', '.join(document)}."
        )
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        provider = _provider(path, number, entry)
        if provider.key in seen:
            raise ConfigurationError(f"{path}: Die Kennung „{provider.key}“ ist doppelt.")
        seen.add(provider.key)
        yield provider


def _provider(path: Path, number: int, entry: Any) -> IdentityProvider:
    values = dict(entry) if isinstance(entry, Mapping) else {}
    rules, metadata = values.pop("roles", []), values.pop("metadata", None)
    values.setdefault("kind", "oidc")
    for problem in _wrong_entries(values, metadata):
        raise ConfigurationError(f"{path}, {number}. provider: {problem}")
    if "scopes" in values:
        values["scopes"] = tuple(str(scope) for scope in values["scopes"])
    try:
        read_rules = tuple(RoleRule(**rule) for rule in rules)
    except TypeError:
        raise ConfigurationError(
            f"{path}, {number}. provider: roles braucht je Eintrag group, role und organisation."
        ) from None
    return IdentityProvider(
        **values, rules=read_rules, metadata=(path.parent / metadata) if metadata else None
    )


def _wrong_entries(values: Mapping[str, Any], metadata: Any) -> Iterator[str]:
    if "client_secret" in values or "secret" in values:
        yield "Das Geheimnis gehört in STADT_HOME/secrets, nicht in diese Datei."
    key, kind = values.get("key"), values["kind"]
    if not isinstance(key, str) or not key or not KEY_LETTERS.issuperset(key):
        yield "key besteht aus kleinen Buchstaben, Ziffern und Bindestrichen."
    if kind not in KINDS:
        yield f"kind ist eines von {', '.join(KINDS)}, nicht „{kind}“."
        return
    for name in ("title", *KINDS[kind].needed):
        if not (values.get(name) or (name == "metadata" and metadata)):
            yield f"{name} fehlt."
    for name, value in values.items():
        if name not in _TYPES:
            yield f"„{name}“ ist unbekannt."
        elif not isinstance(value, _TYPES[name]):
            yield f"{name} hat die falsche Form."
    if values.get("email_verified", "claim") not in VERIFIED:
        yield f"email_verified ist eines von {', '.join(VERIFIED)}."


_TYPES: dict[str, type] = {
    **dict.fromkeys(
        ("key", "kind", "title", "issuer", "client_id", "email_claim", "email_verified", "name_claim"), str
    ),
    "groups_claim": str,
    "scopes": list,
    **dict.fromkeys(("links_by_email", "creates_accounts", "vouches_for_second_factor"), bool),
}


@cache
def configured() -> dict[str, IdentityProvider]:
    """All providers of this installation, read once. Raises ConfigurationError."""
    return load((city.current().folder, Path(settings.STADT.home)))


def offered() -> dict[str, IdentityProvider]:
    """Those that can be used; what keeps the others from it is told by `stadt doctor`."""
    return {
        key: provider
        for key, provider in configured().items()
        if KINDS[provider.kind].check(provider) is None
    }


def find_provider(key: str) -> IdentityProvider | None:
    """The provider with this key, if it can be used."""
    return offered().get(key)


def vouching_providers() -> frozenset[str]:
    """Keys of the providers that ask for a second factor themselves."""
    return frozenset(key for key, provider in configured().items() if provider.vouches_for_second_factor)


def problems() -> Iterator[str]:
    """What is wrong with the configuration itself; the city does not start with it."""
    try:
        load((city.current().folder, Path(settings.STADT.home)))
    except ConfigurationError as error:
        yield error.detail
