"""Every form on every page somebody can reach, sent with what nobody should type: never a fault, always a sentence."""

from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from lxml.html import HtmlElement

from engine.accounts import keys_from
from engine.store import Database
from engine.submissions.file_store import FileStore
from tests.office import Office
from tests.pages.hands import sent_by
from tests.pages.visitor import Visitor
from tests.pages.walking import bureau_in_its_year, pattern, somebody_of_every_office, walked
from web.app import application
from web.visits import Site

NOT_SENT = ("/logout", "/settings/sessions", "/password", "/identity")
"""What would end the session, or the right, the other forms are sent under."""
NASTY = {
    "nothing": "",
    "a character no text can hold": "示例\x00",
    "formula and script": "=HYPERLINK(1)|<script>alert(1)</script>\u202e\U0001f600",
    "far too long": "长" * 5000,
    "no number at all": "-1e999999",
}
MOST_FIELDS = 12
TYPED = ("text", "search", "date", "number", "password", "hidden")


@dataclass(frozen=True)
class Form:
    """A form as it stood on a page: where it goes, what it held, which of it is typed."""

    visitor: Visitor
    address: str
    held: tuple[tuple[str, str], ...]
    typed: frozenset[str]

    def sent_with(self, nasty: str, only: str | None = None) -> int:
        """The status of the answer when what is typed, or one field of it, says this; all else stays as it was."""
        sent: dict[str, list[str]] = {}
        for name, value in self.held:
            meant = name in self.typed if only is None else name == only
            sent.setdefault(name, []).append(nasty if meant else value or "示例")
        answer = self.visitor.client.post(self.address, data=sent)
        says_why = 'role="alert"' in answer.text or "jx-refusal" in answer.text
        assert answer.status_code < 400 or says_why, (self.address, answer.status_code)
        return answer.status_code


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return bureau_in_its_year(shared_database)


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    keys, kept = keys_from(Fernet.generate_key().decode()), FileStore(tmp_path_factory.mktemp("files"))
    return application(Site(shared_database, keys, office.clock, office.clock, kept=kept))


@pytest.fixture(scope="module")
def forms(app: Flask, office: Office) -> dict[str, Form]:
    """Each kind of form once, by its address' pattern; collected before any is sent."""
    found: dict[str, Form] = {}
    for each in walked(app, somebody_of_every_office(office)):
        for form in each.page.iter("form"):
            goes = pattern(app, form.get("action") or each.address, "POST")
            if form.get("method") == "post" and goes is not None and not goes.startswith(NOT_SENT):
                found.setdefault(goes, _form(each.visitor, form, each.address))
    return found


def _form(visitor: Visitor, form: HtmlElement, page: str) -> Form:
    controls = [each for each in form.iter("input", "select", "textarea") if each.get("name")]
    typed = {
        each.get("name", "")
        for each in controls
        if each.tag == "textarea" or (each.tag == "input" and each.get("type", "text") in TYPED)
    } - {"_word"}
    return Form(visitor, form.get("action") or page, tuple(sent_by(form)), frozenset(typed))


def test_there_are_many_forms(forms: dict[str, Form]) -> None:
    assert len(forms) >= 20


@pytest.mark.parametrize("nasty", [NASTY["a character no text can hold"], NASTY["far too long"]], ids=["odd", "long"])
def test_no_field_alone_breaks_its_form(forms: dict[str, Form], nasty: str) -> None:
    statuses = {
        f"{kind} {name}": form.sent_with(nasty, name)
        for kind, form in forms.items()
        for name in sorted(form.typed)[:MOST_FIELDS]
    }

    assert {kind: status for kind, status in statuses.items() if status >= 500} == {}
    assert 422 in statuses.values()


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_no_form_breaks_whatever_is_typed_into_it(forms: dict[str, Form], nasty: str) -> None:
    statuses = {kind: form.sent_with(nasty) for kind, form in forms.items()}

    assert {kind: status for kind, status in statuses.items() if status >= 500} == {}
    assert 422 in statuses.values()
