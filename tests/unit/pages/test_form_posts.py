"""What a browser sends back becomes a content: as typed, rows as on the page, nothing that was not theirs to change."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from engine.submissions.forms import FORMS, FormTooLarge
from engine.submissions.forms.carried import carried_over
from tests.factories_forms import context_for, valid_content
from tests.form_pages import form_page, sent_by_a_browser
from web.forms import About, Posted, read_post


def post(code: str, content: dict[str, Any], *, button: tuple[str, str] | None = None, **more: Any) -> Posted:
    """The page of this content sent back, by this button."""
    page = form_page(code, content, About(carried=more.get("carried")))
    return read_post(FORMS[code], sent_by_a_browser(page, button), content, **more)


def ids(content: dict[str, Any], table: str = "indicators") -> list[str]:
    return [row["id"] for row in content[table]]


def read(
    *pairs: tuple[str, str], stored: dict[str, Any] | None = None, code: str = "F02", **more: Any
) -> dict[str, Any]:
    return read_post(FORMS[code], MultiDict(pairs), stored or {}, **more).content


def test_what_was_typed_stays_as_it_was_typed() -> None:
    content = read(("project_name", "  示例  "), ("annual_goal", "\r\n 一\r\n\r\n二 "), ("fiscal_year", "二〇二一"))

    assert content == {"project_name": "  示例  ", "fiscal_year": "二〇二一", "annual_goal": "\n 一\n\n二 "}


def test_an_emptied_cell_is_left_out_and_one_that_was_not_on_the_page_stays() -> None:
    stored = {"project_name": "示例", "person_in_charge": "示例负责人"}

    assert read(("project_name", ""), stored=stored) == {"person_in_charge": "示例负责人"}


def test_boxes_that_are_all_unticked_empty_the_list_and_the_order_of_the_ticked_stays() -> None:
    stored = {"methods": ["expert_advice", "cost_benefit"]}

    assert read(("methods", ""), code="F01", stored=stored) == {}
    sent = (("methods", ""), ("methods", "cost_benefit"), ("methods", "expert_advice"))
    assert read(*sent, code="F01", stored=stored) == stored


def test_a_row_is_added_at_the_end_under_an_id_nobody_ever_had() -> None:
    content = valid_content("F02")
    earlier = content | {"indicators": [*content["indicators"], {"id": "r7", "name": "示例：删去的"}]}

    after = post("F02", content, button=("add", "indicators"), earlier=[earlier])

    assert ids(after.content) == [*ids(content), "r8"]
    assert after.focus == "indicators[r8]"


def test_a_row_is_added_to_a_table_that_was_empty_or_stands_inside_a_row() -> None:
    first = post("F02", {}, button=("add", "indicators"))
    inner = post("F11", valid_content("F11"), button=("add", "items[q1].evidence"))

    assert first.content == {"indicators": [{"id": "r1"}]}
    assert ids(inner.content["items"][0], "evidence") == ["f2", "r1"]


def test_a_problem_is_added_under_a_number_people_can_read() -> None:
    first = post("F09", {"indicators": [{"id": "r7"}]}, button=("add", "problems"))
    second = post("F09", first.content, button=("add", "problems"))

    assert ids(second.content, "problems") == ["1", "2"]
    assert second.focus == "problems[2]"


def test_a_row_that_is_removed_takes_its_explanations_along() -> None:
    content = valid_content("F02") | {"explanations": {"indicators[y3].name": "示例", "indicators[y4].name": "示例"}}

    after = post("F02", content, button=("remove", "indicators[y3]"))

    assert "y3" not in ids(after.content)
    assert after.content["explanations"] == {"indicators[y4].name": "示例"}
    assert after.focus == "indicators[y4]"


def test_rows_move_up_and_down_and_no_further_than_the_edge() -> None:
    content = valid_content("F02")

    up = post("F02", content, button=("up", "indicators[y2]")).content
    down = post("F02", content, button=("down", "indicators[y1]")).content
    edge = post("F02", content, button=("up", "indicators[y1]")).content

    assert ids(up)[:2] == ids(down)[:2] == ["y2", "y1"]
    assert ids(edge) == ids(content)


def test_what_was_typed_beside_a_button_is_kept() -> None:
    content = valid_content("F02")
    sent = sent_by_a_browser(form_page("F02", content), ("add", "indicators"))
    sent["annual_goal"] = "示例：刚写的"

    after = read_post(FORMS["F02"], sent, content)

    assert after.content["annual_goal"] == "示例：刚写的"


def posted_again(code: str, after: Posted, button: tuple[str, str], **more: Any) -> Posted:
    """The page that came back with the rows that were deleted, sent by this button."""
    page = form_page(code, after.content, About(deleted=after.deleted))
    return read_post(FORMS[code], sent_by_a_browser(page, button), after.content, **more)


def test_a_row_that_was_deleted_comes_back_where_it_stood_with_all_it_said() -> None:
    explained = {"indicators[y3].name": "示例：第一行\n第二行", "indicators[y4].name": "示例"}
    content = post("F02", valid_content("F02") | {"explanations": explained}).content

    removed = post("F02", content, button=("remove", "indicators[y3]"))
    (row,) = removed.deleted
    after = posted_again("F02", removed, ("back", row.mark))

    assert (row.path, row.at) == ("indicators[y3]", 2)
    assert after.content == content
    assert (after.focus, after.deleted) == ("indicators[y3]", ())


def test_of_two_rows_deleted_one_after_the_other_each_comes_back() -> None:
    content = post("F02", valid_content("F02")).content

    first = post("F02", content, button=("remove", "indicators[y1]"))
    second = posted_again("F02", first, ("remove", "indicators[y3]"))
    back = posted_again("F02", second, ("back", first.deleted[0].mark))
    both = posted_again("F02", back, ("back", second.deleted[1].mark))

    assert [row.path for row in second.deleted] == ["indicators[y1]", "indicators[y3]"]
    assert "y3" not in ids(back.content)
    assert [row.path for row in back.deleted] == ["indicators[y3]"]
    assert both.content | {"indicators": sorted(both.content["indicators"], key=lambda row: row["id"])} == content


@pytest.mark.parametrize(("code", "row"), [("F11", "items[q1]"), ("F11", "items[q1].evidence[f2]")])
def test_a_row_with_rows_inside_and_a_row_inside_a_row_come_back_whole(code: str, row: str) -> None:
    content = post(code, valid_content(code)).content

    removed = post(code, content, button=("remove", row))
    after = posted_again(code, removed, ("back", removed.deleted[0].mark))

    assert removed.content != content
    assert after.content == content


def test_a_row_that_is_there_again_is_not_brought_back_twice() -> None:
    content = post("F02", valid_content("F02")).content
    removed = post("F02", content, button=("remove", "indicators[y3]"))
    button = ("back", removed.deleted[0].mark)
    page = form_page("F02", content, About(deleted=removed.deleted))

    after = read_post(FORMS["F02"], sent_by_a_browser(page, button), content)

    assert (after.content, after.deleted) == (content, ())


def test_a_deleted_row_waits_while_its_table_is_full() -> None:
    content = post("F03", valid_content("F03", marks=[{"id": f"r{n}", "item": "示例"} for n in range(30)])).content
    removed = post("F03", content, button=("remove", "marks[r3]"))
    full = removed.content | {"marks": [*removed.content["marks"], {"id": "other", "item": "示例"}]}
    page = form_page("F03", full, About(deleted=removed.deleted))

    after = read_post(FORMS["F03"], sent_by_a_browser(page, ("back", removed.deleted[0].mark)), full)

    assert len(after.content["marks"]) == 30
    assert [row.path for row in after.deleted] == ["marks[r3]"]


@pytest.mark.parametrize("mark", ["indicators[zz]@0", "funds[a]@1", "][@2", "colour[x]@3", "indicators[y1]", "x@1"])
def test_what_was_never_deleted_is_not_brought_back(mark: str) -> None:
    content = post("F02", valid_content("F02")).content

    assert post("F02", content, button=("back", mark)).content == content


def test_no_row_is_brought_back_among_those_laid_down() -> None:
    carried = carried_over(FORMS["F06"], context_for("F06"))
    stored = valid_content("F06")
    forged = (("deleted", "indicators[x]@0"), ("deleted.indicators[x].name", "x"), ("back", "indicators[x]@0"))

    content = read(*forged, code="F06", stored=stored, carried=carried)

    assert ids(content) == ids(stored)


def test_a_full_table_says_that_it_is_full() -> None:
    content = valid_content("F03", marks=[{"id": f"r{n}", "item": "示例"} for n in range(30)])
    sent = sent_by_a_browser(form_page("F03", content), ("add", "marks"))

    after = read_post(FORMS["F03"], sent, content)

    assert len(after.content["marks"]) == 30
    assert after.notice == "“审核评分”最多 30 行，没有再添加。请合并或删减后再添加。"


@pytest.mark.parametrize(
    "button",
    [("add", "colour"), ("add", "items[gone].evidence"), ("remove", "indicators"), ("up", "indicators[gone]")]
    + [("add", "funds"), ("add", "indicators[y1]"), ("remove", "]["), ("down", ""), ("add", "x" * 5000)],
)
def test_a_button_that_names_nothing_here_changes_nothing(button: tuple[str, str]) -> None:
    content = valid_content("F02")

    assert post("F02", content, button=button).content == post("F02", content).content


def test_computed_cells_are_not_taken_from_the_browser() -> None:
    content = read(("total_score", "100"), code="F13", stored={"total_score": "92"})

    assert content == {"total_score": "92"}


def test_cells_carried_over_are_not_taken_from_the_browser_and_no_row_can_be_slipped_in_or_left_out() -> None:
    carried = carried_over(FORMS["F06"], context_for("F06"))
    stored = valid_content("F06")
    forged = (
        ("indicators", ""),
        ("indicators[y1].weight", "99"),
        ("indicators[y1].score", "1"),
        ("indicators[x].name", "x"),
    )

    content = read(*forged, ("remove", "indicators[y2]"), code="F06", stored=stored, carried=carried)

    assert ids(content) == [*ids(stored)]
    assert content["indicators"][0]["weight"] == "15"
    assert content["indicators"][0]["score"] == "1"


def test_a_row_of_ones_own_among_those_carried_over_can_be_removed() -> None:
    carried = carried_over(FORMS["F06"], context_for("F06"))
    stored = valid_content("F06")
    stored["indicators"] = [*stored["indicators"], {"id": "own", "name": "示例：自加"}]

    after = post("F06", stored, button=("remove", "indicators[own]"), carried=carried)

    assert "own" not in ids(after.content)


def test_rows_without_an_id_or_with_somebody_elses_get_their_own() -> None:
    rows = [{"name": "甲"}, {"id": "y1", "name": "乙"}, {"id": "y1", "name": "丙"}, {"id": "<b>", "name": "丁"}]

    content = post("F02", {"indicators": rows}).content

    assert [(row["id"], row["name"]) for row in content["indicators"]] == [
        ("r1", "甲"), ("y1", "乙"), ("r2", "丙"), ("r3", "丁"),
    ]  # fmt: skip


def test_an_explanation_is_taken_for_places_of_the_form_and_an_emptied_one_goes() -> None:
    stored = {"explanations": {"annual_goal": "示例"}}
    sent = (
        ("explanations[annual_goal]", ""),
        ("explanations[indicators[y1].name]", "示例：确需保留"),
        ("explanations[]", "示例"),
    )

    content = read(*sent, ("explanations[colour]", "x"), stored=stored)

    assert content == {"explanations": {"indicators[y1].name": "示例：确需保留", "": "示例"}}


@pytest.mark.parametrize(
    "name",
    ["colour", "funds", "indicators[y1]", "indicators.name", "annual_goal[y1]", "funds.annual.total_wan.x", "a." * 500]
    + [
        "indicators[y1].id",
        "__class__",
        "indicators[].name",
        "indicators[a b].name",
        "",
        "[",
        "explanations",
        "x" * 9000,
    ],
)
def test_a_name_that_is_no_cell_of_the_form_is_left_aside(name: str) -> None:
    assert read((name, "x")).get("indicators", [{"id": "y1"}]) == [{"id": "y1"}]
    assert set(read((name, "x"))) <= {"indicators"}


def test_thousands_of_names_that_are_not_of_the_form_do_no_harm() -> None:
    junk = [(f"junk{n}[{n}].x.y", "x" * 20) for n in range(20_000)]

    assert read(*junk, ("annual_goal", "示例")) == {"annual_goal": "示例"}


@pytest.mark.parametrize("sent", [[("x", "y")] * 40_001, [("annual_goal", "字" * 2_000_001)]])
def test_more_than_any_form_holds_is_refused_in_words(sent: list[tuple[str, str]]) -> None:
    with pytest.raises(FormTooLarge, match="没有保存"):
        read(*sent)


def test_a_draft_that_is_no_form_at_all_is_still_drawn_and_read() -> None:
    stored: dict[str, Any] = {
        "funds": "x",
        "indicators": {"a": 1},
        "annual_goal": {"b": [1, None]},
        "colour": 1,
        "basis": 1.5,
    }

    content = post("F02", stored).content

    assert content == {"basis": "1.5", "annual_goal": '{"b": [1, null]}'}
