"""What people tell about their use of the data: applications made with them, and requests for data they miss."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from stadt.apps.reuse.workflow import ApplicationState, RequestState


class Told(models.Model):
    """What both have. `email` is private and only for questions; it counts once it was confirmed by the link sent to it.

    `secret_digest` is the SHA-256 of that link's secret. `language` is the one the form was filled in.
    """

    email = models.EmailField(blank=True)
    secret_digest = models.BinaryField(max_length=32, null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, default="de")
    told_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Application(Told):
    """Something made with the city's data; `datasets` are keys. `agreed_at` to `withdrawn_at` is how long it counts."""

    name = models.CharField(max_length=80)
    description = models.CharField(max_length=600)
    url = models.URLField(max_length=300)
    maker = models.CharField(max_length=80, blank=True)
    datasets = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.PROPOSED)
    agreed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("state", "told_at"), name="reuse_application_state")]

    def __str__(self) -> str:
        return self.name


class DataRequest(Told):
    """Data that somebody misses, and what the city answered; `dataset` is the key of what was published for it."""

    title = models.CharField(max_length=120)
    text = models.CharField(max_length=1500)
    answer = models.CharField(max_length=1500, blank=True)
    dataset = models.CharField(max_length=101, blank=True)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PROPOSED)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("state", "told_at"), name="reuse_request_state")]

    def __str__(self) -> str:
        return self.title
