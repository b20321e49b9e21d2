"""One person before a real browser: they go by the links and buttons a page shows, and type into its controls.

A form is filled in and sent in one stroke: with the events a browser sends as somebody goes from field to field, what
stands folded opened first, and a click only on what a mouse would hit. A page is left before it is painted, which makes
a year of them affordable; `tests.browser` has others who use the mouse and the keys. Every step ends with the next page
and its scripts in place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from playwright.sync_api import Page

from tests.pages.typist import Typist, form_of, values_of

WRITE = """typed => {
  const say = (each) => ["input", "change"].forEach((name) => each.dispatchEvent(new Event(name, {bubbles: true})));
  for (const [name, values] of typed) {
    const controls = [...document.getElementsByName(name)].filter((each) => each.type !== "hidden");
    const boxes = controls.filter((each) => ["radio", "checkbox"].includes(each.type));
    for (const each of boxes.length ? boxes : controls.slice(-1)) {
      if (each.disabled || each.readOnly) throw new Error(`nobody can type into ${name}`);
      for (let fold = each.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      const isTicked = values.includes(each.value);
      if (boxes.length ? each.checked === isTicked : each.value === values[0]) continue;
      if (boxes.length) each.checked = isTicked;
      else each.value = values[0];
      if (!boxes.length && each.value !== values[0]) throw new Error(`${name} does not take ${values[0]}`);
      say(each);
    }
  }
}"""
CLICK = """([selector, words]) => {
  const read = (each) => each.textContent.replace(/\\s+/g, " ").trim();
  const isHit = (each) => {
    for (let fold = each.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    each.scrollIntoView({block: "center", behavior: "instant"});
    const [box] = each.getClientRects();
    return box && each.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
  };
  const found = [...document.querySelectorAll(selector)].filter((each) => words === null || read(each) === words);
  const each = found.reverse().find(isHit);
  if (!each) throw new Error(`no mouse hits any of ${found.length} ${selector} ${words}`);
  setTimeout(() => each.click());
}"""


@dataclass
class Clicks(Typist):
    """Somebody before `tab`; `root` is where the site is served."""

    tab: Page
    root: str

    def open(self, path: str) -> "Clicks":
        """Go to an address: by its link where one stands on the page, else by the address bar."""
        if self.page.xpath("//a[@href=$path]", path=path):
            return self._go(lambda: self.tab.evaluate(CLICK, [f'a[href="{path}"]', None]))
        return self._go(lambda: self.tab.goto(self.root + path, wait_until="commit"))

    def press(self, label: str = "", *, to: str = "", **named: str) -> "Clicks":
        """Write what was typed into the page and click the button."""
        button = self._to_press(label, to, named)
        if self.typed:
            self.tab.evaluate(WRITE, [(name, self._wanted(name)) for name in sorted(self.typed)])
        return self._go(lambda: self.tab.evaluate(CLICK, _place_of(button)))

    def _wanted(self, name: str) -> list[str]:
        controls = [each for each in self._controls[name] if each.get("type") != "hidden"]
        if controls[0].get("type") in ("radio", "checkbox"):
            return [value for each in controls for value in values_of(each)]
        return list(values_of(controls[-1]))

    def _go(self, step: Callable[[], Any]) -> "Clicks":
        with self.tab.expect_navigation(wait_until="domcontentloaded") as going:
            step()
        answer = going.value
        return self._look(answer.status if answer else 200, urlsplit(self.tab.url).path, self.tab.content())


def _place_of(button: HtmlElement) -> list[str]:
    """How a button that was read is found again: a selector, and the words on it."""
    selector = "button:not([type=button])"
    if button.get("name"):
        selector += f'[name="{button.get("name")}"][value="{button.get("value", "")}"]'
    action = form_of(button).get("action")
    if button.get("form") is None and action is not None:
        selector = f'form[action="{action}"] {selector}'
    return [selector, " ".join(button.text_content().split())]
