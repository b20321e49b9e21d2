"""What only an eye sees: fields of one line stand at one height, figures end at one edge, what decides is in view."""

from collections.abc import Callable

from playwright.sync_api import Locator

from tests.browser.conftest import DESK, Desktop
from tests.integration.desk import project_at
from tests.office import Office

OpensBrowser = Callable[[str], Desktop]


def _box(of: Locator) -> dict[str, float]:
    box = of.bounding_box()
    assert box is not None
    return dict(box)


def test_labels_of_one_line_of_fields_stand_at_one_height(person: OpensBrowser) -> None:
    page = person("张负责").open("/directory/substitutions")

    whom, since = page.get_by_label("代理人", exact=False).first, page.get_by_label("从哪一天")
    heights = {round(_box(each.locator("xpath=parent::label"))["y"]) for each in (whom, since)}

    assert len(heights) == 1


def test_a_figure_of_a_paper_ends_where_its_heading_ends(office: Office, person: OpensBrowser) -> None:
    project_at(office, "check_target")
    page = person("赵主管").open("/reviews")

    table = page.locator("#paper .jx-matrix").first
    heading = table.locator("thead th.jx-number").first
    edges = heading.evaluate(
        """(head, figure) => [head, figure].map(each => {
            const words = document.createRange();
            words.selectNodeContents(each);
            return Math.round(words.getBoundingClientRect().right);
        })""",
        table.locator("tbody td.jx-number data, tbody td.jx-number .jx-typed").first.element_handle(),
    )

    assert edges[0] == edges[1]


def test_what_decides_on_a_paper_is_in_view_before_anybody_scrolls(office: Office, person: OpensBrowser) -> None:
    project_at(office, "check_target")
    page = person("赵主管").open("/reviews")

    button = _box(page.get_by_role("button", name="退回修改"))

    assert button["y"] + button["height"] <= DESK["height"]
