"""Every page somebody can reach by following links, in a real browser: fit to read at every width, and by everybody."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from engine.accounts import keys_from
from engine.directory import Actor, Unit
from engine.store import Database
from engine.words import CaseKind, Role, UnitKind
from tests.factories import person_in
from tests.office import Office
from tests.pages.visitor import Visitor, signed_in
from web.app import application
from web.visits import Site
from web.visits.visit import COOKIE

AXE = Path(__file__).resolve().parents[2] / "web/front/node_modules/axe-core/axe.min.js"
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, preload: false}))
    .violations.filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | '))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = {"1366": (1366, 768), "200 %": (683, 384), "360": (360, 640)}
NO_PAGES = re.compile(r"^/(lib|logout|diagrams|files|exports|api)\b|\.(csv|xlsx|jsonl)\b|/(content|drawing|download)\b")
ONE_OF = ("tab", "view", "kind_of", "step")
"""What in a query string makes another page of the same address."""
ELSEWHERE = (
    Role.BUREAU_LEADER, Role.OBSERVER, Role.POLICY_OWNER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
    Role.OPERATOR,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A page, and the visitor who can open it."""

    visitor: Visitor
    address: str


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    """A bureau in the middle of its year: a project at its target, one to be judged, a department that is through."""
    office = Office.opened(shared_database)
    office.reach(office.open_case(), "target_filing.fill_target")
    office.reach(office.open_case(code="示例-2021-002"), "target_filing.check_target")
    office.finish(office.open_case(CaseKind.WHOLE_DEPARTMENT))
    return office


@pytest.fixture(scope="module")
def people(office: Office) -> list[Actor]:
    """Somebody of every office."""
    with office.transactions() as session:
        unit = Unit(jurisdiction=office.bureau.jurisdiction, name="示例各科室", kind=UnitKind.FINANCE)
        session.add(unit)
        session.flush()
        return office.bureau.everybody() + [person_in(session, unit, f"示例{role.label}", role) for role in ELSEWHERE]


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office) -> Flask:
    return application(Site(shared_database, keys_from(Fernet.generate_key().decode()), office.clock, office.clock))


@pytest.fixture(scope="module")
def pages(app: Flask, people: list[Actor]) -> dict[str, Found]:
    """Every kind of page there is behind the links, by its address' pattern; the first who finds it opens it."""
    found: dict[str, Found] = {}
    for actor in people:
        visitor = signed_in(app, actor)
        met: set[str] = set()
        waiting = ["/"]
        while waiting:
            address = waiting.pop(0)
            kind = _kind(app, address)
            if kind is None or kind in met:
                continue
            met.add(kind)
            answer = visitor.get(address, follow_redirects=True)
            assert answer.status_code == 200, (actor.name, address, answer.status_code)
            found.setdefault(kind, Found(visitor, address))
            waiting += [link for link in html.fromstring(answer.text).xpath("//a/@href") if _is_page(link)]
    return found


def _is_page(link: str) -> bool:
    return link.startswith("/") and NO_PAGES.search(link) is None


def _kind(app: Flask, address: str) -> str | None:
    """The pattern of an address, with the tab it asks for; None where there is nothing."""
    parts = urlsplit(address)
    try:
        rule, _ = app.url_map.bind("localhost").match(parts.path, "GET", return_rule=True)
    except HTTPException:
        return None
    asked = parse_qs(parts.query)
    return f"{rule.rule} {' '.join(asked[name][0] for name in ONE_OF if name in asked)}".strip()


@pytest.fixture(scope="module")
def root(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@dataclass(frozen=True)
class Seen:
    """What a browser said of a page."""

    violations: list[str]
    sideways: list[str]
    complaints: list[str]


@pytest.fixture(scope="module")
def seen(browser: Browser, root: str, pages: dict[str, Found]) -> dict[str, Seen]:
    """Each page looked at once, at all widths."""
    contexts: dict[str, BrowserContext] = {}
    looked: dict[str, Seen] = {}
    for kind, found in pages.items():
        context = contexts.get(found.visitor.cookie) or browser.new_context(locale="zh-CN", bypass_csp=False)
        contexts[found.visitor.cookie] = context
        context.add_cookies([{"name": COOKIE, "value": found.visitor.cookie, "url": root}])
        looked[kind] = _look(context.new_page(), root + found.address)
    for context in contexts.values():
        context.close()
    return looked


def _look(page: Page, address: str) -> Seen:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.set_viewport_size(_size("1366"))
    page.goto(address)
    page.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
    violations = page.evaluate(RUN_AXE, WCAG_AA)
    sideways = []
    for name in WIDTHS:
        page.set_viewport_size(_size(name))
        over = page.evaluate(SIDEWAYS)
        sideways += [f"{name}: {over} px"] if over > 0 else []
    page.close()
    return Seen(violations, sideways, complaints)


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
