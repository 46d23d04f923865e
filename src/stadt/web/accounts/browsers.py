"""Says in words what a session's browser and network are; no service elsewhere is asked."""

from __future__ import annotations

from ipaddress import ip_address

from django.utils.translation import gettext

# The first word found names it: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Return such as “Firefox, Windows”; what is not known is called so."""
    browser = next((name for word, name in BROWSERS if word in user_agent), "")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or gettext("Unbekannter Browser")


def place_name(address: str) -> str:
    """Return where a shortened address is: on this machine, in the own network, or somewhere else."""
    ip = ip_address(address)
    if ip.is_loopback:
        return gettext("dieser Rechner")
    if ip.is_unspecified:
        return gettext("unbekannt")
    shown = f"{address.rsplit('.', 1)[0]}.…" if ip.version == 4 else f"{address.rstrip(':')}:…"
    if ip.is_private:
        return gettext("lokales Netz (%(address)s)") % {"address": shown}
    return gettext("Internet (%(address)s)") % {"address": shown}
