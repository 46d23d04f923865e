"""Pictures for made-up reports: drawn, never photographed, and saying so themselves."""

import random
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

from stadt.civic.cases.catalogue import Face
from stadt.civic.cases.models import Case
from stadt.civic.files.services import attach, publish, take_file
from stadt.core.people.actor import Actor

ACTOR = Actor.system("demo")
SIZE = (640, 480)
WITH_PHOTOS = 18
"""So many of the newest reports have pictures: each costs three copies on the disk."""
GROUND, SKY, STREET, MARK = "#7c8a6b", "#cfd8e3", "#8d9199", "#b5473c"
WORDS = "Beispielbild"


def give_photos(cases: Sequence[Case]) -> None:
    """Draw a picture of before, and of after where the work is done, and release them as an officer would."""
    chance = random.Random(len(cases))
    for case in sorted(cases, key=lambda one: one.received_at)[-WITH_PHOTOS:]:
        seed = chance.random()
        _keep(case, "before", draw(seed, is_done=False))
        if case.face == Face.DONE:
            _keep(case, "after", draw(seed, is_done=True))


def draw(seed: float, *, is_done: bool) -> BytesIO:
    """A street with something lying on it, or nothing any more; the same seed gives the same street."""
    chance = random.Random(seed)
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    wide, high = SIZE
    horizon = int(high * chance.uniform(0.4, 0.55))
    pen.rectangle((0, horizon, wide, high), fill=GROUND)
    left, right = chance.uniform(0.1, 0.3) * wide, chance.uniform(0.7, 0.9) * wide
    pen.polygon([(wide * 0.45, horizon), (wide * 0.55, horizon), (right, high), (left, high)], fill=STREET)
    for house in range(5):
        x = house * wide // 5 + chance.randint(0, 20)
        pen.rectangle(
            (x, horizon - chance.randint(60, 150), x + 90, horizon),
            fill=chance.choice(["#b9a58c", "#a7a9b4", "#c2b8a3"]),
        )
    if not is_done:
        for _ in range(chance.randint(3, 6)):
            x, y = chance.randint(int(left), int(right) - 60), chance.randint(horizon + 60, high - 80)
            pen.rounded_rectangle(
                (x, y, x + chance.randint(40, 110), y + chance.randint(30, 60)), 8, fill=MARK
            )
    pen.rectangle((0, high - 34, wide, high), fill="#ffffff")
    pen.text((14, high - 28), WORDS, fill="#131525", font_size=20)
    found = BytesIO()
    picture.save(found, "JPEG", quality=70)
    found.seek(0)
    return found


def _keep(case: Case, role: str, picture: BytesIO) -> None:
    stored = take_file(picture, "beispiel.jpg", "image/jpeg", accepts=("photo",), actor=ACTOR)
    attach([stored.pk], case.subject, role, actor=ACTOR)
    publish(ACTOR, stored.pk)
