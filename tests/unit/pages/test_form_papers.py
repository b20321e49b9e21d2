"""A paper to read: figures, days and choices as people write them, and what changed since the former version."""

from typing import Any

import pytest

from engine.submissions.forms import FORMS, diff
from tests.factories_forms import valid_content
from tests.form_pages import paper_page, parsed
from web.forms import About, anchor, lines_of, only_changes, places_in, signpost, tree_of

CODES = sorted(FORMS)


def paper(code: str, content: dict[str, Any], about: About | None = None) -> str:
    return paper_page(tree_of(FORMS[code], content, about or About(fixed=True)))


def said_at(page: str, path: str) -> str:
    (found,) = parsed(page).xpath("//*[@id=$id]", id=anchor(path))
    return " ".join((found.find("dd") if found.tag == "dl" else found).text_content().split())


def compared(code: str, former: dict[str, Any], content: dict[str, Any]) -> About:
    return About(changes=diff(FORMS[code], former, content), former="第 1 轮", fixed=True)


@pytest.mark.parametrize("code", CODES)
def test_a_paper_has_no_control_and_every_id_once(code: str) -> None:
    page = parsed(paper(code, valid_content(code)))

    ids = page.xpath("//@id")
    assert page.xpath("//input | //select | //textarea | //button | //details | //@style | //script") == []
    assert len(ids) == len(set(ids))
    assert page.xpath("//table[not(caption)] | //th[not(@scope)]") == []


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("funds.annual.total_wan", "1033.496", "1,033.496"),
        ("funds.annual.other_wan", "0", "0"),
        ("funds.annual.other_wan", "0.00", "0.00"),
        ("funds.annual.other_wan", None, "未填"),
        ("funds.annual.other_wan", "约 100 万", "约 100 万"),
        ("start_on", "2021-01-01", "2021年1月1日"),
        ("start_on", "2021-13-01", "2021-13-01"),
        ("fiscal_year", 2021, "2021"),
        ("project_nature", "new", "新增"),
        ("project_nature", "其他", "其他"),
        ("project_name", None, "未填"),
        ("basis", None, "—"),
    ],
)
def test_a_cell_reads_as_people_write_it(path: str, value: Any, read: str) -> None:
    assert said_at(paper("F02", valid_content("F02", **{path: value})), path) == read


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("funds.execution_rate", "85", "85.00 %"),
        ("funds.execution_rate", None, "—"),
        ("progress_gap", "-33.8", "−33.80 点"),
        ("indicators[y1].period_value", "1500", "1,500"),
        ("money_light", "red", "红"),
        ("suggested_disposals", ["cut", "其他"], "调减预算、其他"),
    ],
)
def test_rates_gaps_and_lists_read_as_people_write_them(path: str, value: Any, read: str) -> None:
    assert said_at(paper("F05", valid_content("F05", **{path: value})), path) == read


def test_a_sum_the_engine_rounded_keeps_all_its_digits_at_hand() -> None:
    page = paper("F04", valid_content("F04", tasks_total_wan="1033.496"))

    assert said_at(page, "tasks_total_wan") == "1,033.50（1,033.496）"
    assert parsed(page).xpath("//data/@value") == ["1,033.496"]


def test_what_changed_is_marked_with_what_stood_there_before() -> None:
    former = valid_content("F02", **{"indicators[y1].target_value": "400", "annual_goal": "示例：上一轮"})

    page = paper("F02", valid_content("F02"), compared("F02", former, valid_content("F02")))

    assert said_at(page, "indicators[y1].target_value") == "500第 1 轮：400"
    assert len(parsed(page).xpath("//ins")) == 2


def test_rows_added_and_removed_are_said() -> None:
    content, former = valid_content("F02"), valid_content("F02")
    content["indicators"] = [*content["indicators"][1:], {**content["indicators"][0], "id": "r1", "name": "示例：新的"}]

    page = parsed(paper("F02", content, compared("F02", former, content)))

    assert [row.get("id") for row in page.xpath("//tbody[contains(@class, 'jx-row--added')]")] == [
        anchor("indicators[r1]")
    ]
    assert "三级指标：培训护理人次；指标性质：≥；指标值：500" in page.xpath("//del")[0].text_content()


def test_a_remark_on_a_row_that_is_gone_leads_to_where_the_page_says_so() -> None:
    content, former = valid_content("F02"), valid_content("F02")
    gone = content["indicators"].pop(0)["id"]
    tree = tree_of(FORMS["F02"], content, compared("F02", former, content))

    for page in (tree, only_changes(tree)):
        led = signpost(page).to(f"indicators[{gone}].weight")
        (there,) = parsed(paper_page(page)).xpath("//*[@id=$id]", id=led)
        assert "现已删去" in there.text_content()
    assert signpost(tree).to("annual_goal") == anchor("annual_goal")
    assert signpost(only_changes(tree)).to("annual_goal") is None
    assert signpost(None).to("annual_goal") is None


@pytest.mark.parametrize("code", CODES)
def test_every_place_a_remark_can_be_tied_to_is_led_to(code: str) -> None:
    tree = tree_of(FORMS[code], valid_content(code), About(fixed=True))
    ids = set(parsed(paper_page(tree)).xpath("//@id"))

    assert {path for path, _ in places_in(tree) if signpost(tree).to(path) not in ids} == set()


def test_only_the_changes_are_left_when_only_changes_are_asked_for() -> None:
    former = valid_content("F02", **{"indicators[y2].weight": "9", "person_in_charge": "示例：前任"})
    tree = tree_of(FORMS["F02"], valid_content("F02"), compared("F02", former, valid_content("F02")))

    page = paper_page(only_changes(tree))

    shown = parsed(page)
    assert [title.text_content().split()[1] for title in shown.iter("h2")] == ["基本信息", "绩效指标"]
    assert [row.get("data-path") for row in shown.iter("tbody")] == ["indicators[y2]"]
    assert shown.xpath("//dt/text()") == ["负责人"]


def test_a_paper_without_changes_says_so() -> None:
    about = compared("F02", valid_content("F02"), valid_content("F02"))

    page = paper_page(only_changes(tree_of(FORMS["F02"], valid_content("F02"), about)))

    assert "与第 1 轮没有差异。" in page


def test_each_change_is_one_line_as_people_read_it() -> None:
    former = valid_content("F02", project_nature="continuing", **{"funds.annual.total_wan": "1033.5"})
    content = valid_content("F02", level_weights=[{"id": "l1", "level1": "产出指标", "weight": "50"}])
    content["explanations"] = {"annual_goal": "示例：一年期"}

    lines = lines_of(FORMS["F02"], diff(FORMS["F02"], former, content))

    assert [(line.kind, line.label, line.before, line.after) for line in lines] == [
        ("added", "说明（annual_goal）", "（无）", "示例：一年期"),
        ("changed", "项目属性", "延续", "新增"),
        ("changed", "项目资金·年度资金总额·总额", "1,033.5", "180"),
        ("added", "各级指标权重“l1”", "（无）", "一级指标：产出指标；权重：50"),
    ]


def test_what_stayed_empty_under_a_row_is_left_out_of_a_paper_unless_it_had_to_be_filled() -> None:
    content = valid_content("F02", **{"indicators[y1].calculation": None, "indicators[y1].data_source": None})

    page = parsed(paper("F02", content))

    assert page.xpath("//tbody[@id=$id]//dt/text()", id=anchor("indicators[y1]")) == ["数据来源"]
    assert page.xpath("//tbody[@id=$id]//dd/span/text()", id=anchor("indicators[y1]")) == ["未填"]
