"""A step that was done keeps its name, whatever diagrams the case goes on with."""

import pytest

from engine.commands.migrate_case import migrate_case
from engine.directory import Actor
from engine.notifications import Notice
from engine.queries.case_timeline import case_timeline
from engine.queries.recent_moves import recent_moves
from engine.queries.task_card import task_card
from engine.stages import Library
from engine.store import Database
from engine.tasks import Task
from tests.factories import Bureau
from tests.journeys import LETTER_DAY, Journey, begin
from web.worker.carrying import carrier_for

STEP, NAME = "fill_target", "填报绩效目标"


@pytest.fixture
def clerk(bureau: Bureau) -> Actor:
    return bureau.clerk


@pytest.fixture
def done(database: Database, bureau: Bureau) -> tuple[Journey, Task]:
    """A project whose target has been filled in, and the task in which that was done."""
    journey = begin(database, bureau)
    journey.stand_at("target_filing")
    journey.move_to("target_filing", STEP)
    task = journey.task(STEP)
    journey.do(STEP)
    return journey, task


def goes_on_without_it(journey: Journey, library: Library) -> None:
    """Draw the step away and move the case to what is left: its place is taken by one of another name."""
    drawn = library.diagrams.files["target_filing.bpmn"].decode()
    for old, new in ((f'"{STEP}"', '"write_target"'), (f">{STEP}<", ">write_target<"), (NAME, "编写绩效目标")):
        assert old in drawn
        drawn = drawn.replace(old, new)
    files = {**library.diagrams.files, "target_filing.bpmn": drawn.encode()}
    with journey.database.upkeep() as session:
        Library.of(files, library.policies).keep(session, LETTER_DAY)
    with journey.database.transaction("huaxi") as session:
        migrate_case(
            session, journey.case_id, reason="示例：流程修订", second=journey.bureau.second_officer,
            by=journey.bureau.office, at=journey.next_minute(),
        )  # fmt: skip


def test_the_story_of_the_case_calls_it_by_its_name(done: tuple[Journey, Task], library: Library) -> None:
    journey, _ = done
    goes_on_without_it(journey, library)

    with journey.database.transaction("huaxi") as session:
        sentences = [line.sentence for line in case_timeline(session, journey.bureau.office, journey.case_id)]

    assert [each for each in sentences if STEP in each] == []
    assert any(f"填报“{NAME}”" in each for each in sentences)


def test_its_page_can_still_be_opened(done: tuple[Journey, Task], library: Library, clerk: Actor) -> None:
    journey, task = done
    goes_on_without_it(journey, library)

    with journey.database.transaction("huaxi") as session:
        card = task_card(session, clerk, task.id, at=journey.at)

    assert (card.step, card.is_open) == (NAME, False)


def test_who_is_told_of_it_afterwards_reads_its_name(
    done: tuple[Journey, Task], library: Library, clerk: Actor
) -> None:
    journey, task = done
    goes_on_without_it(journey, library)

    carrier_for(journey.database).carry_what_waits()

    with journey.database.transaction("huaxi") as session:
        words = [notice.words for notice in session.query(Notice).where(Notice.task_id == task.id)]
    assert words
    assert all(NAME in each for each in words)


def test_what_was_done_last_is_told_by_its_name(done: tuple[Journey, Task], library: Library, clerk: Actor) -> None:
    journey, _ = done
    goes_on_without_it(journey, library)

    with journey.database.transaction("huaxi") as session:
        sentences = [move.sentence for move in recent_moves(session, clerk)]

    assert [each for each in sentences if STEP in each] == []
