"""What people answered in forms: told on export, without their account after erasure."""

from stadt.civic.forms import privacy
from stadt.civic.forms.models import Draft, FormVersion
from stadt.civic.forms.services import start_draft, submit
from stadt.civic.forms.tests.card import ADULT
from stadt.core.people.actor import Actor
from stadt.core.people.models import User


def test_a_person_gets_what_she_filled_in_and_leaves_without_her_drafts(kept: FormVersion) -> None:
    user = User.objects.create_user("ada@beispiel.de", "ein langes Passwort", name="Ada Beispiel")
    actor = Actor.for_user(user)
    start_draft(actor, "card", answers={"name": ADULT["name"]})
    _, secret = start_draft(actor, "card", answers=ADULT)
    submission = submit(secret, actor)
    found = privacy.export(user)
    assert [item["answers"] for item in found["drafts"]] == [{"name": ADULT["name"]}]
    assert [item["form"] for item in found["submissions"]] == ["Ausweis beantragen"]
    privacy.erase(user)
    submission.refresh_from_db()
    assert (submission.user_id, Draft.objects.filter(user=user).exists()) == (None, False)
