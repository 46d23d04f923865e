"""What the environment app plugs in."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.environment import datasets, demo, layers, queries, station_figures, views
from stadt.apps.environment.rights import MANAGE
from stadt.apps.environment.services import SITES
from stadt.apps.environment.verbs import SUBJECTS, VERBS
from stadt.core.manifest import (
    EVERYBODY,
    Demo,
    Hit,
    Job,
    Layer,
    Manifest,
    Menu,
    Page,
    Panel,
    SearchSource,
    SpotSource,
)


def search(words: str, limit: int) -> Iterator[Hit]:
    """Stations by place and number."""
    for station in queries.find_by_words(words, limit):
        url = reverse("environment:station", kwargs={"number": station.number})
        yield Hit(station.title, url, station.number, gettext("Umweltmessstation"))


MANIFEST = Manifest(
    path="umwelt",
    pages=(
        Page("overview", "", views.overview, _("Umwelt"), menu=Menu.CITY, permission=EVERYBODY),
        Page("air_quality", "luftqualitaet/", views.explain_index, permission=EVERYBODY),
        Page(
            "stations",
            "verwalten/",
            views.list_stations,
            _("Messstationen verwalten"),
            Menu.OPERATIONS,
            permission=MANAGE,
        ),
        Page("station_new", "verwalten/neu/", views.new_station, permission=MANAGE),
        Page("station_edit", "verwalten/<slug:number>/", views.edit_station, permission=MANAGE),
        Page("station", "<slug:number>/", views.show_station, permission=EVERYBODY),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    permissions=(MANAGE,),
    datasets=(datasets.STATIONS, datasets.MEASUREMENTS),
    indicators=station_figures.ALL,
    layers=(Layer("environment.stations", _("Umweltmessstationen"), layers.features, order=100),),
    panels=(Panel("home.now", "environment/panel.html", views.panel, order=10),),
    search=(SearchSource("environment.stations", _("Umweltmessstationen"), search),),
    spots=(SpotSource(SITES, queries.spots),),
    jobs=(Job("environment.simulate", demo.send_round, every=demo.EVERY),),
    demo=Demo(demo.fill, demo.clear, order=30),
)
