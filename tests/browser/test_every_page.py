"""Every page somebody can reach by following links, in a real browser: fit to read at every width, and by everybody."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from engine.accounts import keys_from
from engine.store import Database
from engine.submissions.file_store import FileStore
from tests.browser.conftest import PATIENCE
from tests.office import Office
from tests.pages.walking import Found, bureau_in_its_year, somebody_of_every_office, walked
from web.app import application
from web.visits import Site
from web.visits.visit import COOKIE

AXE = Path(__file__).resolve().parents[2] / "web/front/node_modules/axe-core/axe.min.js"
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async tags => (await axe.run(document, {
        runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false,
    })).violations.filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | '))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = {"1366": (1366, 768), "200 %": (683, 384), "360": (360, 640)}


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return bureau_in_its_year(shared_database)


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    keys, kept = keys_from(Fernet.generate_key().decode()), FileStore(tmp_path_factory.mktemp("files"))
    return application(Site(shared_database, keys, office.clock, office.clock, kept=kept))


@pytest.fixture(scope="module")
def pages(app: Flask, office: Office) -> dict[str, Found]:
    """Every kind of page there is behind the links, by its address' pattern; the first who finds it opens it."""
    found: dict[str, Found] = {}
    for each in walked(app, somebody_of_every_office(office)):
        found.setdefault(each.kind, each)
    return found


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
    """What a browser said of a page."""

    violations: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
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
    tab.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
    seen.violations += tab.evaluate(RUN_AXE, WCAG_AA)
    for name in WIDTHS:
        tab.set_viewport_size(_size(name))
        over = tab.evaluate(SIDEWAYS)
        seen.sideways += [f"{name}: {over} px"] if over > 0 else []


def _size(name: str) -> Any:
    return dict(zip(("width", "height"), WIDTHS[name], strict=True))


def test_many_pages_are_found_behind_the_links(pages: dict[str, Found]) -> None:
    assert {"/tasks view=pool".replace("view=", ""), "/cases", "/directory"} <= set(pages)
    assert len(pages) >= 30


def test_nothing_serious_keeps_anybody_from_reading_a_page(seen: dict[str, Seen]) -> None:
    assert {kind: page.violations for kind, page in seen.items() if page.violations} == {}


def test_no_page_has_to_be_pushed_sideways_at_any_width(seen: dict[str, Seen]) -> None:
    assert {kind: page.sideways for kind, page in seen.items() if page.sideways} == {}


def test_no_page_complains_to_the_browser(seen: dict[str, Seen]) -> None:
    assert {kind: page.complaints for kind, page in seen.items() if page.complaints} == {}


def test_what_draws_diagrams_is_loaded_only_where_one_is_drawn(pages: dict[str, Found]) -> None:
    drawing = "//script[contains(@src, 'bpmn')] | //link[contains(@href, 'bpmn')]"

    assert {kind for kind, found in pages.items() if found.page.xpath(drawing)} == {"/cases/<int:case_id>/diagram"}
