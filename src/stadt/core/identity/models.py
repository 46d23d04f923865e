"""What identity providers decided: the roles somebody holds because of a group there."""

from __future__ import annotations

from django.db import models

from stadt.core.people.models import Membership


class ProvidedRole(models.Model):
    """Marks a membership as given by a provider's group; without the mark a hand gave it, and no provider takes it."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="provided")
    provider = models.CharField(max_length=64)

    class Meta:
        app_label = "core"
