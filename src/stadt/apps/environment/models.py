"""The city's measuring stations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Surroundings(models.TextChoices):
    """Where a station stands, in a word: values of a main road and of a park are not compared."""

    TRAFFIC = "traffic", _("an einer verkehrsreichen Straße")
    BACKGROUND = "background", _("im Wohngebiet")
    INDUSTRIAL = "industrial", _("in der Nähe von Industrie")
    GREEN = "green", _("im Grünen")


class Station(models.Model):
    """A place where the city measures (WGS 84 degrees).

    `thing_key` names the Thing whose Datastreams are the station's. `is_simulated` marks stations that only the demo
    knows.
    """

    number = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    surroundings = models.CharField(max_length=16, choices=Surroundings)
    lon = models.FloatField()
    lat = models.FloatField()
    thing_key = models.CharField(max_length=200, unique=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="environment_station_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.title
