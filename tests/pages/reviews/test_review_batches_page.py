"""批量办理: what is frozen and left out, the password once more, and what becomes of every item."""

from datetime import timedelta
from uuid import uuid4

from engine.commands.suspend import suspend
from tests.integration.desk import project_at, the_task
from tests.office import Office
from tests.pages.reviews.conftest import PASSWORD, Reader, Seats
from web.visits import Site

LONG_AFTER = timedelta(minutes=6)


def _batch(reader: Reader):
    return reader.open("/review-batches/new").form("/review-batches")


def test_what_raises_no_question_goes_through_together_and_every_item_is_told_of(office: Office, person: Seats) -> None:
    first, second = project_at(office, "check_target"), project_at(office, "check_target")
    judge = person("赵主管")

    frozen = judge.open("/review-batches/new")
    seen = judge.send(frozen.form("/review-batches"), opinion="示例：同意")

    (file,) = [link for link in seen.links() if link.endswith("/results.csv")]
    taken = judge.client.get(file).get_data(as_text=True)

    assert "已按当前条件冻结 2 件" in frozen.text
    assert "成功 2 · 跳过 0 · 失败 0" in seen.text
    assert taken.count("成功") == 2
    assert [office.open_steps(case) for case in (first, second)] == [["target_filing.review_target"]] * 2


def test_what_has_to_be_looked_at_by_itself_is_left_out_with_its_reason(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target")

    seen = person("王绩效").open("/review-batches/new")

    assert "冻结 0 件" in seen.text
    assert "这一步要填绩效目标审核表，须逐件办理。" in seen.text
    assert "没有可以批量通过的事项" in seen.text


def test_after_five_minutes_the_password_is_asked_again_and_nothing_is_done_before(
    office: Office, person: Seats, site: Site
) -> None:
    case = project_at(office, "check_target")
    judge = person("赵主管")
    site.watch.move_to(site.watch.now() + LONG_AFTER)

    wrong = judge.send(_batch(judge), opinion="示例：同意", password="not-this")
    before = office.open_steps(case)
    right = judge.send(wrong.form("/review-batches"), password=PASSWORD)

    assert wrong.status == 403
    assert wrong.form("/review-batches").fields["opinion"].strip() == "示例：同意"
    assert before == ["target_filing.check_target"]
    assert "成功 1" in right.text
    assert judge.send(right.form("/logout")).status == 200


def test_an_item_whose_case_went_on_since_the_freeze_fails_and_says_why(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    task = the_task(office, case, "check_target")
    judge = person("赵主管")
    told = dict(_batch(judge).form_values()) | {"item": f"{task.id}.1"}

    answer = judge.client.post("/review-batches", data=told)

    assert "成功 0 · 跳过 0 · 失败 1" in answer.text
    assert "这份案卷刚被别人更新" in answer.text
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_an_item_that_cannot_be_done_any_more_is_skipped_and_the_others_go_through(
    office: Office, person: Seats
) -> None:
    first, second = project_at(office, "check_target"), project_at(office, "check_target")
    judge = person("赵主管")
    form = _batch(judge)
    with office.transactions() as session:
        suspend(session, first, reason="示例：等待审计", by=office.bureau.office, at=office.now)

    seen = judge.send(form)

    assert "成功 1 · 跳过 1 · 失败 0" in seen.text
    assert office.open_steps(first) == ["target_filing.check_target"]
    assert office.open_steps(second) == ["target_filing.review_target"]


def test_a_batch_sent_twice_is_done_once(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    judge = person("赵主管")
    form = _batch(judge)

    first, second = judge.send(form), judge.send(form)

    assert ("成功 1" in first.text, "成功 1" in second.text) == (True, True)
    assert len(office.journal(case, "submission.approved")) == 1


def test_what_is_not_ones_own_and_junk_are_passed_over(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    task = the_task(office, case, "check_target")
    division = person("钱业务")
    word = division.open("/reviews").page.xpath("//input[@name='_word']/@value")[0]

    answer = division.client.post(
        "/review-batches", data={"_word": word, "item": [f"{task.id}.1", f"{uuid4()}.1", "junk", "", f"{task.id}."]}
    )

    assert answer.status_code == 200
    assert "成功 0 · 跳过 2 · 失败 0" in answer.text
    assert office.case(case).name not in answer.text
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_who_files_and_another_bureau_have_no_batches(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    task = the_task(office, case, "check_target")
    stranger = person("赵主管", elsewhere=True)
    word = stranger.open("/reviews").page.xpath("//input[@name='_word']/@value")[0]

    answer = stranger.client.post("/review-batches", data={"_word": word, "item": f"{task.id}.1"})

    assert "成功 0 · 跳过 1" in answer.text
    assert person("李经办").open("/review-batches/new").status == 403
    assert office.open_steps(case) == ["target_filing.check_target"]
