"""Somebody before one page: reads what was served, types and chooses in the controls it has. How they get to the next
page, and how what they typed is sent, is left to those who have hands or a browser.

Nothing is typed that the page does not offer: choices are those it lists, buttons those that stand there and can be
pressed.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from lxml import html
from lxml.html import HtmlElement


def _nothing() -> HtmlElement:
    """The page of somebody who has opened none."""
    return html.fromstring("<html><body></body></html>")


@dataclass(kw_only=True)
class Typist(ABC):
    """The page one has before oneself is `page`; `status` is how it was answered; `typed` names what was changed."""

    page: HtmlElement = field(default_factory=_nothing)
    status: int = 0
    path: str = "/"
    typed: set[str] = field(default_factory=set)
    _controls: dict[str, list[HtmlElement]] = field(default_factory=dict)

    @abstractmethod
    def open(self, path: str) -> Self:
        """Go to an address."""

    @abstractmethod
    def press(self, label: str = "", *, to: str = "", **named: str) -> Self:
        """Press a button: its form is sent with everything in it, and the answer is looked at."""

    def follow(self, address: str) -> Self:
        """Use a link to that address that stands on the page."""
        assert self.page.xpath("//a[@href=$address]", address=address), f"{self.path} 上没有到 {address} 的链接"
        return self.open(address)

    def sign_in(self, login: str, password: str, place: str = "huaxi") -> Self:
        """Come in by the login page."""
        self.open("/login")
        self.type("jurisdiction", place)
        self.type("login", login)
        self.type("password", password)
        self.press("登录")
        assert self.path != "/login", self.said()
        return self

    def heading(self) -> str:
        """The title of the page."""
        return " ".join(self.page.xpath("string(//h1[1])").split())

    def said(self) -> str:
        """What the page was refused with; "" when it was not."""
        return " ".join(self.page.xpath("string(//*[@role='alert'] | //*[contains(@class, 'jx-refusal')])").split())

    def text(self) -> str:
        """Everything that can be read."""
        return " ".join(self.page.text_content().split())

    # ── controls ─────────────────────────────────────────────────────────────────────────────────────────────────

    def names(self) -> Iterable[str]:
        """The names of all controls."""
        return self._controls.keys()

    def has(self, name: str) -> bool:
        """Whether somebody can type into or choose at a control of that name."""
        return any(each.get("type") != "hidden" for each in self._controls.get(name, ()))

    def value(self, name: str) -> list[str]:
        """What stands in the controls of that name."""
        return [value for each in self._controls.get(name, ()) for value in values_of(each)]

    def offers(self, name: str) -> set[str]:
        """The values to choose from at a control; none where one types."""
        controls = self._controls.get(name, ())
        options = {each.get("value", "") for control in controls for each in control.iter("option")}
        return options | {each.get("value", "on") for each in controls if each.get("type") in ("radio", "checkbox")}

    def type(self, name: str, value: str | list[str]) -> None:
        """Put a value into a control: a text, a choice it offers, or several boxes."""
        controls = [each for each in self._controls.get(name, ()) if each.get("type") != "hidden"]
        assert controls, f"{self.path} 上没有 {name}"
        wanted = value if isinstance(value, list) else [value]
        self.typed.add(name)
        if controls[0].get("type") in ("radio", "checkbox"):
            _tick(controls, wanted)
        elif controls[0].tag == "select":
            _choose(controls[0], wanted[0])
        else:
            _write(controls[-1], "\n".join(wanted))

    def choose(self, name: str, label: str) -> None:
        """Choose in a list by what can be read there."""
        (option,) = [each for each in self._controls[name][0].iter("option") if each.text_content().strip() == label]
        self.type(name, option.get("value", option.text or ""))

    def button(self, label: str = "", *, to: str = "", **named: str) -> HtmlElement | None:
        """The last button with that label, or that name and value, or whose form goes `to` that address.

        One that cannot be pressed, or does nothing without a script, is none.
        """
        found = [
            each
            for each in self.page.iter("button")
            if each.get("disabled") is None
            and each.get("type") != "button"
            and (not label or each.text_content().strip() == label)
            and (not to or form_of(each).get("action") == to)
            and all(each.get(name) == value for name, value in named.items())
        ]
        return found[-1] if found else None

    def _to_press(self, label: str, to: str, named: Mapping[str, str]) -> HtmlElement:
        button = self.button(label, to=to, **named)
        assert button is not None, (
            f"{self.path} 上没有可按的 {label or to or named}：{self.said() or self.text()[:400]}"
        )
        return button

    def _look(self, status: int, path: str, text: str) -> Self:
        self.status, self.path, self.typed = status, path, set()
        self.page = html.fromstring(text)
        assert self.status < 500, f"{self.path}: {self.said()}"
        self._controls = {}
        for each in self.page.iter("input", "select", "textarea"):
            if each.tag == "textarea" and (each.text or "").startswith("\n"):
                each.text = (each.text or "")[1:]  # as every browser does
            if each.get("name"):
                self._controls.setdefault(each.get("name", ""), []).append(each)
        return self


def form_of(control: HtmlElement) -> HtmlElement:
    """The form a control is sent with: the one it names, else the one around it."""
    named = control.get("form")
    if named is not None:
        (form,) = control.getroottree().xpath("//form[@id=$named]", named=named)
        return form
    return next(each for each in control.iterancestors("form"))


def values_of(control: HtmlElement) -> Iterator[str]:
    """What a control sends."""
    if control.get("disabled") is not None:
        return
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [each for each in options if each.get("selected") is not None] or options[:1]
        yield from (each.get("value", each.text or "") for each in chosen)
    elif control.tag == "textarea":
        yield control.text or ""
    elif control.get("type") in ("radio", "checkbox"):
        if control.get("checked") is not None:
            yield control.get("value", "on")
    else:
        yield control.get("value", "")


def _tick(boxes: list[HtmlElement], wanted: list[str]) -> None:
    offered = {each.get("value", "on") for each in boxes}
    assert offered.issuperset(wanted), f"{boxes[0].get('name')} 没有 {wanted}，只有 {sorted(offered)}"
    for each in boxes:
        each.attrib.pop("checked", None)
        if each.get("value", "on") in wanted:
            each.set("checked", "checked")


def _choose(box: HtmlElement, wanted: str) -> None:
    offered = {each.get("value", each.text or ""): each for each in box.iter("option")}
    assert wanted in offered, f"{box.get('name')} 没有“{wanted}”，只有 {sorted(offered)}"
    for each in offered.values():
        each.attrib.pop("selected", None)
    offered[wanted].set("selected", "selected")


def _write(control: HtmlElement, text: str) -> None:
    longest = control.get("maxlength")
    assert longest is None or len(text) <= int(longest), f"{control.get('name')} 最多 {longest} 字"
    if control.tag == "textarea":
        control.text = text
    else:
        control.set("value", text)


def tables_in(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The tables of a content that stand at its top, with their rows."""
    for name, value in content.items():
        if isinstance(value, Mapping) and name != "explanations":
            yield from tables_in(value, f"{path}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield f"{path}{name}", value
