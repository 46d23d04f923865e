"""`/api/v1/publishing/…`: deliveries of kept datasets by scripts, with a token."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from stadt.apps.publishing import queries
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept import jobs, services
from stadt.hub.datasets.models import Delivery
from stadt.hub.datasets.rights import KEEP

CHUNK_BYTES = 1024 * 1024
TYPES_OF_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

router = Router()


def load_router() -> Router:
    """The router for the platform's one HTTP interface."""
    return router


class DeliveryOut(Schema):
    """A delivery: `state` is received, read, prepared, published, failed, refused or superseded; `step` what is being done with it now; `problems` are sentences in German."""

    dataset: str
    number: int
    filename: str
    sha256: str
    size_bytes: int
    received_at: datetime
    state: str
    step: str
    row_count: int | None
    problems: list[str]
    has_other_columns: bool = Field(
        description="Its columns differ from the accepted ones and nobody said that this is right."
    )


@router.post("/datasets/{key}/deliveries", response={201: DeliveryOut}, url_name="receive_delivery")
def receive_delivery(
    request: HttpRequest,
    key: str,
    filename: Annotated[str, Field(max_length=200, description="Name of the file, with its ending.")] = "",
) -> Status[DeliveryOut]:
    """Deliver a file: the body of the request, as it is, at most 2 GB. It is read and prepared as the one before; a person hands it in."""
    actor = _keeper(request)
    kept = queries.get_for(actor, key, KEEP)
    if not filename:
        raise Invalid("The file needs a name.", fields=(FieldError("filename", "is missing"),))
    if request.content_type in TYPES_OF_FORMS:
        message = "Send the file itself as the body, with Content-Type: application/octet-stream."
        raise Invalid(message, fields=(FieldError("Content-Type", request.content_type),))
    delivery = services.receive_delivery(actor, kept.key, filename, _chunks(request))
    jobs.read_later(actor, delivery.pk)
    return Status(201, _out(key, queries.get_delivery(kept, delivery.number)))


@router.get("/datasets/{key}/deliveries/{int:number}", response=DeliveryOut)
def show_delivery(request: HttpRequest, key: str, number: int) -> DeliveryOut:
    """How far a delivery is."""
    kept = queries.get_for(_keeper(request), key, KEEP)
    return _out(key, queries.get_delivery(kept, number))


def _keeper(request: HttpRequest) -> Actor:
    """Whoever asks, if they keep datasets anywhere. Raises SignInNeeded, Forbidden."""
    actor = actor_of(request)
    actor.require(KEEP)
    return actor


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK_BYTES):
        yield chunk


def _out(key: str, delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        dataset=key,
        number=delivery.number,
        filename=delivery.filename,
        sha256=delivery.sha256,
        size_bytes=delivery.size_bytes,
        received_at=delivery.received_at,
        state=delivery.state,
        step=delivery.step,
        row_count=delivery.row_count,
        problems=list(delivery.problems),
        has_other_columns=delivery.has_open_drift,
    )
