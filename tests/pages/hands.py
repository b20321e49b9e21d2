"""One person before the pages without a browser: what can be pressed is sent by Flask's client.

Nothing is sent that the page does not offer: values go into the controls it has, choices are those it lists, buttons
and links are those that stand there. What the machine may not show (a fault, an answer without a sentence) is refused
by the hands themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.pages.typist import Typist, form_of, values_of


@dataclass
class Hands(Typist):
    """Somebody whose forms Flask's client sends."""

    client: FlaskClient

    def open(self, path: str) -> "Hands":
        """Go to an address."""
        return self._see(self.client.get(path, follow_redirects=True))

    def send_file(self, name: str, file_name: str, content: bytes) -> "Hands":
        """Choose a file in the control of that name, and send its form."""
        (control,) = self._controls[name]
        form = form_of(control)
        told: dict[str, Any] = {sent: value for sent, value in sent_by(form) if sent != name}
        if file_name:
            told[name] = FileStorage(BytesIO(content), file_name)
        boundary, body = encode_multipart(told)
        how = f"multipart/form-data; boundary={boundary}"
        return self._see(
            self.client.post(form.get("action", self.path), data=body, content_type=how, follow_redirects=True)
        )

    def press(self, label: str = "", *, to: str = "", **named: str) -> "Hands":
        """Press a button: its form is sent with everything in it, and the answer is looked at."""
        button = self._to_press(label, to, named)
        form = form_of(button)
        sent = list(sent_by(form))
        if button.get("name"):
            sent.append((button.get("name", ""), button.get("value", "")))
        action = button.get("formaction") or form.get("action", self.path)
        if form.get("method", "get").lower() == "get":
            return self._see(self.client.get(action, query_string=sent, follow_redirects=True))
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        return self._see(self.client.post(action, data=data, follow_redirects=True))

    def _see(self, answer: TestResponse) -> "Hands":
        return self._look(answer.status_code, answer.request.path, answer.get_data(as_text=True))


def sent_by(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """What a form sends as it stands: name and value of every control."""
    around = set(form.iter("input", "select", "textarea"))
    for each in form.getroottree().getroot().iter("input", "select", "textarea"):
        here = each in around if each.get("form") is None else each.get("form") == form.get("id")
        if here and each.get("name"):
            yield from ((each.get("name", ""), value) for value in values_of(each))
