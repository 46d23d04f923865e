"""The addresses of what everybody sees. Words stand before references, which would take them for one."""

from django.utils.translation import gettext_noop as _

from stadt.apps.issues.shown import area_pages, feeds, subscribing, views, votes
from stadt.core.manifest import EVERYBODY, Menu, Page

PAGES: tuple[Page, ...] = (
    Page("map", "", views.show_map, _("Meldungen ansehen"), Menu.SERVICES, permission=EVERYBODY, order=20),
    Page("features", "karte.geojson", views.show_features, permission=EVERYBODY),
    Page("figures", "zahlen/", area_pages.show_city, _("Meldungen in Zahlen"), permission=EVERYBODY),
    Page("feed", "neues.atom", feeds.show_city_feed, permission=EVERYBODY),
    Page("area", "in/<slug:key>/", area_pages.show_area, permission=EVERYBODY),
    Page("area_feed", "in/<slug:key>.atom", feeds.show_area_feed, permission=EVERYBODY),
    Page("category_feed", "thema/<slug:key>.atom", feeds.show_category_feed, permission=EVERYBODY),
    Page("subscribe", "abo/", subscribing.subscribe, permission=EVERYBODY),
    Page("shown", "<slug:reference>/", votes.show_report, permission=EVERYBODY),
    Page("me_too", "<slug:reference>/ich-auch/", votes.me_too, permission=EVERYBODY),
    Page("not_fixed", "<slug:reference>/nicht-erledigt/", votes.not_fixed, permission=EVERYBODY),
)
