"""Drawing samples and planning evaluations: frozen, witnessed, repeatable, and every waiting case gets its answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.cases import Case
from engine.commands.draw_sample import WitnessMissing, draw_sample
from engine.commands.plan_evaluation import NotInFrame, plan_evaluation
from engine.commands.skip_draw import skip_draw
from engine.commands.start_case import Line
from engine.commands.suspend import suspend
from engine.directory import Actor, NotYourOffice
from engine.moves.delivering import deliver_to_waiting
from engine.moves.move import Move
from engine.moves.selections import FrameChanged, NobodyWaits, SampleNotFound, SelectionUnfinished, deliver_selection
from engine.queries.selections import preview_frame, recount
from engine.results.model import Candidate, Sample
from engine.results.sampling import SeedRefused, SizeRefused, draw
from engine.reviews import ReasonMissing
from engine.store import Database
from engine.store.database import ChangedMeanwhile
from engine.words import CaseKind, CaseState, Selection
from tests.factories import Bureau, bureau_in, sample_of
from tests.factories_forms import YEAR
from tests.journeys import LETTER_DAY, Journey, begin

Transactions = Callable[[], AbstractContextManager[Session]]
DRAW: dict[str, Any] = {
    "finance_seed": "财政 20220301",
    "witness_seed": "人大 771",
    "witness": "示例代表（区人大）",
    "reason": "示例：本区未定范围，全部参加",
    "at": LETTER_DAY,
}


@pytest.fixture
def transactions(database: Database, bureau: Bureau) -> Transactions:
    return lambda: database.transaction("huaxi")


def at_spot_review(database: Database, bureau: Bureau, count: int) -> list[Journey]:
    journeys = [begin(database, bureau, f"示例-{number}") for number in range(1, count + 1)]
    for journey in journeys:
        journey.stand_at("spot_review")
    return journeys


@pytest.fixture
def five(database: Database, bureau: Bureau) -> list[Journey]:
    """Five projects waiting to hear whether their self-evaluation is reviewed."""
    return at_spot_review(database, bureau, 5)


def test_who_is_drawn_is_reviewed_and_who_is_not_goes_on(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    receipt = draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW)
    sample = sample_of(transactions, receipt)

    drawn = {choice["case"] for choice in sample.drawn}
    assert len(drawn) == 2
    for journey in five:
        expected = (["assign_spot_reviewer"], "spot_review") if journey.case_id in drawn else ([], "key_evaluation")
        assert (journey.waiting(), journey.case().stage) == expected
        assert [entry.payload["sampled"] for entry in journey.journal("case.sampled")] == [journey.case_id in drawn]


def test_anyone_can_repeat_a_draw_from_what_is_on_record(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    receipt = draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW)
    sample = sample_of(transactions, receipt)

    with transactions() as session:
        stored = session.get_one(Sample, sample.id)
        again = recount(session, bureau.office, sample.id)

    by_hand = draw(stored.frame, DRAW["finance_seed"], DRAW["witness_seed"], 2)
    assert again.holds
    assert list(by_hand) == [choice["case"] for choice in stored.drawn] == list(again.again)


@pytest.mark.parametrize("part", ["frame", "drawn", "seed"])
def test_a_draw_altered_afterwards_does_not_hold(
    five: list[Journey], transactions: Transactions, bureau: Bureau, part: str
) -> None:
    sample_id = draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW).gave["sample"]
    with transactions() as session:
        stored = session.get_one(Sample, sample_id)
        match part:
            case "frame":
                stored.frame = [{**member, "amount_wan": "1"} for member in stored.frame]
            case "drawn":
                stored.drawn = list(reversed(stored.drawn))
            case _:
                stored.witness_seed = "别的种子"

    with transactions() as session:
        assert not recount(session, bureau.office, sample_id).holds


def test_the_draw_is_in_the_journal_of_the_jurisdiction_with_frame_hash_and_witness(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    receipt = draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW)
    sample = sample_of(transactions, receipt)

    with transactions() as session:
        entry = session.scalars(select(Entry).where(Entry.case_id == 0, Entry.type == "sample.drawn")).one()

    assert entry.payload["frame_hash"] == sample.frame_hash.hex()
    assert entry.payload["witness"] == "示例代表（区人大）"
    assert entry.payload["chosen"] == [choice["case"] for choice in sample.drawn]


def test_a_frame_that_changed_after_it_was_frozen_is_not_drawn_from(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with transactions() as session:
        seen = preview_frame(session, YEAR, "spot_review", by=bureau.office, at=LETTER_DAY).hash
        suspend(session, five[0].case_id, reason="示例：核对", by=bureau.office, at=LETTER_DAY)

    with pytest.raises(FrameChanged, match="指纹不符"):
        draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, seen_hash=seen, **DRAW)

    assert five[1].case().stage == "spot_review"


def test_a_frame_looked_at_twice_has_the_same_hash_and_can_be_drawn_from(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with transactions() as session:
        seen = preview_frame(session, YEAR, "spot_review", by=bureau.office, at=LETTER_DAY)

    sample = sample_of(
        transactions, draw_sample(transactions, YEAR, "spot_review", 1, by=bureau.office, seen_hash=seen.hash, **DRAW)
    )

    assert sample.frame_hash == seen.hash
    assert seen.candidates == tuple(journey.case_id for journey in five)


def test_the_same_key_again_gives_the_same_draw(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    first = sample_of(
        transactions, draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, key="k1", **DRAW)
    )

    again = sample_of(
        transactions, draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, key="k1", **DRAW)
    )

    assert again.id == first.id


def interrupted(transactions: Transactions, after: int) -> Transactions:
    """Transactions of a process that is killed once `after` of them are done."""
    left = iter(range(after))

    def transaction() -> AbstractContextManager[Session]:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return transactions()

    return transaction


def test_a_draw_interrupted_before_it_was_told_is_finished_and_not_drawn_again(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with pytest.raises(KeyboardInterrupt):
        draw_sample(interrupted(transactions, 1), YEAR, "spot_review", 2, by=bureau.office, **DRAW)

    with pytest.raises(SelectionUnfinished, match="还有5份案卷没有送达") as refusal:
        draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW)
    deliver_selection(transactions, refusal.value.facts["sample"], by=bureau.office, at=LETTER_DAY)

    assert sorted(len(journey.waiting()) for journey in five) == [0, 0, 0, 1, 1]


def test_a_case_that_is_changed_at_every_try_is_tried_five_times_and_then_refused(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    tried: list[int] = []

    def change(move: Move) -> None:
        tried.append(move.case.id)
        assert len(tried) <= 5
        with transactions() as session:
            session.execute(update(Case).where(Case.id == move.case.id).values(version=Case.version + 1))

    with pytest.raises(ChangedMeanwhile):
        deliver_to_waiting(
            transactions, YEAR, "spot_review.drawn", lambda case: {"sampled": False},
            by=bureau.office, at=LETTER_DAY, scope={"case_ids": [five[0].case_id]}, note=change,
        )  # fmt: skip

    assert tried == [five[0].case_id] * 5
    assert five[0].case().stage == "spot_review"


def test_of_two_officers_drawing_at_once_one_draws_and_the_other_is_told(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    def drawn(by: Actor) -> bool:
        try:
            draw_sample(transactions, YEAR, "spot_review", 2, by=by, **DRAW)
        except (SelectionUnfinished, NobodyWaits):
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        results = sorted(both.map(drawn, (bureau.office, bureau.second_officer)))

    assert results == [False, True]
    with transactions() as session:
        assert len(session.scalars(select(Sample)).all()) == 1


def test_where_the_jurisdiction_lays_down_no_pool_the_drawer_has_to_say_why(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with pytest.raises(ReasonMissing, match="5份案卷本区未规定"):
        draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW | {"reason": " "})


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"witness": " "}, WitnessMissing),
        ({"witness_seed": DRAW["finance_seed"]}, SeedRefused),
        ({"finance_seed": ""}, SeedRefused),
    ],
)
def test_a_draw_needs_two_seeds_and_a_witness(
    five: list[Journey], transactions: Transactions, bureau: Bureau, changes: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW | changes)

    assert {journey.case().stage for journey in five} == {"spot_review"}


def test_more_than_there_are_cannot_be_drawn_and_nothing_is_kept(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with pytest.raises(SizeRefused, match="共5个，不能抽6个"):
        draw_sample(transactions, YEAR, "spot_review", 6, by=bureau.office, **DRAW)

    with transactions() as session:
        assert session.scalars(select(Sample)).all() == []


def test_only_the_performance_office_draws(five: list[Journey], transactions: Transactions, bureau: Bureau) -> None:
    with pytest.raises(NotYourOffice):
        draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.division, **DRAW)


def test_a_year_without_a_draw_is_said_with_its_reason_and_everybody_goes_on(
    five: list[Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with pytest.raises(ReasonMissing):
        skip_draw(transactions, YEAR, "spot_review", reason="", by=bureau.office, at=LETTER_DAY)

    skip_draw(transactions, YEAR, "spot_review", reason="示例：本区不做自评复核", by=bureau.office, at=LETTER_DAY)

    assert {journey.case().stage for journey in five} == {"key_evaluation"}
    assert [entry.payload["sampled"] for entry in five[0].journal("case.not_drawn")] == [False]


def test_nobody_waiting_is_a_refusal_and_not_an_empty_draw(transactions: Transactions, bureau: Bureau) -> None:
    with pytest.raises(NobodyWaits, match="没有案卷在等待"):
        draw_sample(transactions, YEAR, "spot_review", 1, by=bureau.office, **DRAW)


def test_a_draw_of_another_jurisdiction_is_not_there(
    five: list[Journey], transactions: Transactions, bureau: Bureau, database: Database
) -> None:
    receipt = draw_sample(transactions, YEAR, "spot_review", 2, by=bureau.office, **DRAW)
    sample = sample_of(transactions, receipt)

    with database.transaction("conghua") as session, pytest.raises(SampleNotFound):
        recount(session, bureau.office, sample.id)


@pytest.fixture
def conghua(database: Database) -> Bureau:
    with database.transaction("conghua") as session:
        return bureau_in(session, "conghua")


def test_in_conghua_only_projects_with_the_marks_of_the_table_can_be_drawn(database: Database, conghua: Bureau) -> None:
    marked, plain = (
        begin(database, conghua, code, facts={"marks": marks, "project_nature": "continuing"})
        for code, marks in (("示例-重", ["government_investment"]), ("示例-常", []))
    )
    for journey in (marked, plain):
        journey.stand_at("spot_review")

    draw_without_reason = {name: value for name, value in DRAW.items() if name != "reason"}
    in_conghua = lambda: database.transaction("conghua")  # noqa: E731
    receipt = draw_sample(in_conghua, YEAR, "spot_review", 1, by=conghua.office, **draw_without_reason)
    sample = sample_of(in_conghua, receipt)

    assert [choice["case"] for choice in sample.drawn] == [marked.case_id]
    weights = {member["case"]: (member["weight"], member["source"][:5]) for member in sample.frame}
    assert weights == {marked.case_id: ("1", "CH-11"), plain.case_id: ("0", "CH-12")}


def put_on_the_list(database: Database, haicang: Bureau, code: str, *, for_year: int) -> None:
    """A case of the year before, which its monitoring put on the list of that year."""
    earlier = begin(database, haicang, code, fiscal_year=YEAR - 1)
    with database.transaction("haicang") as session:
        session.add(
            Candidate(
                jurisdiction="haicang", case_id=earlier.case_id, for_year=for_year, reason="示例", added_at=LETTER_DAY
            )
        )


def test_what_monitoring_put_on_the_list_last_year_is_a_candidate_this_year(database: Database) -> None:
    with database.transaction("haicang") as session:
        haicang = bureau_in(session, "haicang")
    put_on_the_list(database, haicang, "示例-备选", for_year=YEAR)
    begin(database, haicang, "示例-备选").stand_at("key_evaluation")

    with database.transaction("haicang") as session:
        frame = preview_frame(session, YEAR, "key_evaluation", by=haicang.office, at=LETTER_DAY)

    assert frame.members[0]["marks"] == ["monitoring_candidate"]
    assert frame.members[0]["source"].startswith("HC-09")


@pytest.mark.parametrize("for_year", [YEAR - 1, YEAR + 1])
def test_what_is_on_the_list_of_another_year_is_no_candidate_this_year(database: Database, for_year: int) -> None:
    with database.transaction("haicang") as session:
        haicang = bureau_in(session, "haicang")
    put_on_the_list(database, haicang, "示例-备选", for_year=for_year)
    begin(database, haicang, "示例-备选").stand_at("key_evaluation")

    with database.transaction("haicang") as session:
        frame = preview_frame(session, YEAR, "key_evaluation", by=haicang.office, at=LETTER_DAY)

    assert frame.members[0]["marks"] == []


@pytest.fixture
def huaxi_year(database: Database, bureau: Bureau) -> dict[str, Journey]:
    """A department, a project of exactly 50 万元 and one of 49.99, all waiting for the plan."""
    journeys = {
        "department": begin(database, bureau, "示例-部门", object_kind=CaseKind.WHOLE_DEPARTMENT),
        "fifty": begin(database, bureau, "示例-50", lines=[Line("财政拨款", Decimal("50"))]),
        "below": begin(database, bureau, "示例-49", lines=[Line("财政拨款", Decimal("49.99"))]),
    }
    for journey in journeys.values():
        journey.stand_at("key_evaluation")
    return journeys


def test_huaxi_evaluates_every_department_and_every_project_from_fifty_on(
    huaxi_year: dict[str, Journey], transactions: Transactions, bureau: Bureau
) -> None:
    plan_evaluation(transactions, YEAR, by=bureau.office, at=LETTER_DAY)

    assert huaxi_year["department"].waiting() == ["assign_evaluator"]
    assert huaxi_year["fifty"].waiting() == ["assign_evaluator"]
    assert huaxi_year["below"].case().state == CaseState.CLOSED


def test_a_plan_other_than_the_table_needs_a_reason(
    huaxi_year: dict[str, Journey], transactions: Transactions, bureau: Bureau
) -> None:
    below = huaxi_year["below"].case_id
    with pytest.raises(ReasonMissing, match="3份案卷的选取与本区规定不同"):
        plan_evaluation(transactions, YEAR, chosen=[below], by=bureau.office, at=LETTER_DAY)

    plan_evaluation(transactions, YEAR, chosen=[below], reason="示例：群众关注", by=bureau.office, at=LETTER_DAY)

    assert huaxi_year["below"].waiting() == ["assign_evaluator"]


def test_an_evaluation_led_by_the_department_is_assigned_by_the_department(
    huaxi_year: dict[str, Journey], transactions: Transactions, bureau: Bureau
) -> None:
    fifty = huaxi_year["fifty"].case_id

    plan_evaluation(transactions, YEAR, department_led=[fifty], by=bureau.office, at=LETTER_DAY)

    assert huaxi_year["fifty"].waiting() == ["assign_department_evaluator"]
    assert huaxi_year["department"].waiting() == ["assign_evaluator"]


def test_nobody_is_planned_who_does_not_wait_for_it(
    huaxi_year: dict[str, Journey], transactions: Transactions, bureau: Bureau
) -> None:
    with pytest.raises(NotInFrame, match="999999"):
        plan_evaluation(transactions, YEAR, chosen=[999_999], reason="示例", by=bureau.office, at=LETTER_DAY)


def test_a_plan_without_a_draw_is_verified_by_the_hash_of_its_frame(
    huaxi_year: dict[str, Journey], transactions: Transactions, bureau: Bureau
) -> None:
    receipt = plan_evaluation(transactions, YEAR, by=bureau.office, at=LETTER_DAY)
    plan = sample_of(transactions, receipt)

    with transactions() as session:
        assert recount(session, bureau.office, plan.id).holds


def test_a_plan_that_chooses_nobody_is_a_plan_and_no_skipped_draw(
    transactions: Transactions, bureau: Bureau, database: Database
) -> None:
    journey = begin(database, bureau)
    journey.stand_at("key_evaluation")

    plan_evaluation(transactions, YEAR, chosen=[], reason="示例：今年只评部门", by=bureau.office, at=LETTER_DAY)

    assert [entry.payload["selected"] for entry in journey.journal("case.planned")] == [False]
    assert journey.journal("case.not_drawn") == []
    with transactions() as session:
        assert session.scalars(select(Sample.way)).all() == [Selection.PLANNED]
