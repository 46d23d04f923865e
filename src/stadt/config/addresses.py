"""Who may use the addresses that no manifest declares: those of packages, and the frame of the interface.

By URL name. A test walks the whole tree of addresses and fails for one that is declared nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from stadt.core.manifest import ACCOUNT, EVERYBODY, LINK, Access
from stadt.core.registry import registry

API = "api/v1/"

DECLARED: Mapping[str, Access] = {
    "account_change_password": ACCOUNT,
    "account_confirm_email": LINK,
    "account_confirm_login_code": EVERYBODY,
    "account_email": ACCOUNT,
    "account_email_verification_sent": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_reauthenticate": ACCOUNT,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": LINK,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_set_password": ACCOUNT,
    "account_signup": EVERYBODY,
    "api-v1:api-root": EVERYBODY,
    "api-v1:openapi-json": EVERYBODY,
    "mfa_authenticate": EVERYBODY,  # between password and second factor nobody is signed in yet
    "mfa_login_webauthn": EVERYBODY,
    "mfa_activate_totp": ACCOUNT,
    "mfa_add_webauthn": ACCOUNT,
    "mfa_deactivate_totp": ACCOUNT,
    "mfa_download_recovery_codes": ACCOUNT,
    "mfa_edit_webauthn": ACCOUNT,
    "mfa_generate_recovery_codes": ACCOUNT,
    "mfa_index": ACCOUNT,
    "mfa_list_webauthn": ACCOUNT,
    "mfa_reauthenticate": ACCOUNT,
    "mfa_reauthenticate_webauthn": ACCOUNT,
    "mfa_remove_webauthn": ACCOUNT,
    "mfa_view_recovery_codes": ACCOUNT,
    "openid_connect_callback": EVERYBODY,
    "openid_connect_login": EVERYBODY,
    "saml_acs": EVERYBODY,
    "saml_finish_acs": EVERYBODY,
    "saml_login": EVERYBODY,
    "saml_metadata": EVERYBODY,
    "saml_sls": EVERYBODY,
    "set_language": EVERYBODY,
    "socialaccount_connections": ACCOUNT,
    "socialaccount_login_cancelled": EVERYBODY,
    "socialaccount_login_error": EVERYBODY,
    "socialaccount_signup": EVERYBODY,
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the tree: its pattern, its full name, and who may read and write there (None: undeclared)."""

    pattern: str
    name: str
    reading: Access | None
    writing: Access | None

    @property
    def is_declared(self) -> bool:
        """Whether anything says who may use it."""
        return self.reading is not None or self.writing is not None


def all_addresses() -> Iterator[Address]:
    """Every address that Django answers."""
    pages = {page.url_name: page.page.permission for page in registry.pages}
    for pattern, name in _walk(get_resolver(), "", ()):
        router = next((r for r in registry.routers if pattern.startswith(f"{API}{r.prefix}")), None)
        if name in pages:
            yield Address(pattern, name, pages[name], pages[name])
        elif router is not None:
            yield Address(pattern, name, router.reading, router.writing)
        else:
            yield Address(pattern, name, DECLARED.get(name), DECLARED.get(name))


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern):
            yield pattern, ":".join((*spaces, entry.name or ""))
