"""What the map plugs in."""

from django.utils.translation import gettext_noop

from stadt.apps.maps import views
from stadt.core.manifest import EVERYBODY, Manifest, Menu, Page, Panel

MANIFEST = Manifest(
    path="karte",
    pages=(
        Page("map", "", views.show_map, title=gettext_noop("Karte"), menu=Menu.MAP, permission=EVERYBODY),
        Page("layer", "ebenen/<str:key>.geojson", views.show_layer, permission=EVERYBODY),
    ),
    panels=(Panel("home.doors", "maps/door.html", views.door, order=30),),
)
