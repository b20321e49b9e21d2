"""Papers to read: their tables end where the sheet around them ends, and no short word is broken over them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.submissions.forms import FORMS
from engine.words import CaseKind
from tests.browser.conftest import Desktop
from tests.browser.test_every_page import BROKEN_FIGURES
from tests.office import Office

PHONE: Any = {"width": 360, "height": 640}
JUDGED = "monitoring.check_monitoring"
TOO_WIDE = """() => [...document.querySelectorAll("main .jx-scroll")]
    .filter((box) => box.scrollWidth > box.clientWidth)
    .map((box) => `${box.getAttribute("aria-label")}: ${box.scrollWidth - box.clientWidth} px`)"""
BROKEN = """() => [...document.querySelectorAll("main .jx-paper-table thead th, main .jx-matrix thead th")]
    .filter((head) => head.textContent.trim().length < 5 && head.firstChild)
    .filter((head) => {
        const words = document.createRange();
        words.selectNodeContents(head);
        return words.getClientRects().length > 1;
    }).map((head) => head.textContent.trim())"""


@pytest.fixture
def office(office: Office) -> Office:
    """A bureau that has had every paper of a project and of a department before anybody signs in."""
    office.reach(office.open_case(code="示例-1"), JUDGED)
    for kind in (CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT):
        office.finish(office.open_case(kind, code=f"示例-{kind}"), sampled=True)
    return office


def out_of_order(page: Page) -> list[str]:
    """The tables wider than their boxes and the short headings in two lines."""
    return [*page.evaluate(TOO_WIDE), *page.evaluate(BROKEN)]


def test_every_paper_of_a_year_fits_the_page_it_is_read_on(office: Office, person: Callable[[str], Desktop]) -> None:
    desk = person("王绩效")
    papers = [version for case in (2, 3) for code in FORMS for version in office.versions(case, code)[-1:]]

    faults = [(paper.form, each) for paper in papers for each in out_of_order(desk.open(f"/submissions/{paper.id}"))]

    assert {"F02", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11", "F12"} <= {paper.form for paper in papers}
    assert faults == []


def test_no_figure_of_a_paper_is_broken_in_two_on_a_phone(office: Office, person: Callable[[str], Desktop]) -> None:
    desk = person("王绩效")
    desk.page.set_viewport_size(PHONE)
    papers = [version for case in (2, 3) for code in FORMS for version in office.versions(case, code)[-1:]]

    broken = [
        (paper.form, each)
        for paper in papers
        for each in desk.open(f"/submissions/{paper.id}").evaluate(BROKEN_FIGURES)
    ]

    assert broken == []


def test_an_open_row_and_what_is_wrong_in_it_stay_in_sight_on_a_phone(
    office: Office, person: Callable[[str], Desktop]
) -> None:
    case = office.open_case(code="示例-4")
    office.reach(case, "target_filing.refile_target")
    page = person("李经办").open(f"/tasks/{office.tasks(case)[0].id}")
    page.locator("button[name=add][value=indicators]").click()
    page.wait_for_url("**saved=1**")
    page.set_viewport_size(PHONE)
    row = page.locator(".jx-rest details").first
    field = row.locator(".jx-input").first
    expect(field).to_be_visible()
    table = page.locator(".jx-scroll", has=row).first

    for pushed in (0, 200):
        table.evaluate("(box, far) => { box.scrollLeft = far; }", pushed)
        for what in (row.locator("summary"), field):
            box = what.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]


def test_the_widest_paper_fits_where_it_is_judged_too(office: Office, person: Callable[[str], Desktop]) -> None:
    (task,) = office.tasks(1)
    desk = person("赵主管")

    on_its_own = out_of_order(desk.open(f"/tasks/{task.id}"))
    in_the_queue = out_of_order(desk.open("/reviews"))

    assert (on_its_own, in_the_queue) == ([], [])
