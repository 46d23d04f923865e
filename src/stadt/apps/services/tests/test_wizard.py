"""Filling in: step by step without a script, back and forth, later, by link, and never over what is not one's own."""

from datetime import timedelta

import msgspec
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from stadt.apps.services.services import begin, get_draft_of
from stadt.apps.services.tests.filling import NOBODY, PERSON, WISH, fill_in, step_url
from stadt.apps.services.views import wizard
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.forms.models import Draft
from stadt.core.people.models import User


def answers_of(secret: str, one: CaseType) -> dict[str, object]:
    answers: dict[str, object] = get_draft_of(one, secret).answers
    return answers


class TestStart:
    """The page before one begins."""

    def test_it_says_what_is_needed_and_which_steps_come(self, client: Client, allotment: CaseType) -> None:
        shown = client.get("/dienste/kleingarten/").content.decode()
        for words in ("Ihr Wunsch", "Wer sind Sie?", "Prüfen und absenden", "14 Tage", "Einen grünen Daumen"):
            assert words in shown

    def test_beginning_leads_to_the_first_step(self, client: Client, allotment: CaseType) -> None:
        answer = client.post("/dienste/kleingarten/", {"category": "south"})
        assert answer.status_code == 302
        assert answer["Location"].endswith("/wish/")
        assert Draft.objects.get().names == {"category": "south"}

    @pytest.mark.parametrize("category", ["", "north", "unknown", "\0"])
    def test_a_category_that_is_not_offered_is_refused(
        self, client: Client, allotment: CaseType, category: str
    ) -> None:
        answer = client.post("/dienste/kleingarten/", {"category": category})
        assert answer.status_code == 422
        assert 'id="category-error"' in answer.content.decode()
        assert not Draft.objects.exists()

    def test_reading_the_page_begins_nothing(self, client: Client, allotment: CaseType) -> None:
        client.get("/dienste/kleingarten/")
        assert not Draft.objects.exists()

    def test_one_address_cannot_begin_without_end(self, client: Client, allotment: CaseType) -> None:
        codes = [
            client.post("/dienste/kleingarten/", {"category": "south"}, REMOTE_ADDR="192.0.2.7").status_code
            for _ in range(25)
        ]
        assert codes[0] == 302
        assert codes[-1] == 429


class TestSteps:
    """One page for each step."""

    def test_a_right_step_leads_to_the_next(self, client: Client, draft: str) -> None:
        answer = client.post(step_url(draft, "wish"), WISH)
        assert answer["Location"] == step_url(draft, "person")

    def test_a_step_appears_with_its_rule(self, client: Client, draft: str) -> None:
        assert client.get(step_url(draft, "large")).status_code == 404
        answer = client.post(step_url(draft, "wish"), {"size": "300"})
        assert answer["Location"] == step_url(draft, "large")

    def test_a_wrong_step_says_why_and_keeps_what_was_typed(
        self, client: Client, draft: str, allotment: CaseType
    ) -> None:
        answer = client.post(step_url(draft, "wish"), {"size": "zwölf"})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert 'role="alert"' in shown
        assert 'href="#id_size"' in shown
        assert "zwölf" in shown
        assert answers_of(draft, allotment) == {}

    def test_nobody_skips_a_step(self, client: Client, draft: str) -> None:
        assert client.get(step_url(draft, "person"))["Location"] == step_url(draft, "wish")

    def test_one_can_go_back(self, client: Client, draft: str) -> None:
        client.post(step_url(draft, "wish"), WISH)
        assert step_url(draft, "wish") in client.get(step_url(draft, "person")).content.decode()
        assert 'value="120"' in client.get(step_url(draft, "wish")).content.decode()

    def test_the_progress_is_told(self, client: Client, draft: str) -> None:
        shown = client.get(step_url(draft, "wish")).content.decode()
        assert "Schritt 1 von 2" in shown
        assert 'aria-current="step"' in shown

    def test_later_keeps_what_is_right_and_complains_about_nothing(
        self, client: Client, draft: str, allotment: CaseType
    ) -> None:
        client.post(step_url(draft, "wish"), WISH)
        answer = client.post(step_url(draft, "person"), {"email": "ada@example.org", "tat": "spaeter"})
        assert answer["Location"] == step_url(draft)
        assert answers_of(draft, allotment) == {"size": 120, "email": "ada@example.org"}
        assert "Es fehlt noch etwas" in client.get(step_url(draft)).content.decode()

    def test_words_change_with_language_and_plainness(self, client: Client, draft: str) -> None:
        english = client.get(step_url(draft, "wish"), headers={"accept-language": "en"}).content.decode()
        assert "Size in square metres" in english
        plain = client.get(f"{step_url(draft, 'wish')}?einfach=1").content.decode()
        assert "Was wünschen Sie sich?" in plain

    def test_a_script_in_an_answer_stays_text(self, client: Client, draft: str) -> None:
        client.post(step_url(draft, "wish"), {"size": "300"})
        client.post(step_url(draft, "large"), {"reason": "<script>alert(1)</script>"})
        shown = client.get(step_url(draft)).content.decode()
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;" in shown

    def test_a_form_without_the_token_is_refused(self, draft: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(step_url(draft, "wish"), WISH).status_code == 403


class TestSecret:
    """Whoever has the link may go on, and nobody else."""

    @pytest.mark.parametrize("path", ["", "wish", "person"])
    def test_a_wrong_secret_shows_nothing(self, client: Client, draft: str, path: str) -> None:
        for wrong in ("x", draft[:-1], draft + "a", draft.swapcase()):
            assert client.get(step_url(wrong, path)).status_code == 404
            assert client.post(step_url(wrong, path), WISH).status_code == 404

    def test_the_page_goes_nowhere_else(self, client: Client, draft: str) -> None:
        for answer in (client.get(step_url(draft)), client.get(step_url(draft, "wish"))):
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["Referrer-Policy"] == "same-origin"

    def test_a_draft_ends_with_its_days(self, client: Client, draft: str) -> None:
        Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert client.get(step_url(draft)).status_code == 404

    def test_the_review_shows_every_answer_and_where_to_change_it(self, client: Client, draft: str) -> None:
        fill_in(client, draft)
        shown = client.get(step_url(draft)).content.decode()
        for words in (
            "120",
            "Ada Muster",
            "ada@example.org",
            "Verbindlich absenden",
            step_url(draft, "wish"),
        ):
            assert words in shown

    def test_the_choice_before_the_form_is_named_in_the_readers_language(
        self, client: Client, draft: str
    ) -> None:
        fill_in(client, draft)
        english = {"accept-language": "en"}
        shown = client.get(step_url(draft), headers=english).content.decode()
        sent = client.post(step_url(draft), {"tat": "senden"})
        for page in (shown, client.get(sent["Location"], headers=english).content.decode()):
            assert "South" in page
            assert "Anlage Süd" not in page

    def test_throwing_away_leaves_nothing(self, client: Client, draft: str) -> None:
        client.post(step_url(draft, "wish"), WISH)
        answer = client.post(step_url(draft), {"tat": "loeschen"})
        assert answer["Location"] == "/dienste/kleingarten/"
        assert not Draft.objects.exists()
        assert client.get(step_url(draft)).status_code == 404


class TestLinkByMail:
    """The link of a draft by mail."""

    def test_the_mail_holds_the_link_and_no_answer(self, client: Client, draft: str) -> None:
        client.post(step_url(draft, "wish"), WISH)
        client.post(step_url(draft), {"tat": "mail", "email": "ada@example.org"})
        [message] = mail.outbox
        assert message.to == ["ada@example.org"]
        assert step_url(draft) in message.body
        assert "120" not in message.body.replace(draft, "")

    @pytest.mark.parametrize("email", ["", "ada", "a@b.de\nBcc: c@d.de", "x" * 300 + "@example.org"])
    def test_a_wrong_address_is_refused(self, client: Client, draft: str, email: str) -> None:
        assert client.post(step_url(draft), {"tat": "mail", "email": email}).status_code == 422
        assert not mail.outbox

    def test_three_mails_are_enough(self, client: Client, draft: str) -> None:
        codes = [
            client.post(step_url(draft), {"tat": "mail", "email": "ada@example.org"}).status_code
            for _ in range(4)
        ]
        assert codes == [302, 302, 302, 429]
        assert len(mail.outbox) == 3


class TestAccount:
    """Signed-in people: what the account knows is filled in and cannot be changed on the way."""

    @pytest.fixture
    def ada(self, client: Client) -> User:
        user = User.objects.create_user("ada@example.org", name="Ada Muster")
        client.force_login(user)
        return user

    def begin(self, client: Client) -> str:
        answer = client.post("/dienste/kleingarten/", {"category": "south"})
        return str(answer["Location"].split("/")[4])

    def test_the_account_fills_in_name_and_address(
        self, client: Client, allotment: CaseType, ada: User
    ) -> None:
        secret = self.begin(client)
        found = get_draft_of(allotment, secret)
        assert found.prefilled == {
            "applicant": {"given_name": "Ada", "family_name": "Muster"},
            "email": "ada@example.org",
        }
        assert found.user_id == ada.pk

    def test_what_the_account_filled_in_cannot_be_forged(
        self, client: Client, allotment: CaseType, ada: User
    ) -> None:
        secret = self.begin(client)
        client.post(step_url(secret, "wish"), WISH)
        answer = client.post(step_url(secret, "person"), {**PERSON, "email": "mallory@example.org"})
        assert answer.status_code == 422
        assert "mallory" not in str(get_draft_of(allotment, secret).answers)

    def test_a_service_may_want_an_account(
        self, client: Client, allotment: CaseType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed = msgspec.structs.replace(allotment, anonymous_allowed=False)
        monkeypatch.setattr(wizard, "get_service", lambda slug: closed)
        answer = client.post("/dienste/kleingarten/", {"category": "south"})
        assert answer.status_code == 302
        assert (
            "/konto/" in answer["Location"]
            or "login" in answer["Location"]
            or "anmelden" in answer["Location"]
        )
        assert not Draft.objects.exists()


def test_a_draft_belongs_to_its_service(client: Client, allotment: CaseType) -> None:
    secret = begin(NOBODY, allotment, "south")
    assert client.get(f"/dienste/andere/antrag/{secret}/").status_code == 404


class TestOwnDrafts:
    """A signed-in person finds what she began, without the link."""

    @pytest.fixture
    def ada(self, client: Client) -> User:
        user = User.objects.create_user("ada@example.org", name="Ada Muster")
        client.force_login(user)
        return user

    def test_she_goes_on_with_a_new_link_and_the_old_one_ends(
        self, client: Client, allotment: CaseType, ada: User
    ) -> None:
        old = client.post("/dienste/kleingarten/", {"category": "south"})["Location"]
        client.post(old, WISH)
        assert "Kleingarten" in client.get("/dienste/meine/").content.decode()
        answer = client.post(f"/dienste/meine/entwurf/{Draft.objects.get().pk}/")
        assert "120" in client.get(answer["Location"]).content.decode()
        assert client.get(old).status_code == 404

    def test_nobody_opens_somebody_elses(self, client: Client, draft: str, ada: User) -> None:
        stranger = Draft.objects.get()
        assert client.post(f"/dienste/meine/entwurf/{stranger.pk}/").status_code == 404
        assert "Kleingarten" not in client.get("/dienste/meine/").content.decode()

    def test_reading_its_address_makes_no_link_and_leads_to_the_list(
        self, client: Client, allotment: CaseType, ada: User
    ) -> None:
        old = client.post("/dienste/kleingarten/", {"category": "south"})["Location"]
        for address in (f"/dienste/meine/entwurf/{Draft.objects.get().pk}/", "/dienste/meine/2222-2222/"):
            assert client.get(address)["Location"] == "/dienste/meine/"
        assert client.get(old).status_code == 200

    def test_strangers_are_asked_to_sign_in(self, client: Client, db: None) -> None:
        assert client.get("/dienste/meine/").status_code == 302
