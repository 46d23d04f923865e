"""The inventory of containers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContainerKind(models.TextChoices):
    """What a container is for."""

    PAPER = "paper", _("Altpapier")
    GLASS = "glass", _("Altglas")
    RESIDUAL = "residual", _("Restabfall")
    BIO = "bio", _("Bioabfall")
    PACKAGING = "packaging", _("Leichtverpackungen")
    LITTER = "litter", _("Papierkorb")


class Container(models.Model):
    """A container and where it stands (WGS 84 degrees).

    `number` is what is painted on it; `thing_key` names the Thing whose fill level is its own, empty without a sensor.
    `is_simulated` marks containers that only the demo knows.
    """

    number = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=ContainerKind)
    title = models.CharField(max_length=120)
    lon = models.FloatField()
    lat = models.FloatField()
    capacity_l = models.PositiveIntegerField(null=True, blank=True)
    thing_key = models.CharField(max_length=200, blank=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=("thing_key",), condition=~models.Q(thing_key=""), name="waste_one_container_per_thing"
            ),
            models.CheckConstraint(
                condition=models.Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="waste_container_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.title
