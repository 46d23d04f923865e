"""What the catalogue plugs in."""

from stadt.apps.catalogue import changes, datasets, finding, indicators, reach, showing, views
from stadt.core.manifest import EVERYBODY, Manifest, Menu, Page, Panel

MANIFEST = Manifest(
    path="daten",
    pages=(
        Page(
            "list", "", views.show_list, title="Offene Daten", menu=Menu.DATA, order=10, permission=EVERYBODY
        ),
        Page("feed", "feed.atom", views.show_feed, permission=EVERYBODY),
        Page("dataset", "<str:key>/", showing.show_dataset, permission=EVERYBODY),
        Page("difference", "<str:key>/vergleich/", changes.show_difference, permission=EVERYBODY),
        Page("dataset_feed", "<str:key>/feed.atom", changes.show_feed, permission=EVERYBODY),
        Page("embed", "<str:key>/einbetten/", changes.show_embed, permission=EVERYBODY),
    ),
    datasets=(datasets.DATASETS, datasets.USAGE),
    indicators=(*indicators.ALL, *reach.ALL),
    panels=(Panel("home.doors", "catalogue/door.html", views.door, order=20),),
    search=(finding.SEARCH,),
)
