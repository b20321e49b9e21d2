"""Cells of another office: who fills in the form reads them and whose they are, and can put nothing into them."""

from typing import Any

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from engine.submissions.forms import FORMS, load
from engine.words import UnitKind
from tests.factories_forms import valid_content
from tests.form_pages import form_page, parsed, sent_by_a_browser
from web.forms import About, anchor, read_post

OTHERS = [
    ("F06", UnitKind.UNIT, "filed", "由财政部门在“自评备案”中办理，见经过"),
    ("F10", UnitKind.FINANCE, "signed_for_on", "由预算单位在“签收反馈意见函”中办理，见经过"),
    ("F10", UnitKind.FINANCE, "objection.text", "由预算单位在“认可或提出异议”中办理，见经过"),
    ("F11", UnitKind.UNIT, "items[q1].verified_by", "由财政部门在“核验整改”中办理，见经过"),
    ("F11", UnitKind.UNIT, "items[q1].follow_up", "由财政部门在“督办处理”中办理，见经过"),
    ("F12", UnitKind.FINANCE, "confirmed", "由预算单位在“确认结果应用”中办理，见经过"),
    ("F15", UnitKind.DEPARTMENT, "conclusion", "由财政部门填；必填情形：财政综合评估时"),
]
"""Form, who fills it in, a cell that is not theirs, and what the page says beside it."""


def page_for(code: str, filler: UnitKind, content: dict[str, Any]) -> html.HtmlElement:
    return parsed(form_page(code, content, About(filler=filler)))


@pytest.mark.parametrize(("code", "filler", "path", "hint"), OTHERS)
def test_the_page_has_no_control_for_it_and_says_whose_it_is(code: str, filler: UnitKind, path: str, hint: str) -> None:
    page = page_for(code, filler, valid_content(code))

    (cell,) = page.xpath("//*[@id=$id]", id=anchor(path))
    said = page.xpath("//*[@id=$id]", id=f"{anchor(path)}.hint")
    assert cell.tag == "output"
    assert page.xpath("//*[@name=$path]", path=path) == []
    assert [each.text for each in said] == [hint]
    assert "必填" not in cell.getparent().xpath("string(*[contains(@class, 'jx-label')])")


def test_what_stands_in_it_is_shown() -> None:
    page = page_for("F11", UnitKind.UNIT, valid_content("F11"))

    assert page.xpath("string(//*[@id=$id])", id=anchor("items[q1].verified_by")).strip() == "示例核验人"
    assert page.xpath("string(//*[@id=$id])", id=anchor("items[q2].verified_by")).strip() == "—"


@pytest.mark.parametrize(("code", "filler", "path", "hint"), OTHERS)
def test_a_post_that_carries_it_is_read_without_it(code: str, filler: UnitKind, path: str, hint: str) -> None:
    stored = read_post(
        FORMS[code], sent_by_a_browser(form_page(code, valid_content(code))), valid_content(code)
    ).content
    sent = MultiDict([("object_name", "示例：改了"), ("policy_name", "示例：改了"), (path, "示例：代填")])

    after = read_post(FORMS[code], sent, stored, filler=filler).content

    changed = {name for name in {*stored, *after} if stored.get(name) != after.get(name)}
    assert changed <= {"object_name", "policy_name"}


@pytest.mark.parametrize(("code", "filler"), sorted({(code, filler) for code, filler, *_ in OTHERS}))
def test_what_an_earlier_version_held_in_it_stays(code: str, filler: UnitKind) -> None:
    content = valid_content(code)

    sent = sent_by_a_browser(form_page(code, content, About(filler=filler)))

    after = read_post(FORMS[code], sent, content, filler=filler).content
    assert load(FORMS[code], after) == load(FORMS[code], content)


def test_the_office_whose_cell_it_is_fills_it_in() -> None:
    content = valid_content("F15")
    sent = sent_by_a_browser(form_page("F15", content, About(filler=UnitKind.FINANCE)))
    sent["finance_opinion"] = "示例：财政部门的意见"

    after = read_post(FORMS["F15"], sent, content, filler=UnitKind.FINANCE)

    assert after.content["finance_opinion"] == "示例：财政部门的意见"


def test_a_row_that_is_deleted_and_brought_back_has_what_an_earlier_version_held_in_it() -> None:
    form, content = FORMS["F11"], valid_content("F11")
    how = {"filler": UnitKind.UNIT, "earlier": [content]}

    first = sent_by_a_browser(form_page("F11", content, About(filler=UnitKind.UNIT)), ("remove", "items[q1]"))
    removed = read_post(form, first, content, **how)
    page = form_page("F11", removed.content, About(filler=UnitKind.UNIT, deleted=removed.deleted))
    sent = sent_by_a_browser(page, ("back", removed.deleted[0].mark))
    sent["deleted.items[q1].verified_on"] = "2030-01-01"
    after = read_post(form, sent, removed.content, **how)

    assert [row["id"] for row in removed.content["items"]] == ["q2"]
    assert load(form, after.content) == load(form, content)
