"""A real browser before a real server: the pages of one bureau, over a database of their own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from engine.accounts import keys_from, open_account
from engine.directory import Person
from engine.store import Database
from engine.submissions.file_store import FileStore
from tests.integration.desk import sound
from tests.office import Office
from tests.pages.pages_over import pages_over
from web.visits import Site

PASSWORD = "Ceshi-Mima-2022"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The one without windows first, where it is there: it takes a third less time for the same pages."""
CHROMIUM = os.environ.get("JIXIAO_CHROMIUM") or next((path for path in map(shutil.which, BROWSERS) if path), None)
"""Debian's, or another one by its path: how to look with an old one stands in docs/browsers.md."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
DESK = {"width": 1366, "height": 768}
PATIENCE = 30_000
"""Milliseconds a browser may take for anything: a busy machine is several times as slow as a quiet one."""
expect.set_options(timeout=PATIENCE)


@dataclass
class Desktop:
    """One person before their own browser; what went wrong in it is kept to be asked."""

    page: Page
    root: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.root + path)
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> "Desktop":
        """Sign in at the login page."""
        self.open("/login")
        self.page.get_by_label("地区").select_option("huaxi")
        self.page.get_by_label("账号").fill(login)
        self.page.get_by_label("密码").fill(password)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="登录").click()
        return self


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium, one for the run."""
    assert CHROMIUM, "没有 Chromium。请运行 make setup，或安装 Debian 软件包 chromium。"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """A bureau with a database of its own."""
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def site(database: Database, office: Office, tmp_path: Path) -> Site:
    """The site of the bureau, at the time of the bureau; everybody has an account."""
    with database.transaction(office.bureau.jurisdiction) as session:
        for actor in office.bureau.everybody():
            open_account(
                session, session.get_one(Person, actor.person_id), PASSWORD, by=None, at=office.now, must_change=False
            )
    return Site(
        database,
        keys_from(Fernet.generate_key().decode()),
        office.clock,
        office.clock,
        kept=FileStore(tmp_path / "files"),
    )


@dataclass
class Served:
    """The site on a port of loopback, as often stopped and started as a test wants."""

    site: Site
    port: int = 0
    _server: BaseWSGIServer | None = None
    _serving: threading.Thread | None = None

    def start(self) -> None:
        """Serve, on the same port as before."""
        self._server = make_server("127.0.0.1", self.port, pages_over(self.site), threaded=True)
        self.port = self._server.server_port
        self._serving = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._serving.start()

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._server is not None and self._serving is not None:
            self._server.shutdown()
            self._serving.join()
            self._server.server_close()
        self._server = None


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    """The site, served."""
    served = Served(site)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def address(served: Served) -> str:
    """Where the site is served, on loopback."""
    return f"http://127.0.0.1:{served.port}"


@pytest.fixture
def at_a_desk(browser: Browser, address: str) -> Iterator[Callable[[], Desktop]]:
    """Gives a browser with nothing in it, as often as it is asked for.

    In the end no page may have complained or asked another host for anything.
    """
    desktops: list[Desktop] = []
    with ExitStack() as stack:

        def sit_down() -> Desktop:
            context = browser.new_context(viewport=DESK, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            stack.callback(context.close)
            desktop = Desktop(context.new_page(), address)
            _listen(context, desktop)
            desktops.append(desktop)
            return desktop

        yield sit_down
        assert [desktop.complaints for desktop in desktops if desktop.complaints] == []
        assert [desktop.strangers for desktop in desktops if desktop.strangers] == []


@pytest.fixture
def person(office: Office, at_a_desk: Callable[[], Desktop]) -> Callable[[str], Desktop]:
    """Sits somebody of the bureau, by name (or anybody by login), down before a browser of their own, signed in."""
    logins = {actor.name: f"{actor.name}@{actor.unit_id}" for actor in office.bureau.everybody()}
    return lambda name: at_a_desk().sign_in(logins.get(name, name))


def _listen(context: BrowserContext, desktop: Desktop) -> None:
    page = desktop.page
    page.on("console", lambda said: desktop.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: desktop.complaints.append(str(fault)))
    context.on(
        "request",
        lambda asked: None if asked.url.startswith((desktop.root, "data:")) else desktop.strangers.append(asked.url),
    )
