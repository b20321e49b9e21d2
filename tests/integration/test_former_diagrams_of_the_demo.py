"""示例: what a demo has to move to today's diagrams, and what it cannot."""

from engine.moves.migrating import preview_migration
from engine.rehearsal.demo_versions import FORMER_NAME, FORMER_STEP, former
from engine.stages import Library
from engine.store import Database
from tests.factories import Bureau
from tests.journeys import LETTER_DAY, begin


def test_who_stands_at_the_step_that_has_gone_stays_and_who_stands_elsewhere_can_move(
    database: Database, bureau: Bureau, library: Library
) -> None:
    with database.upkeep() as session:
        former(library).keep(session, LETTER_DAY)
    before_it, at_it = begin(database, bureau), begin(database, bureau, "示例-2021-002")
    for journey, step in ((before_it, "fill_target"), (at_it, FORMER_STEP)):
        journey.stand_at("target_filing")
        journey.move_to("target_filing", step)

    with database.upkeep() as session:
        library.keep(session, LETTER_DAY)
    with database.transaction("huaxi") as session:
        prospects = preview_migration(session, [before_it.case_id, at_it.case_id])

    assert [each.possible for each in prospects] == [True, False]
    assert prospects[1].problems == (f"新版没有步骤“{FORMER_NAME}”，而案件正停在此处。",)
