"""A form's page: every field of the schema, readable and sendable without scripts."""

from collections import Counter
from typing import Any

import pytest
from lxml import html

from engine.findings import FormFinding
from engine.reviews.remarks import Remark
from engine.submissions.forms import FORMS, check, diff, load
from engine.submissions.forms.carried import carried_over
from engine.words import ProjectCategory, RemarkState
from tests.factories_forms import context_for, valid_content
from tests.form_pages import form_page, parsed, sent_by_a_browser
from web.forms import About, anchor, read_post
from web.forms.posted import BUTTONS

CODES = sorted(FORMS)


def about(code: str, content: dict[str, Any], **more: Any) -> About:
    """All there is to know of a form at work: findings, and what it carries over."""
    context = context_for(code)
    return About(findings=check(FORMS[code], content, context), carried=carried_over(FORMS[code], context), **more)


def by_id(page: str, path: str) -> html.HtmlElement:
    (found,) = parsed(page).xpath("//*[@id=$id]", id=anchor(path))
    return found


@pytest.mark.parametrize("code", CODES)
def test_what_a_browser_sends_back_is_what_was_stored(code: str) -> None:
    content = valid_content(code)
    known = about(code, content)

    sent = sent_by_a_browser(form_page(code, content, known))

    assert load(FORMS[code], read_post(FORMS[code], sent, content, carried=known.carried).content) == load(
        FORMS[code], content
    )


@pytest.mark.parametrize("code", CODES)
def test_every_cell_of_the_schema_is_on_the_page(code: str) -> None:
    content = valid_content(code)

    sent = sent_by_a_browser(form_page(code, content))

    assert load(FORMS[code], read_post(FORMS[code], sent, {}).content) == load(FORMS[code], content)


@pytest.mark.parametrize("code", CODES)
def test_every_control_has_exactly_one_label_and_every_id_is_unique(code: str) -> None:
    page = parsed(form_page(code, valid_content(code), about(code, valid_content(code))))

    labels = Counter(label.get("for") for label in page.iter("label"))
    controls = [each for each in page.iter("input", "select", "textarea") if each.get("type") != "hidden"]
    ids = Counter(page.xpath("//@id"))

    assert {labels[control.get("id")] for control in controls} == {1}
    assert set(ids.values()) == {1}
    assert set(labels) <= set(ids)


@pytest.mark.parametrize("code", CODES)
def test_what_describes_a_control_is_there_and_nothing_carries_a_style_or_a_script(code: str) -> None:
    content = valid_content(code)
    broken = {key: value for key, value in content.items() if isinstance(value, list | dict)}
    page = parsed(form_page(code, broken, about(code, broken)))

    described = {one for ids in page.xpath("//@aria-describedby | //@aria-labelledby") for one in ids.split()}

    assert described <= set(page.xpath("//@id"))
    assert page.xpath("//@style | //style | //script | //@*[starts-with(name(), 'on')]") == []


@pytest.mark.parametrize("code", CODES)
def test_tables_have_a_caption_and_say_what_their_headings_are_for(code: str) -> None:
    page = parsed(form_page(code, valid_content(code)))

    assert [table for table in page.iter("table") if table.find("caption") is None] == []
    assert page.xpath("//th[not(@scope)]") == []
    assert page.xpath("//fieldset[not(legend)]") == []


@pytest.mark.parametrize("code", CODES)
def test_no_form_has_a_cell_called_like_a_button(code: str) -> None:
    assert not {*BUTTONS, "save"} & set(FORMS[code].schema.fields)


def test_a_problem_stands_at_its_field_in_the_summary_and_in_the_section() -> None:
    content = valid_content("F02", person_in_charge=None)

    page = form_page("F02", content, about("F02", content))

    control = by_id(page, "person_in_charge")
    (link,) = parsed(page).xpath("//*[@id='summary']//a[contains(., '负责人')]")
    (section,) = parsed(page).xpath("//nav//li[contains(., '基本信息')]")
    assert control.get("aria-invalid") == "true"
    assert "person_in_charge.problems" in control.get("aria-describedby")
    assert link.get("href") == f"#{anchor('person_in_charge')}"
    assert "1 处" in section.text_content()


def test_a_row_opens_where_something_in_its_second_tier_wants_a_look() -> None:
    content = valid_content("F02", **{"indicators[y1].data_source": None})

    page = parsed(form_page("F02", content, about("F02", content)))

    opened = [row.get("id") for row in page.xpath("//tbody[.//details[@open]]")]
    assert opened == [anchor("indicators[y1]")]


def test_the_column_of_the_target_shows_the_range_or_the_words_that_answer_in_its_place() -> None:
    ranged = {"direction": "range", "target_value": None, "lower": "90", "upper": "95"}
    content = valid_content("F02", **{f"indicators[y1].{key}": value for key, value in ranged.items()})

    page = parsed(form_page("F02", content))

    first, words = (
        page.xpath("//tbody[@id=$id]/tr[1]//@name", id=anchor(f"indicators[{row}]")) for row in ("y1", "y7")
    )
    assert {"indicators[y1].lower", "indicators[y1].upper"} <= set(first)
    assert "indicators[y1].target_value" not in first
    assert "indicators[y7].target_text" in words


def test_what_is_carried_over_from_the_target_is_text_not_a_control() -> None:
    content = valid_content("F06")

    page = form_page("F06", content, about("F06", content))

    names = set(parsed(page).xpath("//@name"))
    assert "indicators[y1].actual_value" in names
    assert not {"indicators[y1].name", "indicators[y1].target_value", "indicators[y1].weight"} & names
    assert "培训护理人次" in page


def test_rows_that_are_carried_over_cannot_be_added_moved_or_removed() -> None:
    content = valid_content("F06")

    page = parsed(form_page("F06", content, about("F06", content)))

    assert [
        value for value in page.xpath("//button/@value") if value.startswith("indicators") and "evidence" not in value
    ] == []


def test_a_computed_cell_is_an_output_marked_as_computed() -> None:
    page = form_page("F13", valid_content("F13", total_score="92"))

    output = by_id(page, "total_score")
    assert output.tag == "output"
    assert output.text_content() == "92.00"
    assert "系统计算" in output.getparent().text_content()


def test_an_explanation_is_asked_for_where_a_finding_or_a_remark_asks_and_nowhere_else() -> None:
    finding = FormFinding("explain", "funds.annual.total_wan", "示例：请写说明。", "示例", "default")
    remark = Remark("annual_goal", "示例：太笼统")

    page = form_page("F02", valid_content("F02"), About(findings=[finding], remarks=[remark]))

    asked = [name for name in parsed(page).xpath("//textarea/@name") if name.startswith("explanations")]
    assert asked == ["explanations[funds.annual.total_wan]", "explanations[annual_goal]"]


def test_a_remark_stands_at_its_field_with_what_became_of_it() -> None:
    remark = Remark("annual_goal", "示例：太笼统", state=RemarkState.CHANGED)

    page = form_page("F02", valid_content("F02"), About(remarks=[remark]))

    said = by_id(page, "annual_goal").getparent().text_content()
    assert "示例：太笼统" in said
    assert "已改" in said


def test_what_is_said_of_the_whole_paper_or_of_a_row_that_is_gone_is_not_lost() -> None:
    remarks = [Remark("", "示例：整体偏粗"), Remark("indicators[gone].weight", "示例：权重偏高")]

    page = parsed(form_page("F02", valid_content("F02"), About(remarks=remarks)))

    places = [place.text_content() for place in page.xpath("//*[contains(@class, 'jx-elsewhere')]")]
    assert "整张表" in places[0]
    assert "整体偏粗" in places[0]
    assert "权重（已不在表中）" in places[1]
    assert "权重偏高" in places[1]


def test_what_stood_there_in_the_former_version_stands_under_the_field() -> None:
    former = valid_content("F02", **{"indicators[y1].direction": "≤", "project_category": "operation_support"})
    content = valid_content("F02")

    page = form_page("F02", content, About(changes=diff(FORMS["F02"], former, content), former="第 1 轮"))

    before = [each.text_content() for each in parsed(page).xpath("//*[@class='jx-before']")]
    assert before == [f"第 1 轮：{ProjectCategory.OPERATION_SUPPORT.label}", "第 1 轮：≤"]


def test_a_day_of_the_former_version_is_written_as_the_day_above_it() -> None:
    former = valid_content("F02", start_on="2021-03-01")

    page = form_page("F02", valid_content("F02"), About(changes=diff(FORMS["F02"], former, valid_content("F02"))))

    (before,) = parsed(page).xpath("//*[@class='jx-before']")
    assert before.text_content() == "上一版：2021年3月1日"


def test_a_row_named_by_another_is_chosen_from_the_rows_there_are() -> None:
    page = form_page("F10", valid_content("F10"))

    control = by_id(page, "suggestions[s1].problem")
    assert [option.get("value") for option in control] == ["", "q1", "q2"]
    assert control[1].text.startswith("第 1 行 示例：全年支出")


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "\"'&<>`", "😀 𠮷", '=HYPERLINK("http://示例")', "{{ 7*7 }}"]
)
def test_whatever_is_typed_is_shown_as_typed(value: str) -> None:
    content = valid_content("F02", project_name=value, annual_goal=value, project_category=value)

    page = form_page("F02", content)

    assert by_id(page, "project_name").get("value") == value
    assert read_post(FORMS["F02"], sent_by_a_browser(page), {}).content["project_category"] == value
    assert parsed(page).xpath("//script") == []


def test_a_fixed_form_has_no_control_but_every_value() -> None:
    page = form_page("F02", valid_content("F02"), About(fixed=True))

    assert parsed(page).xpath("//input | //select | //textarea | //button") == []
    assert "培训护理人次" in page
