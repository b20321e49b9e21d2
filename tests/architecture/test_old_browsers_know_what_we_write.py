"""The oldest browsers that have to show our pages know what our styles, scripts and templates use.

Since when a browser knows something is read from MDN's table (@mdn/browser-compat-data). A name counts as unknown where
every meaning the table has for it came later.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
TABLE = WEB / "front/node_modules/@mdn/browser-compat-data/data.json"
OLDEST = {"chrome": 109, "firefox": 128}
A4_PIXELS = 794
NOT_AS_WRITTEN = {"flags", "prefix", "alternative_name"}

DONE_WITHOUT = {
    "@page @bottom-right": "the browser's own footer numbers the printed pages",
    "break-after: avoid": "a heading may be the last line of a printed page",
    "font-family: ui-monospace": "the next font of the list is taken",
    "<details name>": "several parts beside a form stand open at once",
}
"""What the oldest browsers leave out, and what happens then."""


def is_known(feature: dict[str, Any]) -> bool:
    support = feature["__compat"]["support"]
    return all(_any_holds(support.get(browser, []), oldest) for browser, oldest in OLDEST.items())


def _any_holds(statements: Any, oldest: int) -> bool:
    return any(_holds(each, oldest) for each in (statements if isinstance(statements, list) else [statements]))


def _holds(statement: dict[str, Any], oldest: int) -> bool:
    since, until = (_number(statement.get(name)) for name in ("version_added", "version_removed"))
    return not NOT_AS_WRITTEN & statement.keys() and since <= oldest < until


def _number(version: Any) -> float:
    """What the table writes for a version; for `false`, `preview` or nothing one that has never come."""
    found = re.match(r"≤?(\d+)", str(version))
    return float(found[1]) if found else float("inf")


@cache
def table() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return told


def at(*path: str) -> list[dict[str, Any]]:
    """The feature of that path in the table, if there is one."""
    found: Any = table()
    for name in path:
        found = found.get(name) or {}
    return [found] if "__compat" in found else []


@cache
def named(*root: str) -> dict[str, list[dict[str, Any]]]:
    """Every feature below a part of the table by its last name."""
    found: dict[str, list[dict[str, Any]]] = {}
    part: Any = table()
    for name in root:
        part = part[name]
    for name, feature in _below(part):
        found.setdefault(name.removesuffix("_static"), []).append(feature)
    return found


def _below(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, inner in part.items():
        if name != "__compat":
            if "__compat" in inner:
                yield name, inner
            yield from _below(inner)


def is_late(meanings: list[dict[str, Any]]) -> bool:
    return bool(meanings) and not any(is_known(each) for each in meanings)


# ── what is written ──────────────────────────────────────────────────────────────────────────────────────────────────


Used = Iterator[tuple[str, list[dict[str, Any]]]]
"""Names as a reader knows them, each with what the table says of it."""


def used_by_styles(text: str) -> Used:
    text = re.sub(r'/\*.*?\*/|"[^"]*"', "", text, flags=re.S)
    around: list[str] = []
    for piece, end in re.findall(r"([^{};]*)([{};])", text):
        piece = piece.strip()
        if end == "{":
            yield from _used_before_a_brace(piece, around)
            around.append(piece)
            continue
        yield from _used_by_declaration(piece, around)
        if end == "}":
            around.pop()


def _used_before_a_brace(prelude: str, around: list[str]) -> Used:
    if any(not each.startswith("@") for each in around):
        yield "nested rules", at("css", "selectors", "nesting")
    if not prelude.startswith("@"):
        for name in re.findall(r":([a-z-]+)", prelude):
            yield f":{name}", at("css", "selectors", name)
        return
    name, _, rest = prelude[1:].partition(" ")
    yield f"@{name}", at("css", "at-rules", name)
    yield f"@{_rule(around)} @{name}", at("css", "at-rules", _rule(around), f"at_{name}")
    for feature in re.findall(r"\(\s*([a-z-]+)", rest):
        yield f"@{name} ({feature})", at("css", "at-rules", name, feature)


def _rule(around: list[str]) -> str:
    """The name of the at-rule that holds what is read, if one does."""
    return around[-1][1:].split()[0] if around and around[-1].startswith("@") else ""


def _used_by_declaration(declaration: str, around: list[str]) -> Used:
    name, _, value = declaration.partition(":")
    name = name.strip()
    yield name, at("css", "at-rules", _rule(around), name) or at("css", "properties", name)
    for word in re.findall(r"(?<![\w-])[a-z][a-z-]*(?![\w(-])", value):
        yield f"{name}: {word}", at("css", "properties", name, word)
    for function in re.findall(r"([a-z-]+)\(", value):
        yield f"{function}()", named("css", "types").get(function, [])
    for unit in re.findall(r"\d([a-z]+)", value):
        yield f"{name}: 1{unit}", at("css", "types", "length", unit)


def used_by_scripts(text: str) -> Used:
    text = re.sub(r"^\s*//.*$|/\*.*?\*/", "", text, flags=re.M | re.S)
    for owner, name in re.findall(r"\b([A-Z]\w+)\.([a-z]\w*)", text):
        yield f"{owner}.{name}", [*_own(owner, name), *_own(owner, f"{name}_static")]
    for name in re.findall(r"\.([a-z]\w*)", text):
        yield f".{name}", [*named("api").get(name, []), *named("javascript", "builtins").get(name, [])]
    for name in re.findall(r"(?<![\w.])([A-Za-z]\w+)(?=[(.])", text):
        yield name, [*at("api", name), *at("javascript", "builtins", name)]


def _own(owner: str, name: str) -> list[dict[str, Any]]:
    return [*at("api", owner, name), *at("javascript", "builtins", owner, name)]


def used_by_templates(text: str) -> Used:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    for element, rest in re.findall(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", text):
        yield f"<{element}>", at("html", "elements", element)
        for name in re.findall(r"(?<=\s)([a-z]+)(?=[\s=/]|$)", re.sub(r"\"[^\"]*\"|'[^']*'", "", rest)):
            own = at("html", "elements", element, name)
            yield f"<{element} {name}>", own or at("html", "global_attributes", name)


READERS = {".css": used_by_styles, ".js": used_by_scripts, ".html": used_by_templates}
WRITTEN = sorted(file for folder in ("static", "templates") for file in (WEB / folder).rglob("*.*"))


def too_new_in(text: str, kind: str) -> set[str]:
    return {name for name, meanings in dict(READERS[kind](text)).items() if is_late(meanings)}


# ── tests ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_styles_scripts_and_templates_to_read() -> None:
    assert {file.suffix for file in WRITTEN} >= set(READERS)


def test_nothing_is_written_that_the_oldest_browsers_do_not_know() -> None:
    found = {
        name: str(file.relative_to(WEB))
        for file in WRITTEN
        if file.suffix in READERS
        for name in too_new_in(file.read_text(encoding="utf-8"), file.suffix)
    }

    assert {name: file for name, file in found.items() if name not in DONE_WITHOUT} == {}
    assert set(DONE_WITHOUT) <= set(found), "这些已经不用了，可以从 DONE_WITHOUT 里删去"


def test_what_is_for_narrow_screens_is_kept_from_paper_which_old_browsers_measure_without_its_margins() -> None:
    widths = {
        f"{file.name}: {rule}": int(width)
        for file in WRITTEN
        if file.suffix == ".css"
        for rule, width in re.findall(r"(@media \(max-width: (\d+)px\))", file.read_text(encoding="utf-8"))
    }

    assert [rule for rule, width in widths.items() if width < A4_PIXELS] == []


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        (".css", "a { color: oklch(50% 0.1 20); }", "oklch()"),
        (".css", "a { color: color-mix(in srgb, red, blue); }", "color-mix()"),
        (".css", "a { color: light-dark(#000, #fff); }", "light-dark()"),
        (".css", "h1 { text-wrap: balance; }", "text-wrap"),
        (".css", "ul { display: grid-lanes; }", "display: grid-lanes"),
        (".css", ".a { color: red; .b { color: blue; } }", "nested rules"),
        (".css", "@starting-style { a { opacity: 0; } }", "@starting-style"),
        (".css", "[popover]:popover-open { opacity: 1; }", ":popover-open"),
        (".css", "textarea { field-sizing: content; }", "field-sizing"),
        (".js", "const sorted = rows.toSorted();", ".toSorted"),
        (".js", "const groups = Object.groupBy(rows, kind);", "Object.groupBy"),
        (".js", "const { promise } = Promise.withResolvers();", "Promise.withResolvers"),
        (".js", "const signal = AbortSignal.any(signals);", "AbortSignal.any"),
        (".js", "box.showPopover();", ".showPopover"),
        (".js", "const all = Iterator.from(rows);", "Iterator.from"),
        (".html", '<div popover id="why">', "<div popover>"),
        (".html", '<button popovertarget="why" type="button">', "<button popovertarget>"),
    ],
)
def test_what_is_too_new_is_found(kind: str, text: str, name: str) -> None:
    assert name in too_new_in(text, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (".css", "@media (max-width: 9px) { a:hover { inset: 0; color: var(--ink); } }"),
        (".css", "p:has(> a) { display: grid; }"),
        (".js", "rows.at(-1).replaceChildren(); structuredClone(rows); Promise.any(all);"),
        (".html", '<input type="date" name="on" inert>'),
    ],
)
def test_what_is_old_enough_is_left_alone(kind: str, text: str) -> None:
    assert too_new_in(text, kind) == set()
