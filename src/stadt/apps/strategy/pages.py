"""The public pages beside the strategy's own: map, timeline, and cards for frames of other sites."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy import embedding, space_page, timeline
from stadt.core.manifest import EVERYBODY, Menu, Page

PAGES = (
    Page("spaces", "karte/", space_page.show, _("Karte der Maßnahmen"), Menu.STRATEGY, permission=EVERYBODY, order=120),
    Page("timeline", "zeitplan/", timeline.show, _("Zeitplan der Maßnahmen"), Menu.STRATEGY, permission=EVERYBODY,
         order=130),
    Page("measure_embed", "massnahmen/<str:code>/einbetten/", embedding.show_measure, permission=EVERYBODY),
    Page("indicator_embed", "indikatoren/<str:code>/einbetten/", embedding.show_indicator, permission=EVERYBODY),
)  # fmt: skip
