"""One step of a person is one short transaction: few trips, few statements and one commit, counted and not timed."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from engine.commands.start_case import start_case
from engine.moves import finishing
from engine.moves.repeating import Asked
from engine.store import Database
from engine.store.archives import row_by_id
from engine.tasks import Task
from engine.words import CaseKind
from tests.factories import START, Bureau, new_project
from tests.office import Office
from tests.trips import trips_to

MOST_TRIPS, MOST = 6, 14
MOST_TRIPS_OF_A_NAMED_STEP, MOST_OF_A_NAMED_STEP = 9, 18
"""Steps with a command of their own also check a result, take a number, keep a ledger; a case has few of them. One
statement of each leaves the job by which whoever has to go on is told."""
ENTERING = 1
"""The statement that makes a transaction one tenant's; it goes with the first others."""
COMMITTING = 1


@dataclass
class Meter:
    """The longest way of every step to the database, its trips without the commit."""

    trips: list[list[str]]
    steps: dict[str, list[list[str]]] = field(default_factory=dict)

    @property
    def commits(self) -> int:
        return self.trips.count(["COMMIT"])

    def finish(self, session: Any, asked: Asked, task_id: Any, *given: Any, **how: Any) -> Any:
        """A step under a key, measured."""
        before = len(self.trips)
        receipt = REALLY(session, replace(asked, key=f"key {task_id}"), task_id, *given, **how)
        made = self.trips[before:]
        task = row_by_id(session, Task, task_id)
        assert task is not None
        step = f"{how.get('named', 'complete_task')} {task.process}.{task.element}"
        self.steps[step] = max(self.steps.get(step, []), made, key=_length)
        return receipt


REALLY = finishing.finish


def _length(trips: list[list[str]]) -> tuple[int, int]:
    return len(trips), sum(map(len, trips))


@pytest.fixture
def meter(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meter]:
    with trips_to(database) as trips:
        meter = Meter(trips)
        for name, module in list(sys.modules.items()):
            if name.startswith("engine.commands.") and getattr(module, "finish", None) is REALLY:
                monkeypatch.setattr(module, "finish", meter.finish)
        yield meter


@pytest.mark.parametrize("kind", CaseKind)
def test_every_step_of_a_year_keeps_within_its_trips_and_statements_and_commits_once(
    database: Database, meter: Meter, kind: CaseKind
) -> None:
    office = Office.opened(database)
    case = office.open_case(kind)

    with_other_than_one_commit = []
    while office.case(case).state == "active":
        doing, before = office.open_steps(case), meter.commits
        office.go_on(case, sampled=True, selected=True)
        if doing and meter.commits - before != 1:
            with_other_than_one_commit.append(doing)

    assert with_other_than_one_commit == []
    assert len(meter.steps) > 20
    for step, trips in meter.steps.items():
        plain = step.startswith("complete_task ")
        told = "\n".join([step, *(" | ".join(trip) for trip in trips)])
        assert len(trips) + COMMITTING <= (MOST_TRIPS if plain else MOST_TRIPS_OF_A_NAMED_STEP), told
        assert sum(map(len, trips)) + ENTERING <= (MOST if plain else MOST_OF_A_NAMED_STEP), told


@pytest.mark.parametrize(("key", "most"), [(None, 9), ("示例", 11)])
def test_a_case_begins_with_the_day_of_its_first_step_in_two_trips_and_a_commit(
    database: Database, bureau: Bureau, key: str | None, most: int
) -> None:
    with database.transaction("huaxi") as session:
        start_case(session, new_project(bureau, "示例-先立"), by=bureau.office, at=START)  # keeps the calendar in mind

    with trips_to(database) as trips, database.transaction("huaxi") as session:
        start_case(session, new_project(bureau), by=bureau.office, at=START, key=key)

    assert len(trips) == 3
    assert sum(map(len, trips)) - COMMITTING + ENTERING <= most, trips


def test_long_texts_and_what_repeats_them_keep_a_filing_within_its_trips_and_statements(
    database: Database, meter: Meter
) -> None:
    office = Office.opened(database)
    words = "示例：围绕居家养老服务，完善站点设施，培训护理队伍，提升老年人生活质量，惠及全区各个社区。"
    texts = {name: words + name for name in ("necessity", "feasibility", "activities", "schedule")}

    for code in ("示例-1", "示例-2"):
        case = office.open_case(code=code, name="示例同名项目")
        office.reach(case, "target_filing.fill_target", ex_ante_verdict="exempt", entry_review_verdict="no")
        office.do(case, "fill_target", changes=texts)
        office.reach(case, "target_filing.check_target")

    for step, trips in meter.steps.items():
        told = "\n".join([step, *(" | ".join(trip) for trip in trips)])
        assert len(trips) + COMMITTING <= MOST_TRIPS, told
        assert sum(map(len, trips)) + ENTERING <= MOST, told
    assert "INSERT INTO paper_texts" in str(meter.steps["complete_task target_filing.fill_target"])
