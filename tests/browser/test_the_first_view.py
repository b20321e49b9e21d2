"""What comes over the wire to somebody who opens the program for the first time."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desktop
from tests.integration.desk import project_at
from tests.office import Office

MOST_BYTES = 300_000


def received(page: Page) -> list[int]:
    """The bytes of every answer from now on, as they come over the wire: bodies as compressed, and headers."""
    sizes: list[int] = []

    def came(told: dict[str, Any]) -> None:
        sizes.append(int(told["encodedDataLength"]))

    wire = page.context.new_cdp_session(page)
    wire.on("Network.loadingFinished", came)
    wire.on("Network.requestWillBeSent", lambda told: came(told.get("redirectResponse", {"encodedDataLength": 0})))
    wire.send("Network.enable")
    return sizes


def test_the_login_page_and_the_own_tasks_take_at_most_300_kb_with_nothing_in_the_cache(
    office: Office, at_a_desk: Callable[[], Desktop]
) -> None:
    project_at(office, "check_target")
    judge = at_a_desk()
    sizes = received(judge.page)

    judge.sign_in(f"赵主管@{office.bureau.department_id}")
    expect(judge.page.get_by_role("heading", name="我的待办")).to_be_visible()
    judge.page.wait_for_load_state("load")

    assert len(sizes) > 8
    assert 0 < sum(sizes) <= MOST_BYTES
