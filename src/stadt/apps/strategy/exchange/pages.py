"""What the exchange plugs into the strategy."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.exchange import views
from stadt.apps.strategy.rights import EXCHANGE
from stadt.core.manifest import EVERYBODY, Menu, Page, Panel

PAGES = (
    Page(
        "exchange",
        "austausch/",
        views.downloads,
        _("Strategie als Datei"),
        Menu.STRATEGY,
        permission=EVERYBODY,
        order=200,
    ),
    Page("exchange_import", "austausch/einlesen/", views.take_file, permission=EXCHANGE),
)
PANELS = (Panel("strategy.overview", "strategy/exchange/_panel.html", views.panel, order=90),)
