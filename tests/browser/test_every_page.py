"""Every page behind the links: in Chinese, fit to read in a real browser at every width, its forms safe from anything.

The pages are looked for once; their forms come last, because what is sent changes what there is to see.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from lxml import html
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from engine.accounts import keys_from
from engine.store import Database
from engine.submissions.file_store import FileStore
from tests.browser.conftest import PATIENCE
from tests.office import Office
from tests.pages.forms import NASTY, Form, forms_on
from tests.pages.pages_over import pages_over
from tests.pages.plain_words import names_in
from tests.pages.visitor import signed_in
from tests.pages.walking import Found, bureau_in_its_year, somebody_of_every_office, walked, with_files_to_check
from web.visits import Site
from web.visits.visit import COOKIE

AXE = Path(__file__).resolve().parents[2] / "web/front/node_modules/axe-core/axe.min.js"
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async tags => (await axe.run(document, {
        runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false,
    })).violations.filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | '))"""
HELD_AGAINST = """() => {
    const main = document.querySelector("main");
    const shown = (each) => each.getClientRects().length > 0 && !each.closest(".jx-hidden, dialog, .jx-canvas");
    const all = (what) => [...main.querySelectorAll(what)].filter(shown);
    const told = (each) => `${each.tagName} ${each.textContent.trim().slice(0, 20)}`;
    const style = (each) => getComputedStyle(each);
    const isText = (part) => part.nodeType === Node.TEXT_NODE && part.textContent.trim();
    const words = (each) => [...each.childNodes].some(isText);
    const isSmall = (each) => {
        const box = each.getBoundingClientRect();
        return style(each).display !== "inline" && !each.matches("[type=checkbox], [type=radio]")
            && box.height > 10 && (box.height < 24 || box.width < 24);
    };
    const isTooWide = (each) => each.querySelector(".jx-paper-table") && each.scrollWidth > each.clientWidth;
    const filled = all("a, button").filter((each) => style(each).backgroundColor === "rgb(21, 82, 168)").map(told);
    return {
        "more than one filled button": filled.slice(1),
        "headings of the first rank": [...document.querySelectorAll("h1")].slice(1).map(told),
        "tables without a caption": all("table").filter((each) => !each.caption).map(told),
        "heads of no row or column": all("th:not([scope])").map(told),
        "too small to hit": all("a, button, input, select, summary").filter(isSmall).map(told),
        "too small to read": all("*").filter((each) => words(each) && parseFloat(style(each).fontSize) < 12).map(told),
        "papers wider than their box": all(".jx-scroll").filter(isTooWide).map((each) => each.ariaLabel),
        "cut at the end": all(":not(input)").filter((each) => style(each).textOverflow === "ellipsis").map(told),
    };
}"""
BROKEN_FIGURES = """() => [...document.querySelectorAll("main .jx-number")]
    .filter((each) => each.matches("td, dd, span") && !each.closest("details:not([open]) > :not(summary)"))
    .flatMap((each) => [...each.querySelectorAll(".jx-typed, .jx-fixed, data"), each])
    .filter((each) => /^[−+]?[\\d,]+(\\.\\d+)?$/.test(each.textContent.trim()) && !each.querySelector("*"))
    .filter((each) => {
        const figure = document.createRange();
        figure.selectNodeContents(each);
        return new Set([...figure.getClientRects()].map((line) => Math.round(line.top))).size > 1;
    }).map((each) => each.textContent.trim())"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OFF_PAPER = """paper => [...document.querySelectorAll("main *")]
    .filter((each) => each.getClientRects().length && !each.closest(".jx-canvas, .jx-hidden"))
    .filter((each) => each.getBoundingClientRect().right > paper + 1)
    .map((each) => `${each.tagName} ${Math.round(each.getBoundingClientRect().right)} px`).slice(0, 2)"""
WIDE = """() => !!document.querySelector(".jx-wide-print")"""
PAPER, WIDE_PAPER = 688, 1032
"""How wide an A4 page is between its edges, upright and on its side, in the browser's pixels."""
WIDTHS = {"1366": (1366, 768), "200 %": (683, 384), "360": (360, 640)}
MOST_FIELDS = 12
CHECKED_LIST, CHECKED_LIBRARY = "/directory/imports/<int:list_id>", "/indicators/imports/<int:file_id>"


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return bureau_in_its_year(shared_database)


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    keys, kept = keys_from(Fernet.generate_key().decode()), FileStore(tmp_path_factory.mktemp("files"))
    return pages_over(Site(shared_database, keys, office.clock, office.clock, kept=kept))


@pytest.fixture(scope="module")
def walk(app: Flask, office: Office) -> list[Found]:
    """Every kind of page there is behind the links, for each person who finds it."""
    return list(walked(app, with_files_to_check(office, somebody_of_every_office(office))))


@pytest.fixture(scope="module")
def pages(walk: list[Found]) -> dict[str, Found]:
    """Each kind of page by its address' pattern; the first who finds it opens it."""
    found: dict[str, Found] = {}
    for each in walk:
        found.setdefault(each.kind, each)
    return found


@pytest.fixture(scope="module")
def forms(app: Flask, walk: list[Found]) -> dict[str, Form]:
    """Each kind of form once, collected before any is sent."""
    return forms_on(app, walk)


@pytest.fixture(scope="module")
def root(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@dataclass
class Seen:
    """What a browser said of a page, under which heading."""

    heading: str = ""
    violations: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    broken_figures: list[str] = field(default_factory=list)
    off_paper: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(browser: Browser, root: str, pages: dict[str, Found]) -> dict[str, Seen]:
    """Each page looked at once, at all widths: one tab for all, whose visitors change."""
    looked = {kind: Seen() for kind in pages}
    context = browser.new_context(locale="zh-CN", bypass_csp=False)
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda fault: complaints.append(str(fault)))
    for kind, found in pages.items():
        context.add_cookies([{"name": COOKIE, "value": found.visitor.cookie, "url": root}])
        _look(tab, root + found.address, looked[kind])
        looked[kind].complaints += complaints
        complaints.clear()
    context.close()
    return looked


def _look(tab: Page, address: str, seen: Seen) -> None:
    tab.set_viewport_size(_size("1366"))
    tab.goto(address)
    seen.heading = tab.evaluate("document.querySelector('h1')?.textContent ?? ''").strip()
    tab.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
    seen.violations += tab.evaluate(RUN_AXE, WCAG_AA)
    for fault, where in tab.evaluate(HELD_AGAINST).items():
        seen.faults += [f"{fault}: {each}" for each in where]
    for name in WIDTHS:
        tab.set_viewport_size(_size(name))
        over = tab.evaluate(SIDEWAYS)
        seen.sideways += [f"{name}: {over} px"] if over > 0 else []
        seen.broken_figures += [f"{name}: {figure}" for figure in tab.evaluate(BROKEN_FIGURES)]
    paper = WIDE_PAPER if tab.evaluate(WIDE) else PAPER
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": paper, "height": 1000})
    seen.off_paper += tab.evaluate(OFF_PAPER, paper)
    tab.emulate_media(media="screen")


def _size(name: str) -> Any:
    return dict(zip(("width", "height"), WIDTHS[name], strict=True))


def test_many_pages_are_found_behind_the_links(pages: dict[str, Found]) -> None:
    assert {"/tasks pool", "/cases", "/directory", CHECKED_LIST, CHECKED_LIBRARY} <= set(pages)
    assert len(pages) > 80


def test_the_browser_is_shown_each_page_that_was_found(seen: dict[str, Seen], pages: dict[str, Found]) -> None:
    headings = {kind: found.page.xpath("string(//h1[1])").strip() for kind, found in pages.items()}

    assert {kind: page.heading for kind, page in seen.items()} == headings


def test_nobody_reads_a_name_of_the_machines_own_making(walk: list[Found]) -> None:
    assert sorted({(each.kind, name) for each in walk for name in names_in(each.page)}) == []


def test_every_decision_table_reads_as_chinese(app: Flask, office: Office) -> None:
    clerk = signed_in(app, office.bureau.clerk)
    links = html.fromstring(clerk.get("/policies/tables").text).xpath("//main//tbody//a/@href")

    found = {(link, name) for link in links for name in names_in(html.fromstring(clerk.get(link).text))}

    assert len(links) > 10
    assert sorted(found) == []


def test_nothing_serious_keeps_anybody_from_reading_a_page(seen: dict[str, Seen]) -> None:
    assert {kind: page.violations for kind, page in seen.items() if page.violations} == {}


def test_every_page_has_one_heading_one_filled_button_and_nothing_too_small(seen: dict[str, Seen]) -> None:
    assert {kind: page.faults for kind, page in seen.items() if page.faults} == {}


def test_no_page_has_to_be_pushed_sideways_at_any_width(seen: dict[str, Seen]) -> None:
    assert {kind: page.sideways for kind, page in seen.items() if page.sideways} == {}


def test_no_figure_is_broken_in_two_at_any_width(seen: dict[str, Seen]) -> None:
    assert {kind: page.broken_figures for kind, page in seen.items() if page.broken_figures} == {}


def test_every_page_fits_on_paper(seen: dict[str, Seen]) -> None:
    assert {kind: page.off_paper for kind, page in seen.items() if page.off_paper} == {}


def test_no_page_complains_to_the_browser(seen: dict[str, Seen]) -> None:
    assert {kind: page.complaints for kind, page in seen.items() if page.complaints} == {}


def test_what_draws_diagrams_is_loaded_only_where_one_is_drawn(pages: dict[str, Found]) -> None:
    drawing = "//script[contains(@src, 'bpmn')] | //link[contains(@href, 'bpmn')]"

    assert {kind for kind, found in pages.items() if found.page.xpath(drawing)} == {
        "/cases/<int:case_id> diagram",
        "/processes/<key>/versions/<int:number>",
    }


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
