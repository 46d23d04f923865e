"""A real OpenID provider for tests, run as a process of its own: django-allauth's, with a person who is always signed in.

    python identity_provider.py PORT FOLDER

`FOLDER/say.json` is read at each answer: `claims` go into ID token and user info, `id_token` replaces what stands there.
"""

import json
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

CLIENT_ID = "vernetzte-stadt"
CLIENT_SECRET = "ein-geheimnis-des-tests"


def said(folder: str) -> dict[str, Any]:
    """What the test wants the provider to say."""
    found: dict[str, Any] = json.loads((Path(folder) / "say.json").read_text())
    return found


class Quiet(WSGIRequestHandler):
    """Keeps the test's output clean."""

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def main(port: int, folder: str) -> None:
    """Serve until killed."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    settings.configure(
        SECRET_KEY="only-for-tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="provider_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/provider.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "provider_parts.always_signed_in",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        IDP_OIDC_PRIVATE_KEY=pem,
        IDP_OIDC_ADAPTER="provider_parts.Adapter",
    )
    _plug_in(folder)
    django.setup()
    call_command("migrate", verbosity=0)
    _fill(folder)
    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet) as server:
        Path(folder, "ready").touch()
        server.serve_forever()


def _plug_in(folder: str) -> None:
    """Make the two modules that the settings name; they need the settings before they can be imported."""
    import types

    urls = types.ModuleType("provider_urls")
    parts = types.ModuleType("provider_parts")
    sys.modules |= {"provider_urls": urls, "provider_parts": parts}

    def urlpatterns() -> list[Any]:
        from django.urls import include, path

        return [path("", include("allauth.idp.urls")), path("konto/", include("allauth.account.urls"))]

    def adapter() -> type:
        from allauth.idp.oidc.adapter import DefaultOIDCAdapter

        class Adapter(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth has no types
            def get_claims(self, purpose: str, *arguments: Any, **more: Any) -> dict[str, Any]:
                told = said(folder)
                return {
                    **super().get_claims(purpose, *arguments, **more),
                    **told["claims"],
                    **told.get(purpose, {}),
                }

            def populate_id_token(self, id_token: dict[str, Any], *arguments: Any, **more: Any) -> None:
                id_token.update(said(folder).get("id_token", {}))

        return Adapter

    def always_signed_in(get_response: Any) -> Any:
        def middleware(request: Any) -> Any:
            from django.contrib.auth.models import User

            if request.path.endswith("/authorize"):
                request.user = User.objects.get()
            return get_response(request)

        return middleware

    class Lazy(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            return {"urlpatterns": urlpatterns, "Adapter": adapter}[name]()

    urls.__class__ = parts.__class__ = Lazy
    parts.always_signed_in = always_signed_in  # type: ignore[attr-defined]


def _fill(folder: str) -> None:
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    User.objects.create_user("frieda")
    redirect_uri = Path(folder, "redirect_uri").read_text()
    Client.objects.create(
        id=CLIENT_ID,
        name="Stadt",
        secret=make_password(CLIENT_SECRET),
        scopes="openid\nprofile\nemail",
        default_scopes="openid",
        redirect_uris=redirect_uri,
        skip_consent=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
