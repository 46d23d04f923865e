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


class SpotKind(models.TextChoices):
    """What a spot is: where somebody can be sent to."""

    ADDRESS = "address", "Adresse"
    STREET = "street", "Straße"
    STOP = "stop", "Haltestelle"
    SITE = "site", "Standort"


class Spot(models.Model):
    """A point with a name: an address, a street, a stop, a site. Coordinates are WGS 84 degrees.

    A source knows its spots by `external_id`, so that reading it again changes and does not double them. `folded` is the
    spelling by which it is found (`spot_words`), in the order of code points; `district` and `quarter` are those it lies in.
    `is_simulated` marks what only the demo knows.
    """

    kind = models.CharField(max_length=16, choices=SpotKind)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=120, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=120, blank=True)
    folded = models.TextField(editable=False, db_collation="C")
    lon = models.FloatField()
    lat = models.FloatField()
    district = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")
    quarter = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    is_simulated = models.BooleanField(default=False)
    external_id = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=("folded",), name="places_spot_folded"),
            models.Index(fields=("lat", "lon"), name="places_spot_point"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("source", "external_id"), name="places_spot_once_per_source"),
        ]

    def __str__(self) -> str:
        return self.name
