"""Accounts of identity providers beside the city's own."""

from __future__ import annotations

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No provider is offered yet."""
