"""A reviewer's remarks are read before anything is written, and the version that follows answers them."""

from typing import Any

import pytest

from engine.audit.events.papers import RemarkAnswered
from engine.commands.complete_task import complete_task
from engine.commands.return_submission import return_submission
from engine.moves.outcome import Outcome
from engine.reviews import Review
from engine.reviews.remarks import LONGEST_TEXT, MOST_REMARKS, read_remarks
from engine.store import Database
from tests.integration.refusals import refused
from tests.office import Office


@pytest.fixture(scope="module")
def shared_office(shared_database: Database) -> Office:
    return Office.opened(shared_database)


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def under_review(office: Office, code: str) -> int:
    case = office.open_case(code=code)
    office.reach(case, "target_filing.review_target")
    return case


def send_back(office: Office, case: int, *remarks: Any) -> None:
    paper = office.versions(case, "F02")[-1]
    with office.transactions() as session:
        return_submission(
            session, paper.id, reason="示例：请修改", remarks=list(remarks), by=office.bureau.office, at=office.now
        )


def rows(office: Office, case: int) -> list[str]:
    return [row["id"] for row in office.versions(case, "F02")[-1].content["indicators"]]


def answers(office: Office, case: int) -> list[tuple[str, str, str | None]]:
    found = [RemarkAnswered(**entry.payload) for entry in office.journal(case, RemarkAnswered.name)]
    return [(event.path, event.state, event.text) for event in found]


@pytest.mark.parametrize(
    ("remarks", "why"),
    [
        ("请改", "一条一条"),
        ([{"path": "indicators[y3].colour", "text": "请改"}], "表中没有"),
        ([{"path": "", "text": "请改", "template": 12}], "模板"),
        ([{"path": "", "text": "请改", "template": ["1"]}], "模板"),
        ([{"path": "", "text": "  "}], "没有写内容"),
        ([{"path": "", "text": ["请改"]}], "应是文字"),
        ([{"path": "", "text": "长" * (LONGEST_TEXT + 1)}], "超过2000字"),
        ([{"path": "", "text": "请改"}] * (MOST_REMARKS + 1), "超过200条"),
    ],
)
def test_a_return_with_a_remark_about_nothing_is_refused_and_nothing_is_written(
    office: Office, remarks: Any, why: str
) -> None:
    case = under_review(office, f"意见-{why}-{len(str(remarks))}")
    paper, before = office.versions(case, "F02")[-1], len(office.journal(case))

    with refused(office.database, "review.remark_refused") as caught, office.transactions() as session:
        return_submission(
            session, paper.id, reason="示例：请修改", remarks=remarks, by=office.bureau.office, at=office.now
        )

    assert why in caught.value.message
    assert office.open_steps(case) == ["target_filing.review_target"]
    assert len(office.journal(case)) == before


def test_every_review_keeps_its_remarks_as_they_were_read(office: Office) -> None:
    case = under_review(office, "意见-规范")
    (first, *_) = rows(office, case)

    send_back(office, case, {"path": f"indicators[{first}].name", "template": 1}, {"text": " 请整体核对 "})

    (review,) = [review for review in office.rows(Review, case) if review.remarks]
    assert review.remarks == [
        {"path": f"indicators[{first}].name", "template": 1, "text": "缺计算方法", "state": "unchanged"},
        {"path": "", "template": None, "text": "请整体核对", "state": "unchanged"},
    ]
    assert [remark.to_json() for remark in read_remarks(review.remarks, lambda path: True)] == review.remarks


def test_who_fills_in_a_form_makes_no_remarks(office: Office) -> None:
    case = office.open_case(code="意见-填报")
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)

    with refused(office.database, "review.remark_refused") as caught, office.transactions() as session:
        complete_task(
            session, task.id, Outcome("submitted", content={}, remarks=[{"text": "示例"}]),
            by=office.bureau.clerk, at=office.now,
        )  # fmt: skip

    assert "不提审核意见" in caught.value.message


def test_the_filling_that_follows_records_which_remarks_it_answers(office: Office) -> None:
    case = under_review(office, "意见-答复")
    changed, explained, left = (f"indicators[{row}].name" for row in rows(office, case)[:3])
    (paper,) = office.versions(case, "F02")
    send_back(office, case, *({"path": path, "template": 9} for path in (changed, explained, left)), {"text": "示例"})
    again: dict[str, Any] = {
        **paper.content,
        "explanations": {changed: "示例：已改", explained: "示例：名称与批复一致"},
    }
    again["indicators"] = [dict(row) for row in again["indicators"]]
    again["indicators"][0]["name"] = "示例：改过的指标"

    office.do(case, "revise_target", content=again)

    assert answers(office, case) == [(changed, "changed", None), (explained, "explained", "示例：名称与批复一致")]
    (event, _) = office.journal(case, RemarkAnswered.name)
    assert event.payload["submission"] == office.versions(case, "F02")[-1].id.hex


def test_a_remark_on_the_whole_paper_is_answered_by_an_explanation_under_no_path(office: Office) -> None:
    case = under_review(office, "意见-全文")
    (paper,) = office.versions(case, "F02")
    send_back(office, case, {"text": "示例：请说明依据"})

    office.do(case, "revise_target", content={**paper.content, "explanations": {"": "示例：依据见附件"}})

    assert answers(office, case) == [("", "explained", "示例：依据见附件")]


def test_a_version_nobody_made_remarks_on_answers_none(office: Office) -> None:
    case = under_review(office, "意见-没有")
    send_back(office, case)

    office.do(case, "revise_target")

    assert answers(office, case) == []
