"""导入单位和人员, on the pages: one administrator brings and registers, another gives the offices, accounts follow."""

import re
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from engine.directory.directory_file import HEADER
from engine.words import Role
from tests.pages.administration.conftest import Before
from tests.pages.visitor import Visitor

SECRET = re.compile(r'class="jx-secret">([^<]+)<')
SCHOOL = ("示例中学", "预算单位", "示例教育局", "陈一", "chen.yi", "预算单位经办人")
BUREAU = ("示例教育局", "主管部门", "", "", "", "")


def _file(*rows: tuple[str, ...]) -> bytes:
    return "\r\n".join(",".join(row) for row in (HEADER, *rows)).encode("utf-8-sig")


def _sent(visitor: Visitor, *rows: tuple[str, ...]) -> str:
    answer = visitor.post("/directory/imports", {"file": (BytesIO(_file(*rows)), "示例名册.csv")})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


@pytest.fixture
def keepers(before: Before) -> tuple[Visitor, Visitor]:
    """系统管理员 and 安全管理员 before the pages."""
    return before(Role.SYSTEM_ADMIN), before(Role.SECURITY_ADMIN)


def test_a_list_goes_from_the_file_to_a_clerk_who_can_come_in(app: Flask, keepers: tuple[Visitor, Visitor]) -> None:
    system, security = keepers
    here = _sent(system, SCHOOL, BUREAU)

    checked = system.get(here).text
    written = system.post(f"{here}/completion")
    seen = security.get("/directory").text
    form = security.get(here).text
    given = security.post(f"{here}/offices", {"granted": "1"})
    opened = system.post("/directory/accounts", {"person": _chosen(system, "chen.yi"), "as": "page"})
    (password,) = SECRET.findall(opened.text)
    came = Visitor(app).post("/login", {"jurisdiction": "huaxi", "login": "chen.yi", "password": password})

    assert "可写入 2 · 需核对 0 · 错误 0。新单位 2 个 · 新人员 1 人 · 岗位 1 个。" in checked
    assert (written.status_code, given.status_code, came.status_code) == (303, 303, 303)
    assert "1 份导入的名册有岗位待安全管理员授予" in seen
    assert "授予 1 个岗位" in form
    assert "授予了 1 个岗位" in system.get(here).text
    assert "示例中学：预算单位经办人" in system.get("/directory?q=chen.yi").text
    assert opened.headers["Cache-Control"] == "no-store"


def test_wrong_rows_are_told_in_the_row_and_come_back_in_the_marked_workbook(keepers: tuple[Visitor, Visitor]) -> None:
    system, _ = keepers
    here = _sent(system, ("示例没有类型的单位", "", "", "", "", ""), ("示例幼儿园", "预算单位", "", "何一", "", ""))

    page, refusal = system.get(here).text, system.post(f"{here}/completion")
    marked = load_workbook(BytesIO(system.get(f"{here}/marked.xlsx").data)).active

    assert "✕ “示例没有类型的单位”还没有登记，请写单位类型" in page
    assert "④ 写入" not in page
    assert "只写入正确行" not in page
    assert (refusal.status_code, "另有 1 行有错" in refusal.text) == (422, True)
    assert marked is not None
    assert [row[-1].value for row in marked.iter_rows()][2] == "有姓名，没有账号。请写登录用的账号，本地区不重复。"


def test_the_sound_rows_are_written_without_the_others_by_a_button_of_its_own(keepers: tuple[Visitor, Visitor]) -> None:
    system, _ = keepers
    here = _sent(
        system,
        ("示例甲局", "主管部门", "", "施一", "", ""),
        ("示例甲校", "预算单位", "示例甲局", "", "", ""),
        ("示例乙局", "主管部门", "", "", "", ""),
    )

    page = system.get(here).text
    written = system.get(str(system.post(f"{here}/completion", {"only_sound": "1"}).location)).text

    assert "可写入 2 · 需核对 0 · 错误 1" in page
    assert "另有 1 行本身没有错，但要用到错误行里的内容，错误更正以前也不能写入" in page
    assert "只写入正确行（1 行，2 行不写）" in page
    assert "已登记 1 个单位、0 人" in written


def test_each_kind_of_row_is_shown_alone_and_the_wrong_ones_are_taken_home_alone(
    keepers: tuple[Visitor, Visitor],
) -> None:
    system, _ = keepers
    here = _sent(
        system,
        ("", "", "", "吕一", "lyu.yi", ""),
        ("", "", "", "吕一", "lyu.er", ""),
        ("示例丙局", "", "", "", "", ""),
    )

    shown = {show: system.get(f"{here}?show={show}").text for show in ("wrong", "look", "new")}
    refused = load_workbook(BytesIO(system.get(f"{here}/refused.xlsx").data)).active
    marked = system.get(f"{here}/marked.csv").data.decode("utf-8-sig").splitlines()

    assert "可写入 2 · 需核对 1 · 错误 1" in shown["look"]
    assert "! 已有同名的人（账号 lyu.yi，第 2 行）" in shown["look"]
    assert {show: [each in page for each in ("lyu.er", "示例丙局")] for show, page in shown.items()} == {
        "wrong": [False, True], "look": [True, False], "new": [True, False],
    }  # fmt: skip
    assert refused is not None
    assert [str(row[-1].value)[:6] for row in refused.iter_rows()] == ["核对结果", "原第 4 行"]
    assert len(marked) == 4


def test_the_same_list_twice_is_said_with_the_day(keepers: tuple[Visitor, Visitor]) -> None:
    system, _ = keepers
    system.post(f"{_sent(system, ('', '', '', '张一', 'zhang.yi', ''))}/completion")

    raw = _file(("", "", "", "张一", "zhang.yi", ""))
    again = system.post("/directory/imports", {"file": (BytesIO(raw), "另一个名字.csv")})

    assert again.status_code == 409
    assert re.search(
        r"此文件 \d+月\d+日已导入（\w+，导入单位和人员，[^）]+），没有再读入。请到组织与人员中查看。", again.text
    )


def test_the_passwords_of_new_accounts_can_be_taken_away_as_a_workbook(keepers: tuple[Visitor, Visitor]) -> None:
    system, _ = keepers
    system.post(f"{_sent(system, ('', '', '', '孔一', 'kong.yi', ''))}/completion")

    answer = system.post("/directory/accounts", {"person": _chosen(system, "kong.yi"), "as": "workbook"})
    page = load_workbook(BytesIO(answer.data)).active

    assert page is not None
    assert [cell.value for cell in page[2]][:2] == ["孔一", "kong.yi"]
    assert "kong.yi" not in system.get("/directory/accounts").text


def test_nobody_chosen_opens_no_account(keepers: tuple[Visitor, Visitor]) -> None:
    answer = keepers[0].post("/directory/accounts", {"as": "page"})

    assert (answer.status_code, "没有勾选" in answer.text) == (422, True)


def test_what_is_no_list_is_refused_with_the_header_it_should_have(keepers: tuple[Visitor, Visitor]) -> None:
    system, _ = keepers
    answer = system.post("/directory/imports", {"file": (BytesIO(b"a,b\n1,2\n"), "x.csv")})

    assert (answer.status_code, "第一行应为：单位、单位类型" in answer.text) == (422, True)
    assert "没有选择文件" in system.post("/directory/imports").text


def test_the_template_can_be_brought_as_it_is(keepers: tuple[Visitor, Visitor]) -> None:
    system, _ = keepers
    raw = system.get("/directory/imports/template.xlsx").data
    answer = system.post("/directory/imports", {"file": (BytesIO(raw), "单位和人员模板.xlsx")})

    assert "可写入 2 · 需核对 0 · 错误 0" in system.get(str(answer.location)).text


def _chosen(visitor: Visitor, login: str) -> str:
    """The number of somebody without an account, as the page offers it."""
    found = re.search(
        rf'name="person" value="(\d+)" aria-label="[^"]*{re.escape(login)}', visitor.get("/directory/accounts").text
    )
    assert found is not None
    return found[1]
