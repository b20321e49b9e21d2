"""审核队列: who finds what there, what a decision needs, and what is never lost."""

from uuid import uuid4

from engine.commands.suspend import suspend
from engine.reviews import Review
from tests.integration.desk import project_at, the_task
from tests.office import Office
from tests.pages.reviews.conftest import Reader, Seats, Sight

APPROVE, RETURN = ("word", "approved"), ("word", "returned")


def _waiting(office: Office, **facts: str) -> tuple[int, str]:
    case = project_at(office, "check_target", **facts)
    return case, f"/reviews/{the_task(office, case, 'check_target').id}"


def _decision(seen: Sight):
    return seen.form("/decision")


def _send_back(judge: Reader, address: str, path: str = "annual_goal", text: str = "请写明数量") -> Sight:
    form = _decision(judge.open(address))
    return judge.send(form, RETURN, remark__0__path=path, remark__0__text=text)


def test_the_queue_opens_with_its_first_paper_and_the_menu_leads_to_it(office: Office, person: Seats) -> None:
    case, _ = _waiting(office)
    judge = person("赵主管")

    seen = judge.open("/reviews")

    assert seen.status == 200
    assert office.case(case).name in seen.text
    assert "第 1/1 件" in seen.text
    assert "自动审核" in seen.text
    assert "/reviews" in [str(each) for each in seen.page.xpath("//nav[@class='jx-menu']//a/@href")]


def test_an_empty_queue_says_what_was_done_today(office: Office, person: Seats) -> None:
    _, address = _waiting(office)
    judge = person("赵主管")

    seen = judge.send(_decision(judge.open(address)), APPROVE)

    assert "已通过：" in seen.text
    assert "队列已清空。今日办结 1 件（通过 1 退回 0）。" in seen.text


def test_after_a_decision_the_next_paper_opens(office: Office, person: Seats) -> None:
    first, address = _waiting(office)
    second, _ = _waiting(office)
    judge = person("赵主管")

    seen = judge.send(_decision(judge.open(address)), APPROVE)

    assert f"已通过：{office.case(first).name}" in seen.text
    assert seen.page.xpath("//h2[@id='judged']")[0].text_content().endswith(office.case(second).name)


def test_the_division_begins_with_the_queue(office: Office, person: Seats) -> None:
    division = person("钱业务")

    assert division.open("/").page.xpath("//h1")[0].text == "审核队列"


def test_sending_back_without_a_remark_on_a_place_is_refused_and_keeps_what_was_typed(
    office: Office, person: Seats
) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")

    seen = judge.send(_decision(judge.open(address)), RETURN, remark__0__text="太笼统了", reason="不清楚")

    assert seen.status == 422
    assert "请至少写一条意见并在“针对”中选定位置" in seen.text
    assert _decision(seen).fields["remark.0.text"] == "太笼统了"
    assert _decision(seen).fields["reason"].strip() == "不清楚"
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_what_is_sent_back_carries_the_remark_at_its_place_and_the_remark_is_the_reason(
    office: Office, person: Seats
) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")

    seen = _send_back(judge, address)

    assert "已退回：" in seen.text
    assert office.open_steps(case) == ["target_filing.revise_target"]
    assert "请写明数量" in [review.reason for review in office.rows(Review, case)]


def test_the_page_says_until_when_the_unit_would_have_to_hand_in_again(office: Office, person: Seats) -> None:
    _, address = _waiting(office)

    seen = person("赵主管").open(address)

    assert "退回后预算单位经办人须在 5 个工作日内重报" in seen.text


def test_a_paper_that_came_back_shows_only_what_changed_and_the_rest_on_demand(office: Office, person: Seats) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")
    _send_back(judge, address)
    office.do(case, "revise_target", changes={"annual_goal": "2021 年新建社区养老服务站 5 个"})
    office.reach(case, "target_filing.check_target")

    seen = judge.open("/reviews")
    whole = judge.open(next(link for link in seen.links() if "changes=0" in link))

    assert "已重报·第 2 轮" in seen.text
    assert "对照第 1 轮" in seen.text
    assert "现在只看改动（1）" in seen.text
    assert [each.get("data-path") for each in seen.page.xpath("//*[@id='paper']//dl[@data-path]")] == ["annual_goal"]
    assert "已改" in seen.text
    assert len(whole.page.xpath("//*[@id='paper']//*[@data-path]")) > 10
    assert "只看改动（1）" in whole.text


def test_what_the_reader_decided_on_and_nobody_touched_since_is_marked_in_the_whole_paper(
    office: Office, person: Seats
) -> None:
    case, address = _waiting(office)
    judge, colleague = person("赵主管"), person("王绩效")
    first = judge.open(address)
    _send_back(judge, address)
    office.do(case, "revise_target", changes={"annual_goal": "2021 年新建社区养老服务站 5 个"})
    office.reach(case, "target_filing.check_target")

    again = judge.open("/reviews?changes=0")
    judge.send(_decision(judge.open("/reviews")), APPROVE)
    anothers = colleague.open(f"/reviews/{office.tasks(case)[0].id}?changes=0")

    marked = {
        str(each.get("data-path"))
        for each in again.page.xpath("//*[@id='paper']//*[@data-path][.//*[text()='已看过']]")
    }
    assert "mid_term_goal" in marked
    assert "annual_goal" not in marked
    assert any(path.startswith("indicators[") for path in marked)
    assert "已看过" not in first.text
    assert "已看过" not in anothers.text


def test_letting_through_what_was_not_answered_is_asked_once(office: Office, person: Seats) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")
    _send_back(judge, address, path="mid_term_goal")
    office.do(case, "revise_target", changes={"annual_goal": "2021 年新建社区养老服务站 5 个"})
    office.reach(case, "target_filing.check_target")

    asked = judge.send(_decision(judge.open("/reviews")), APPROVE)
    passed = judge.send(_decision(asked), APPROVE)

    assert asked.status == 409
    assert "上一轮还有 1 条意见没有改，也没有说明" in asked.text
    assert "已通过：" in passed.text


def test_a_case_that_changed_meanwhile_is_not_decided_and_the_remarks_stay(office: Office, person: Seats) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")
    form = _decision(judge.open(address))
    with office.transactions() as session:
        suspend(session, case, reason="示例：等待审计", by=office.bureau.office, at=office.now)

    seen = judge.send(form, RETURN, remark__0__path="annual_goal", remark__0__text="请写明数量")

    assert seen.status == 409
    assert "请写明数量" in seen.answer.text
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_whom_somebody_else_was_faster_than_keeps_what_they_wrote(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target")
    address = f"/reviews/{office.tasks(case)[0].id}"
    slow, fast = person("周绩效"), person("王绩效")
    form = _decision(slow.open(address))
    returned = {"remark__0__path": "annual_goal", "remark__0__text": "太笼统"}
    fast.send(_decision(fast.open(address)), RETURN, **returned)

    seen = slow.send(form, RETURN, remark__0__path="annual_goal", remark__0__text="请写明数量")

    assert seen.status == 409
    assert "已经由别人办结" in seen.text
    assert "请写明数量" in seen.text


def test_a_step_with_a_form_of_its_own_is_passed_from_its_page_and_sent_back_from_here(
    office: Office, person: Seats
) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target")
    task = office.tasks(case)[0]

    seen = person("王绩效").open(f"/reviews/{task.id}")

    assert "填绩效目标审核表并通过" in seen.text
    assert f"/tasks/{task.id}#begin" in seen.links()
    assert [button.get("value") for button in seen.page.xpath("//form[@id='opinion']//button")] == ["returned"]


def test_the_same_decision_sent_twice_is_taken_once(office: Office, person: Seats) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")
    form = _decision(judge.open(address))

    first, second = judge.send(form, APPROVE), judge.send(form, APPROVE)

    assert "已通过：" in first.text
    assert (second.status, "已通过：" in second.text) == (200, True)
    assert len(office.journal(case, "submission.approved")) == 1


def test_who_files_has_no_queue_and_another_bureau_finds_nothing(office: Office, person: Seats) -> None:
    case, address = _waiting(office)

    clerk, stranger = person("李经办"), person("赵主管", elsewhere=True)

    assert clerk.open("/reviews").status == 403
    assert clerk.open(address).status == 403
    assert "队列已清空" in stranger.open("/reviews").text
    assert stranger.open(address).status == 404
    assert office.case(case).name not in stranger.open("/reviews").text


def test_another_office_does_not_decide(office: Office, person: Seats) -> None:
    case, address = _waiting(office)
    form = _decision(person("赵主管").open(address))
    other = person("钱业务")
    form.fields["_word"] = other.open("/reviews").page.xpath("//input[@name='_word']/@value")[0]

    seen = other.send(form, APPROVE)

    assert seen.status == 403
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_nobody_reads_the_queue_without_signing_in(office: Office, person: Seats) -> None:
    _, address = _waiting(office)
    stranger = Reader(person("赵主管").client.application.test_client())

    assert stranger.open(address).page.xpath("//h2")[-1].text == "登录"


def test_junk_in_the_address_asks_for_nothing_and_breaks_nothing(office: Office, person: Seats) -> None:
    _, address = _waiting(office)
    judge = person("赵主管")

    for junk in ("stage=nowhere", "due=%00", "q=%00%27%22", "with=99999999999", "with=-1", "changes=x", "done=zzz"):
        assert judge.open(f"{address}?{junk}").status == 200
    assert judge.open("/reviews?after=zzz").status == 422
    assert judge.open(f"/reviews/{uuid4()}").status == 404
    assert judge.open("/reviews/nonsense").status == 404


def test_junk_in_a_decision_is_refused_in_words(office: Office, person: Seats) -> None:
    case, address = _waiting(office)
    judge = person("赵主管")
    form = _decision(judge.open(address))
    common = dict(form.form_values())

    for junk in ({"word": "explode"}, {}, {"word": "returned", "remark.0.path": "no.such", "remark.0.text": "x"},
                 {"word": "returned", "remark.0.path": "annual_goal", "remark.0.template": "77"},
                 {"word": "returned", "remark.0.path": "annual_goal", "remark.0.text": "字" * 3000}):  # fmt: skip
        seen = Sight(judge.client.post(form.action, data=common | junk))
        assert seen.status == 422, seen.text
        assert "我的意见" in seen.text
    assert office.open_steps(case) == ["target_filing.check_target"]
