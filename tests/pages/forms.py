"""Forms as they stand on the pages, to be sent with what nobody should type."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from lxml.html import HtmlElement

from tests.pages.hands import sent_by
from tests.pages.visitor import Visitor
from tests.pages.walking import Found, pattern

NOT_SENT = ("/logout", "/settings/sessions", "/password", "/identity")
"""What would end the session, or the right, the other forms are sent under."""
NASTY = {
    "nothing": "",
    "a character no text can hold": "示例\x00",
    "formula and script": "=HYPERLINK(1)|<script>alert(1)</script>\u202e\U0001f600",
    "far too long": "长" * 5000,
    "no number at all": "-1e999999",
}
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


def forms_on(app: Flask, pages: Iterable[Found]) -> dict[str, Form]:
    """Each kind of form once, by its address' pattern, as the first page had it."""
    found: dict[str, Form] = {}
    for each in pages:
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
