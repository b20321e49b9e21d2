"""整年办理 on its pages: from the work list to the frozen list, the password, and what became of every case."""

from datetime import timedelta
from importlib import import_module

import pytest

from engine.commands.suspend import suspend
from tests.integration.desk import prepared, project_at, the_task
from tests.office import FISCAL_YEAR, Office
from tests.pages.reviews.conftest import PASSWORD, Reader, Seats, office, person, site
from web.visits import Site

__all__ = ["office", "person", "site"]
carrying = import_module("engine.commands.carry_on_year_act")
STEP = "target_filing.approve_budget"
NEW = f"/year-acts/new?year={FISCAL_YEAR}&step={STEP}"
APPROVED = {"answer__target_result": "approved", "reason": "示例：随预算批复"}


@pytest.fixture
def waiting(office: Office) -> list[int]:
    """Three targets that wait to be approved with the budget."""
    return [project_at(office, "approve_budget") for _ in range(3)]


def not_yet(office: Office, cases: list[int]) -> int:
    """How many of them still wait."""
    return [office.open_steps(case) for case in cases].count([STEP])


def form_of(reader: Reader):
    return reader.open(NEW).form("/year-acts")


def test_the_work_list_leads_to_what_can_be_done_at_once(office: Office, person: Seats, waiting: list[int]) -> None:
    division = person("钱业务")

    seen = division.open("/tasks")

    assert f"{FISCAL_YEAR} 年度随预算批复目标：3 件可以一次办理。" in seen.text
    assert NEW in seen.links()
    assert "可以一次办理" not in person("王绩效").open("/tasks").text


def test_who_records_what_a_meeting_decided_of_many_is_led_there(person: Seats) -> None:
    office, division = person("王绩效"), person("钱业务")

    led = [[link for link in one.open("/year-acts").links() if "deliberations" in link] for one in (office, division)]

    assert [len(links) for links in led] == [1, 0]
    assert "登记审议（多件）" in office.open(led[0][0]).text


def test_one_act_approves_all_and_tells_of_each(office: Office, person: Seats, waiting: list[int]) -> None:
    division = person("钱业务")
    frozen = division.open(NEW)

    seen = division.send(frozen.form("/year-acts"), **APPROVED)

    (file,) = [link for link in seen.links() if link.endswith("/results.csv")]
    taken = division.client.get(file).get_data(as_text=True)
    assert "已冻结 3 件" in frozen.text
    assert "成功 3 · 跳过 0 · 失败 0" in seen.text
    assert taken.count("成功") == 3
    assert not_yet(office, waiting) == 0
    assert "已办完 3 件" in division.open("/year-acts").text


def test_only_what_is_ticked_is_done(office: Office, person: Seats, waiting: list[int]) -> None:
    division = person("钱业务")
    form = form_of(division)
    form.xpath(".//input[@name='item']")[0].checked = False

    seen = division.send(form, **APPROVED)

    assert "成功 2 · 跳过 0 · 失败 0" in seen.text
    assert not_yet(office, waiting) == 1


def test_without_an_answer_a_reason_or_a_case_nothing_is_done_and_it_says_what_is_missing(
    office: Office, person: Seats, waiting: list[int]
) -> None:
    division = person("钱业务")
    none = form_of(division)
    for box in none.xpath(".//input[@name='item']"):
        box.checked = False

    said = [
        division.send(none, **APPROVED),
        division.send(form_of(division), reason="示例"),
        division.send(form_of(division), answer__target_result="approved"),
    ]

    assert [each.status for each in said] == [422] * 3
    assert "没有选择案卷，没有办理。" in said[0].text
    assert "没有办理。请选择后再办理。" in said[1].text
    assert "这一步要写明理由，没有办理。" in said[2].text
    assert said[1].form("/year-acts").fields["reason"].strip() == "示例"
    assert said[2].form("/year-acts").fields["answer.target_result"] == "approved"
    assert not_yet(office, waiting) == 3


def test_after_five_minutes_the_password_is_asked_again_and_nothing_is_done_before(
    office: Office, person: Seats, site: Site, waiting: list[int]
) -> None:
    division = person("钱业务")
    site.watch.move_to(site.watch.now() + timedelta(minutes=6))

    wrong = division.send(form_of(division), password="not-this", **APPROVED)
    before = not_yet(office, waiting)
    right = division.send(wrong.form("/year-acts"), password=PASSWORD)

    assert (wrong.status, before) == (403, 3)
    assert "成功 3" in right.text
    assert not_yet(office, waiting) == 0


def test_what_changed_since_the_freeze_is_passed_over_and_says_why(
    office: Office, person: Seats, waiting: list[int]
) -> None:
    division = person("钱业务")
    form = form_of(division)
    with office.transactions() as session:
        suspend(session, waiting[0], reason="示例：等待审计", by=office.bureau.office, at=office.now)
        prepared(office, waiting[1], "approve_budget", target_result="approved").done(session, office)

    seen = division.send(form, **APPROVED)

    assert "成功 1 · 跳过 1 · 失败 0" in seen.text  # the finished one is no longer of the list
    assert "刚被别人更新" in seen.text
    assert not_yet(office, waiting) == 1


def test_what_was_left_out_says_why(office: Office, person: Seats, waiting: list[int]) -> None:
    with office.transactions() as session:
        suspend(session, waiting[0], reason="示例：等待审计", by=office.bureau.office, at=office.now)

    seen = person("钱业务").open(NEW)

    assert "已冻结 2 件" in seen.text
    assert "不在其中的 1 件" in seen.text
    assert "案卷暂停中，恢复后再办。" in seen.text


def test_a_long_act_shows_how_far_it_is_and_can_be_stopped_and_gone_on_with(
    office: Office, person: Seats, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "MOMENT", 0)
    division = person("钱业务")

    first = division.send(form_of(division), **APPROVED)
    here = first.form("/portions").action.removesuffix("/portions")
    form = first.form("/portions")
    form.action = f"{here}/stop"
    stopped = division.send(form)
    by_itself = division.send(stopped.form("/portions"))
    meanwhile = not_yet(office, waiting)
    go = ("go", "1")
    second = division.send(stopped.form("/portions"), go)
    third = division.send(second.form("/portions"), go)

    assert "已完成 1/3" in first.text
    assert "成功 1 · 跳过 0 · 失败 0 · 未办 2" in first.text
    assert "可以离开本页：后台会接着办，完成后通知您。" in first.text
    assert "已停止：完成 1/3" in stopped.text
    assert "已停止：完成 1/3" in by_itself.text
    assert meanwhile == 2
    assert "成功 3 · 跳过 0 · 失败 0" in third.text
    assert not_yet(office, waiting) == 0


def test_the_file_tells_what_had_no_turn_yet(
    office: Office, person: Seats, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "MOMENT", 0)
    division = person("钱业务")

    seen = division.send(form_of(division), **APPROVED)
    (file,) = [link for link in seen.links() if link.endswith("/results.csv")]
    taken = division.client.get(file).get_data(as_text=True)

    assert (taken.count("成功"), taken.count("未办")) == (1, 2)


def test_an_act_sent_twice_is_done_once(office: Office, person: Seats, waiting: list[int]) -> None:
    division = person("钱业务")
    form = form_of(division)

    first, second = division.send(form, **APPROVED), division.send(form, **APPROVED)

    assert ("成功 3" in first.text, "成功 3" in second.text) == (True, True)
    assert [len(office.journal(case, "task.completed")) for case in waiting] == [
        len(office.journal(waiting[0], "task.completed"))
    ] * 3


def test_an_act_is_nobody_elses_and_a_step_of_others_has_none(
    office: Office, person: Seats, waiting: list[int]
) -> None:
    division, other = person("钱业务"), person("王绩效")
    division.send(form_of(division), **APPROVED)
    (link,) = [
        link for link in division.open("/year-acts").links() if link.startswith("/year-acts/") and link[11:].isdigit()
    ]

    stranger = person("钱业务", elsewhere=True)

    assert other.open(link).status == 404
    assert stranger.open(link).status == 404
    assert other.open(NEW).text.count("现在没有可以一次办理的步骤") == 1
    assert person("李经办").open("/year-acts").text.count("现在没有可以一次办理的步骤") == 1


def test_junk_is_passed_over(office: Office, person: Seats, waiting: list[int]) -> None:
    division = person("钱业务")
    word = division.open("/year-acts").page.xpath("//input[@name='_word']/@value")[0]
    task = the_task(office, waiting[0], "approve_budget").id
    told = {
        "_word": word, "answer.target_result": "approved", "reason": "示例",
        "item": ["junk", f"{task}.x", "", f"{project_at(office, 'review_target')}.1"],
    }  # fmt: skip

    answers = [
        division.client.post(f"/year-acts?year={FISCAL_YEAR}&step={STEP}", data=told).status_code,
        division.client.post("/year-acts?year=abcd&step=x", data=told).status_code,
    ]

    assert answers == [422, 409]
    assert not_yet(office, waiting) == 3
