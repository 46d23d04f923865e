"""Bodies as the city's folder names them, and the seats in them."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance.kinds import BodyKind, SeatRole
from stadt.apps.governance.models import Body, Seat
from stadt.apps.governance.refusals import refuse
from stadt.apps.governance.rights import KEEP_BODIES
from stadt.core.audit import record
from stadt.core.city import current
from stadt.core.errors import ConfigurationError, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import User


@transaction.atomic
def load_bodies(actor: Actor) -> int:
    """Take the bodies of the city's `governance.toml`; known ones get its names and days. Returns how many changed.

    Raises:
        Forbidden: without `governance.keep_bodies`.
        ConfigurationError: naming the entry that is missing or of the wrong shape.
    """
    actor.require(KEEP_BODIES)
    changed = []
    for entry in current().read_toml("governance.toml").get("body", ()):
        try:
            values = {
                "kind": BodyKind(entry["kind"]).value,
                "name": str(entry["name"]),
                "since": entry.get("since"),
                "until": entry.get("until"),
                "is_planned": bool(entry.get("is_planned", False)),
                "note": str(entry.get("note", "")),
            }
            body, is_new = Body.objects.get_or_create(key=str(entry["key"]), defaults=values)
        except (KeyError, ValueError) as error:
            raise ConfigurationError(f"governance.toml: Ein Gremium ist unvollständig: {error}.") from error
        if is_new or any(getattr(body, name) != value for name, value in values.items()):
            Body.objects.filter(pk=body.pk).update(**values)
            changed.append(body.key)
    if changed:
        record(actor, "load_bodies", "body:all", {"bodies": sorted(changed)})
    return len(changed)


@transaction.atomic
def give_seat(
    actor: Actor,
    body_key: str,
    user_id: int,
    role: str,
    *,
    since: date | None = None,
    until: date | None = None,
    is_example: bool = False,
) -> Seat:
    """Let somebody sit in a body from the day `since` (today) to the day `until` (open). A seat gives no permission.

    Raises:
        Forbidden: without `governance.keep_bodies`.
        NotFound: there is no such body.
        Invalid: naming `user`, `role` or `until`.
    """
    actor.require(KEEP_BODIES)
    body = get_body(body_key)
    since = since or timezone.localdate()
    if role not in SeatRole.values:
        raise refuse("role", gettext("Diese Auswahl gibt es nicht."))
    if until is not None and until < since:
        raise refuse("until", gettext("Das Ende liegt vor dem Anfang."))
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise refuse(
            "user", gettext("Ein Konto mit dieser Adresse gibt es nicht. Laden Sie den Menschen erst ein.")
        )
    for seat in body.seats.filter(user=user):
        if (until is None or seat.since <= until) and (seat.until is None or since <= seat.until):
            raise refuse("user", gettext("Dieser Mensch hat in dieser Zeit schon einen Sitz."))
    seat = Seat.objects.create(
        body=body, user=user, role=role, since=since, until=until, is_example=is_example
    )
    record(
        actor, "give_seat", f"body:{body.key}", {"user": user.pk, "role": role, "since": since.isoformat()}
    )
    return seat


@transaction.atomic
def end_seat(actor: Actor, seat_id: int) -> None:
    """Let a seat end yesterday; one that began today goes, it never counted. Raises Forbidden, NotFound."""
    actor.require(KEEP_BODIES)
    seat = (
        Seat.objects.in_force()
        .select_for_update(of=("self",))
        .select_related("body")
        .filter(pk=seat_id)
        .first()
    )
    if seat is None:
        raise NotFound(gettext("Diesen Sitz gibt es nicht mehr."))
    last = date.fromordinal(timezone.localdate().toordinal() - 1)
    if last < seat.since:
        seat.delete()
    else:
        seat.until = last
        seat.save(update_fields=["until"])
    record(actor, "end_seat", f"body:{seat.body.key}", {"user": seat.user_id})


def get_body(key: str) -> Body:
    """The body. Raises NotFound."""
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise NotFound(gettext("Dieses Gremium gibt es nicht."))
    return body
