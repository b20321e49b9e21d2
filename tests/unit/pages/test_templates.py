"""Templates are translated before anybody waits for a page."""

from typing import Any

import pytest
from jinja2 import Environment

from web.app import translate_templates


def test_every_template_can_be_translated_and_none_is_translated_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    translate_templates()
    again = []
    translated = Environment.compile

    def noted(self: Environment, source: Any, name: str | None = None, *how: Any, **named: Any) -> Any:
        again.append(name)
        return translated(self, source, name, *how, **named)

    monkeypatch.setattr(Environment, "compile", noted)
    translate_templates()

    assert again == []
