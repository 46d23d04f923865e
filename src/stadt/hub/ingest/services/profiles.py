"""Writes about device profiles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.hub.ingest.models import DeviceProfile, DeviceStream, ProfileRow
from stadt.hub.ingest.rights import MANAGE
from stadt.hub.ingest.services.names import PATH, SLUG
from stadt.hub.ingest.units import is_ucum, symbol_of
from stadt.hub.observations.services import set_publication

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row of a profile as somebody wants it; see `ProfileRow`."""

    path: str
    key: str
    name: str
    unit_code: str = ""
    definition: str = ""
    observation_type: str = "OM_Measurement"
    factor: float = 1.0
    offset: float = 0.0
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A device profile as somebody wants it; see `DeviceProfile`."""

    key: str
    title: str
    category: str
    rows: Sequence[RowDraft]
    description: str = ""
    battery_path: str = ""
    is_public: bool = False


@transaction.atomic
def create_profile(actor: Actor, draft: ProfileDraft) -> DeviceProfile:
    """A new device profile.

    Raises:
        Invalid: naming `key`, `title`, `category`, `rows` or `rows.<position>.<field>`.
    """
    actor.require(MANAGE)
    errors = list(find_profile_errors(draft))
    if DeviceProfile.objects.filter(key=draft.key).exists():
        errors.append(FieldError("key", _("gibt es schon")))
    _refuse(errors)
    profile = DeviceProfile.objects.create(key=draft.key, **_profile_fields(draft))
    _write_rows(profile, draft.rows)
    record(actor, "create_profile", f"profile:{profile.pk}", {"key": draft.key, "rows": len(draft.rows)})
    return profile


@transaction.atomic
def change_profile(actor: Actor, profile: DeviceProfile, draft: ProfileDraft) -> DeviceProfile:
    """Replace title, flags and rows; the profile's revision grows and new messages are read by it at once.

    The unit and type of a property that has readings stay: a unit never changes silently.

    With `is_public` the Datastreams there are follow.

    Raises:
        Invalid: as `create_profile`, and for a changed unit or type of a property with readings.
    """
    actor.require(MANAGE)
    profile = DeviceProfile.objects.select_for_update().get(pk=profile.pk)
    errors = [*find_profile_errors(draft), *_frozen_errors(profile, draft.rows)]
    _refuse(errors)
    was_public = profile.is_public
    for name, value in _profile_fields(draft).items():
        setattr(profile, name, value)
    profile.revision += 1
    profile.save()
    profile.rows.all().delete()
    _write_rows(profile, draft.rows)
    if profile.is_public != was_public:
        streams = DeviceStream.objects.filter(device__profile=profile).values_list("datastream_id", flat=True)
        set_publication(Actor.system("ingest"), list(streams), profile.is_public)
    record(
        actor,
        "change_profile",
        f"profile:{profile.pk}",
        {"revision": profile.revision, "rows": len(draft.rows)},
    )
    return profile


def find_profile_errors(draft: ProfileDraft) -> list[FieldError]:
    """Everything that is wrong with a draft, field by field."""
    errors = []
    for name, value in (("key", draft.key), ("category", draft.category)):
        if not SLUG.match(value):
            errors.append(FieldError(name, _("nur kleine Buchstaben, Ziffern und Bindestriche")))
    if not draft.title.strip():
        errors.append(FieldError("title", _("fehlt")))
    if draft.battery_path and not PATH.match(draft.battery_path):
        errors.append(FieldError("battery_path", _("ist kein Pfad wie battery.level")))
    if not 0 < len(draft.rows) <= MOST_ROWS:
        errors.append(FieldError("rows", _("ein Profil hat 1 bis %(most)d Zeilen") % {"most": MOST_ROWS}))
    seen: set[str] = set()
    for position, row in enumerate(draft.rows):
        errors += [FieldError(f"rows.{position}.{name}", text) for name, text in _row_errors(row)]
        if row.key in seen:
            errors.append(FieldError(f"rows.{position}.key", _("steht schon in einer anderen Zeile")))
        seen.add(row.key)
    return errors


def _row_errors(row: RowDraft) -> list[tuple[str, str]]:
    errors = []
    if not PATH.match(row.path) or len(row.path) > 120:
        errors.append(("path", _("ist kein Pfad wie fill_level oder soil.0.moisture")))
    if not SLUG.match(row.key):
        errors.append(("key", _("nur kleine Buchstaben, Ziffern und Bindestriche")))
    if not row.name.strip():
        errors.append(("name", _("fehlt")))
    if row.definition and not re.match(r"https?://\S+\Z", row.definition):
        errors.append(("definition", _("ist keine Adresse")))
    is_number = row.observation_type in {"OM_Measurement", "OM_CountObservation"}
    if is_number and not is_ucum(row.unit_code):
        errors.append(("unit_code", _("ist kein UCUM-Code wie Cel, %, ug/m3 oder 1")))
    if not is_number and row.unit_code:
        errors.append(("unit_code", _("Ja/Nein-Werte und Begriffe haben keine Einheit")))
    if row.factor == 0:
        errors.append(("factor", _("darf nicht 0 sein")))
    if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
        errors.append(("maximum", _("ist kleiner als das Minimum")))
    return errors


def _frozen_errors(profile: DeviceProfile, rows: Sequence[RowDraft]) -> list[FieldError]:
    used = set(DeviceStream.objects.filter(device__profile=profile).values_list("key", flat=True).distinct())
    old = {row.key: row for row in profile.rows.all() if row.key in used}
    errors = []
    for position, row in enumerate(rows):
        before = old.get(row.key)
        if before and before.unit_code != row.unit_code:
            text = _("dazu gibt es schon Werte in „%(unit)s“; nehmen Sie einen neuen Schlüssel") % {
                "unit": before.unit_code
            }
            errors.append(FieldError(f"rows.{position}.unit_code", text))
        if before and before.observation_type != row.observation_type:
            text = _("dazu gibt es schon Werte anderer Art; nehmen Sie einen neuen Schlüssel")
            errors.append(FieldError(f"rows.{position}.observation_type", text))
    return errors


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        several = _("Das Geräteprofil ist so nicht brauchbar.")
        raise Invalid(several if len(errors) > 1 else capfirst(errors[0].message), fields=tuple(errors))


def _profile_fields(draft: ProfileDraft) -> dict[str, str | bool]:
    return {
        "title": draft.title.strip(), "description": draft.description.strip(), "category": draft.category,
        "battery_path": draft.battery_path, "is_public": draft.is_public,
    }  # fmt: skip


def _write_rows(profile: DeviceProfile, rows: Sequence[RowDraft]) -> None:
    ProfileRow.objects.bulk_create(
        ProfileRow(
            profile=profile, position=position, path=row.path, key=row.key, name=row.name.strip(),
            definition=row.definition, unit_code=row.unit_code, unit_symbol=symbol_of(row.unit_code),
            observation_type=row.observation_type, factor=row.factor, offset=row.offset,
            minimum=row.minimum, maximum=row.maximum,
        )
        for position, row in enumerate(rows)
    )  # fmt: skip
