"""The place: city, district, quarter, address, site or route, with its outline."""

from django.db import models


class PlaceKind(models.TextChoices):
    """What a place is; the first three are areas that contain one another."""

    CITY = "city", "Stadt"
    DISTRICT = "district", "Stadtbezirk"
    QUARTER = "quarter", "Stadtteil"
    ADDRESS = "address", "Adresse"
    SITE = "site", "Standort"
    ROUTE = "route", "Strecke"


AREA_KINDS = (PlaceKind.CITY, PlaceKind.DISTRICT, PlaceKind.QUARTER)


class Place(models.Model):
    """A place of the city. Coordinates are WGS 84 degrees, longitude before latitude.

    `geometry` is the outline as WKB; `west` to `north` is its bounding box, `lon`/`lat` a point surely inside it.
    `simplified` marks outlines that are drawn by hand and no evidence of a boundary.
    """

    kind = models.CharField(max_length=16, choices=PlaceKind)
    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    sort_key = models.TextField(editable=False)
    code = models.CharField(max_length=32, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    geometry = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    lon = models.FloatField()
    lat = models.FloatField()
    area_m2 = models.FloatField(default=0)
    simplified = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=("kind", "sort_key"), name="places_kind_sort")]
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "code"), condition=~models.Q(code=""), name="places_code_once_per_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(west__lte=models.F("east")) & models.Q(south__lte=models.F("north")),
                name="places_bbox_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
