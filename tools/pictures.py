"""Takes the README's pictures: the demo's pages in Debian's Chromium, at the size of an office screen.

    .venv/bin/jixiao demo --no-serve && .venv/bin/python tools/pictures.py

Writes docs/pictures/<name>.png, the same for the same demo and browser.
"""

import logging
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from web.app import application
from web.demo import PASSWORD, demo_site, open_accounts
from web.settings import PROJECT, Settings

FOLDER = PROJECT / "docs" / "pictures"
SCREEN = {"width": 1366, "height": 768}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def the_first_task(page: Page) -> None:
    """What lies on a clerk's desk first, with the form at its indicators."""
    page.locator("main tbody th a").first.click()
    page.wait_for_load_state("networkidle")


def the_dashboard(page: Page) -> None:
    """The year in five figures."""
    page.goto(page.url.rsplit("/", 1)[0] + "/dashboard?year=2021")


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "task": ("danwei", the_first_task),
    "dashboard": ("jixiao", the_dashboard),
}
"""Name → whose page, and the way to it from the first page of that person."""


def main() -> None:
    """Take them all."""
    found = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    chromium = found or sys.exit("没有 Chromium。请安装 Debian 软件包 chromium。")
    open_accounts(Settings.from_environment())
    with _served() as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for name, (login, way) in PICTURES.items():
            page = browser.new_context(viewport=SCREEN, locale="zh-CN").new_page()  # type: ignore[arg-type]
            page.goto(f"{root}/login")
            page.get_by_label("账号").fill(login)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(lambda url: "/login" not in url)
            way(page)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"docs/pictures/{name}.png")
        browser.close()


@contextmanager
def _served() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, application(demo_site(Settings.from_environment())), threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()


if __name__ == "__main__":
    main()
