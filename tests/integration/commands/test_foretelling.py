"""试办: what a launch would open and what a draw would choose from is told, and nothing is written or drawn."""

from typing import Any

import pytest

from engine.commands.draw_sample import draw_sample
from engine.commands.launch_stage import launch_stage
from engine.moves.foretelling import preview_draw, preview_of_many
from engine.store import Database
from tests.integration.desk import project_at
from tests.integration.refusals import traces
from tests.office import FISCAL_YEAR, Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def foretell(office: Office, stage: str = "monitoring", **how: Any) -> Any:
    how = {"by": office.bureau.office, "at": office.now, **how}
    with office.transactions() as session:
        return preview_of_many(session, launch_stage, FISCAL_YEAR, stage, **how)


def test_a_launch_is_foretold_with_what_opens_for_whom_until_when_and_leaves_no_trace(office: Office) -> None:
    cases = [project_at(office, "approved") for _ in range(3)]
    before = traces(office.database)

    foretold = foretell(office)
    after = traces(office.database)
    launch_stage(office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now)

    waiting = [task for case in cases for task in office.tasks(case)]
    assert after == before
    assert foretold.receipt.gave["moved"] == 3
    assert {(each.step, each.role, each.due_on, each.unit_id) for each in foretold.receipt.opened} == {
        (task.step, task.role, task.due_on, task.unit_id) for task in waiting
    }
    assert [(each.tasks, each.units) for each in foretold.opens] == [(3, 1)]
    assert [each.step for each in foretold.opens] == [waiting[0].step]


def test_a_launch_to_some_cases_is_foretold_for_those(office: Office) -> None:
    first, _ = (project_at(office, "approved") for _ in range(2))

    foretold = foretell(office, scope={"case_ids": [first]})

    assert (foretold.receipt.gave["moved"], len(foretold.receipt.opened)) == (1, 1)


@pytest.mark.parametrize(
    ("stage", "by", "code"),
    [("feedback", "office", "stage.not_launchable"), ("monitoring", "clerk", "directory.wrong_office")],
)
def test_a_launch_that_would_be_refused_is_foretold_as_refused(office: Office, stage: str, by: str, code: str) -> None:
    project_at(office, "approved")
    before = traces(office.database)

    foretold = foretell(office, stage, by=getattr(office.bureau, by))

    assert foretold.receipt is None
    assert foretold.refusal.code == code
    assert traces(office.database) == before


def at_the_draw(office: Office, many: int) -> list[int]:
    cases = [office.open_case(code=f"试办-{number}") for number in range(many)]
    office.launch("monitoring")
    for case in cases:
        office.reach(case, "spot_review")
    return cases


def test_a_draw_is_foretold_by_its_frame_and_strata_and_not_by_who_comes_out(office: Office) -> None:
    at_the_draw(office, 3)
    how: dict[str, Any] = {"by": office.bureau.office, "at": office.now, "reason": "示例：年度计划"}
    before = traces(office.database)

    with office.transactions() as session:
        foretold = preview_draw(session, FISCAL_YEAR, "spot_review", 2, **how)
    after = traces(office.database)
    seeds = {"finance_seed": "示例甲", "witness_seed": "示例乙", "witness": "示例见证人"}
    draw_sample(
        office.transactions, FISCAL_YEAR, "spot_review", 2, seen_hash=foretold.frame_hash, **seeds, **how
    )  # fmt: skip

    assert after == before
    assert (foretold.refusal, foretold.frame, foretold.candidates, foretold.size) == (None, 3, 3, 2)
    assert [(each.object_kind, each.cases) for each in foretold.strata] == [("project", 3)]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"size": 4}, "sample.size_refused"),
        ({"reason": None}, "review.reason_missing"),
        ({"organizer": "nobody"}, "sample.organizer_unknown"),
        ({"seen_hash": bytes(32)}, "sample.frame_changed"),
        ({"by": "clerk"}, "directory.wrong_office"),
    ],
)
def test_a_draw_that_would_be_refused_is_foretold_as_refused(office: Office, how: dict[str, Any], code: str) -> None:
    at_the_draw(office, 1)
    by = getattr(office.bureau, how.pop("by", "office"))
    asked: dict[str, Any] = {"size": 1, "reason": "示例：年度计划", "at": office.now, **how}

    with office.transactions() as session:
        foretold = preview_draw(session, FISCAL_YEAR, "spot_review", by=by, **asked)

    assert foretold.refusal is not None
    assert foretold.refusal.code == code
    assert foretold.strata == ()
