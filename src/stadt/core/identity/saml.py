"""SAML providers: what their metadata file says. Imported only where the extra `saml` is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

if TYPE_CHECKING:
    from stadt.core.identity.providers import IdentityProvider


def read_metadata(provider: IdentityProvider) -> tuple[dict[str, Any], str | None]:
    """The provider's addresses and certificate as `python3-saml` takes them, and what is wrong with them."""
    if provider.metadata is None:
        return {}, "metadata fehlt."
    try:
        text = provider.metadata.read_text("utf-8")
        found = OneLogin_Saml2_IdPMetadataParser.parse(text, entity_id=provider.issuer).get("idp", {})
    except (OSError, ValueError, SyntaxError) as error:  # lxml's errors are syntax errors
        return {}, f"{provider.metadata} ist nicht lesbar: {error}"
    if found.get("entityId") != provider.issuer:
        return found, f"{provider.metadata} beschreibt keinen Anmeldedienst namens {provider.issuer}."
    if not found.get("singleSignOnService", {}).get("url"):
        return found, f"{provider.metadata} nennt keine Adresse zum Anmelden (HTTP-Redirect)."
    if not (found.get("x509cert") or found.get("x509certMulti")):
        return found, f"{provider.metadata} enthält kein Zertifikat."
    return found, None
