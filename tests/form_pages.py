"""A browser without scripts, as far as forms go: it reads a page and sends what stands in its controls."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from werkzeug.datastructures import MultiDict

from engine.submissions.forms import FORMS
from web.forms import About, tree_of
from web.forms.view import NOTHING_ELSE

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "web" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_FORM = _TEMPLATES.get_template("forms/form.html").module
_PAPER = _TEMPLATES.get_template("forms/paper.html").module


def form_page(code: str, content: Mapping[str, Any], about: About = NOTHING_ELSE) -> str:
    """The form to fill in, as HTML."""
    tree = tree_of(FORMS[code], content, about)
    return _page(f"{_FORM.summary(tree)}{_FORM.contents(tree)}<form method='post'>{_FORM.body(tree)}</form>")


def paper_page(tree: Any) -> str:
    """The paper to read, as HTML."""
    return _page(str(_PAPER.paper(tree)))


def _page(body: str) -> str:
    head = "<head><meta charset='utf-8'><title>示例</title></head>"
    return f"<!doctype html><html lang='zh-CN'>{head}<body>{body}</body></html>"


def parsed(page: str) -> html.HtmlElement:
    """The page as a browser reads it: line breaks of any kind are one."""
    text = page.replace("\r\n", "\n").replace("\r", "\n")
    return html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def sent_by_a_browser(page: str, button: tuple[str, str] | None = None) -> MultiDict[str, str]:
    """What is posted: every control that has a name, in the order of the page, line breaks as CR LF."""
    pairs = [pair for control in parsed(page).iter("input", "select", "textarea") for pair in _sent(control)]
    pairs += [button] if button else []
    return MultiDict((name, value.replace("\n", "\r\n")) for name, value in pairs)


def _sent(control: html.HtmlElement) -> list[tuple[str, str]]:
    name = control.get("name")
    if control.tag == "textarea":
        return [(name, (control.text or "").removeprefix("\n"))]
    if control.tag == "select":
        options = control.findall("option")
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return [(name, option.get("value")) for option in chosen]
    if control.get("type") in ("radio", "checkbox") and control.get("checked") is None:
        return []
    value = control.get("value", "")
    return [(name, value if control.get("type") != "text" else value.replace("\n", ""))]
