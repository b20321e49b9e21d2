"""Nothing goes out before it was deliberated where that is laid down; secrets stay in with a reason."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.launch_stage import launch_stage
from engine.commands.publish import DisclosureRefused, publish
from engine.commands.record_deliberation import record_deliberation
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.record_deliberation_of_year import record_deliberation_of_year
from engine.directory import NotYourOffice
from engine.moves.publishing import DeliberationMissing
from engine.moves.sittings import DeliberationRefused, OutOfTurn, Sitting
from engine.results.model import Deliberation, Disclosure
from engine.reviews import ReasonMissing
from engine.store import Database
from tests.factories import Bureau, bureau_in
from tests.factories_forms import DEPARTMENT, YEAR, valid_content
from tests.journeys import Journey, begin, evaluated

GOVERNMENT = Sitting("government", date(2022, 10, 8))
CONGRESS = Sitting("congress", date(2022, 10, 10))
GATE = [
    {"id": "g1", "step": "government", "done_on": "2022-10-08"},
    {"id": "g2", "step": "congress", "done_on": "2022-10-10"},
]


def in_result_use(database: Database, jurisdiction: str) -> Journey:
    """An evaluated project of the jurisdiction whose use of the result is settled: the way to publication lies open."""
    with database.transaction(jurisdiction) as session:
        bureau = bureau_in(session, jurisdiction)
    journey = evaluated(begin(database, bureau))
    journey.stand_at("result_use")
    launch_stage(
        lambda: database.transaction(jurisdiction), YEAR, "result_use", by=bureau.office, at=journey.next_minute()
    )
    journey.move_to("result_use", "decide_result_use")
    exception = {"effects[a1].exception_reason": "示例：压减专项", "effects[a1].approved_by": "示例局领导"}
    journey.do("decide_result_use", content=valid_content("F12", **exception))
    journey.do("confirm_result_use")
    return journey


@pytest.fixture
def conghua(database: Database) -> Journey:
    """A project of 从化, where both government and congress deliberate first (CH-17, CH-18)."""
    return in_result_use(database, "conghua")


def sit(journey: Journey, element: str, sitting: Sitting, **how: Any) -> None:
    with journey.database.transaction(journey.bureau.jurisdiction) as session:
        task = journey.task(element)
        record_deliberation(session, task.id, sitting, by=journey.bureau.office, at=journey.next_minute(), **how)


def note(journey: Journey, sitting: Sitting) -> None:
    with journey.database.transaction(journey.bureau.jurisdiction) as session:
        by, at = journey.bureau.office, journey.next_minute()
        record_deliberation_of_case(session, journey.case_id, sitting, by=by, at=at)


def published(**cells: Any) -> dict[str, Any]:
    """The list with the evaluation report alone."""
    item = {
        "id": "k1",
        "kind": "key_evaluation_report",
        "responsible_unit": DEPARTMENT,
        "due_on": "2022-11-01",
        "published_on": "2022-10-12",
        "url": "https://www.example.gov.cn/1",
        "contents": ["报告", "得分", "等级"],
        "gate": GATE,
        "complete": True,
        "regular": True,
    }
    item = {name: value for name, value in (item | cells).items() if value is not None}
    return valid_content("F14") | {"items": [item]}


def go_public(journey: Journey, content: dict[str, Any], **how: Any) -> None:
    with journey.database.transaction(journey.bureau.jurisdiction) as session:
        task = journey.task("publish_result")
        publish(session, task.id, content, by=journey.bureau.office, at=journey.next_minute(), **how)


def rows(journey: Journey, model: Any) -> list[Any]:
    with journey.database.transaction(journey.bureau.jurisdiction) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def test_what_government_and_congress_passed_is_published(conghua: Journey) -> None:
    sit(conghua, "record_government_deliberation", GOVERNMENT)
    sit(conghua, "record_congress_deliberation", CONGRESS)
    go_public(conghua, published())

    (disclosure,) = rows(conghua, Disclosure)
    assert (disclosure.document_kind, disclosure.published_on) == ("key_evaluation_report", date(2022, 10, 12))
    assert disclosure.address == "https://www.example.gov.cn/1"
    assert [entry.type for entry in conghua.journal("disclosure.published", "case.closed")] == [
        "disclosure.published",
        "case.closed",
    ]


def test_settling_the_use_of_a_result_keeps_exceptions_with_their_reason(conghua: Journey) -> None:
    (decided,) = conghua.journal("result.decided")

    assert decided.payload == {"effects": ["normal"], "exceptions": ["示例规则：示例：压减专项"]}


def test_every_sitting_is_kept_with_its_body_and_day(conghua: Journey) -> None:
    sit(conghua, "record_government_deliberation", GOVERNMENT)

    (row,) = rows(conghua, Deliberation)
    assert (row.body, row.held_on, row.passed, row.case_id) == ("government", date(2022, 10, 8), True, conghua.case_id)
    assert row.document_kind == "key_evaluation_report"
    assert conghua.waiting() == ["record_congress_deliberation"]


def test_opinions_are_handled_and_the_sitting_is_held_again(conghua: Journey) -> None:
    with pytest.raises(ReasonMissing, match="审议未通过的要写明意见"):
        sit(conghua, "record_government_deliberation", Sitting("government", date(2022, 10, 8), passed=False))

    refused = Sitting("government", date(2022, 10, 8), passed=False, opinion="示例：补充满意度分析")
    sit(conghua, "record_government_deliberation", refused)
    conghua.do("handle_government_opinions")
    sit(conghua, "record_government_deliberation", GOVERNMENT)

    assert conghua.waiting() == ["record_congress_deliberation"]
    assert [row.passed for row in rows(conghua, Deliberation)] == [False, True]


def test_publication_is_refused_while_congress_has_not_passed_it_whatever_the_form_claims(conghua: Journey) -> None:
    sit(conghua, "record_government_deliberation", GOVERNMENT)
    conghua.move_to("result_use", "publish_result")

    with pytest.raises(DeliberationMissing, match="还缺人大（常委会）审议，不能公开。依据：CH-17") as refusal:
        go_public(conghua, published())

    assert refusal.value.facts["steps"] == ["congress"]
    assert conghua.waiting() == ["publish_result"]
    assert rows(conghua, Disclosure) == []


def test_a_sitting_that_did_not_pass_opens_no_gate(conghua: Journey) -> None:
    sit(conghua, "record_government_deliberation", GOVERNMENT)
    refused = Sitting("congress", date(2022, 10, 9), passed=False, opinion="示例：补充说明")
    sit(conghua, "record_congress_deliberation", refused)
    conghua.move_to("result_use", "publish_result")

    with pytest.raises(DeliberationMissing, match="人大"):
        go_public(conghua, published())


def record_year(journey: Journey, sitting: Sitting, kind: str = "key_evaluation_report", year: int = YEAR) -> None:
    with journey.database.transaction(journey.bureau.jurisdiction) as session:
        record_deliberation_of_year(session, year, kind, sitting, by=journey.bureau.office, at=journey.at)


def test_one_sitting_on_all_reports_of_the_year_opens_the_gate_for_each(conghua: Journey) -> None:
    conghua.move_to("result_use", "publish_result")
    record_year(conghua, GOVERNMENT)
    record_year(conghua, CONGRESS)

    go_public(conghua, published())

    assert len(rows(conghua, Disclosure)) == 1


@pytest.mark.parametrize(("kind", "year"), [("spot_review_result", YEAR), ("key_evaluation_report", YEAR - 1)])
def test_a_sitting_on_other_documents_or_another_year_opens_nothing(conghua: Journey, kind: str, year: int) -> None:
    conghua.move_to("result_use", "publish_result")
    record_year(conghua, GOVERNMENT)
    record_year(conghua, CONGRESS, kind, year)

    with pytest.raises(DeliberationMissing, match="人大"):
        go_public(conghua, published())


def test_sittings_on_another_case_open_nothing_here(conghua: Journey) -> None:
    neighbour = evaluated(begin(conghua.database, conghua.bureau, "示例-2021-002"))
    conghua.move_to("result_use", "publish_result")
    with conghua.database.transaction("conghua") as session:
        for sitting in (GOVERNMENT, CONGRESS):
            record_deliberation_of_case(
                session, neighbour.case_id, sitting, by=conghua.bureau.office, at=neighbour.next_minute()
            )

    with pytest.raises(DeliberationMissing) as refusal:
        go_public(conghua, published())

    assert refusal.value.facts["steps"] == ["government", "congress"]
    assert rows(conghua, Disclosure) == []


def test_a_secret_stays_in_with_its_reason_and_needs_no_deliberation(conghua: Journey) -> None:
    conghua.move_to("result_use", "publish_result")
    secret = published(
        exempt=True, exempt_reason="示例：涉密，已经保密审查批准", published_on=None, url=None, gate=None
    )

    go_public(conghua, secret)

    (disclosure,) = rows(conghua, Disclosure)
    assert (disclosure.published_on, disclosure.withheld_reason) == (None, "示例：涉密，已经保密审查批准")
    assert len(conghua.journal("disclosure.withheld")) == 1


def test_a_secret_without_a_reason_is_refused(conghua: Journey) -> None:
    conghua.move_to("result_use", "publish_result")

    with pytest.raises(Exception, match="没有理由|写明定密依据"):
        go_public(conghua, published(exempt=True, published_on=None, url=None, gate=None))


def test_the_result_of_the_case_must_be_on_the_list(conghua: Journey) -> None:
    conghua.move_to("result_use", "publish_result")

    with pytest.raises(DisclosureRefused, match="没有本案卷的评价结果"):
        go_public(
            conghua, published(kind="target_project", contents=None, gate=None, exempt=True, exempt_reason="示例")
        )


@pytest.mark.parametrize("cells", [{"published_on": "2022-10-13"}, {"published_on": None, "url": None}])
def test_publication_is_recorded_when_it_happened_and_where(conghua: Journey, cells: dict[str, Any]) -> None:
    conghua.move_to("result_use", "publish_result")
    record_year(conghua, GOVERNMENT)
    record_year(conghua, CONGRESS)

    with pytest.raises(DisclosureRefused, match="还没有到|公开日和网址"):
        go_public(conghua, published(**cells))


@pytest.mark.parametrize(
    ("sitting", "said"),
    [
        (Sitting("congress", date(2022, 10, 8)), "这一步登记的是报政府审议或政府常务会审议"),
        (Sitting("government", date(2022, 10, 13)), "还没有到"),
        (Sitting("parliament", date(2022, 10, 8)), "审议程序只能是"),
    ],
)
def test_a_sitting_that_does_not_fit_is_not_recorded(conghua: Journey, sitting: Sitting, said: str) -> None:
    with pytest.raises(DeliberationRefused, match=said):
        sit(conghua, "record_government_deliberation", sitting)

    assert rows(conghua, Deliberation) == []


def test_an_unknown_kind_of_document_is_refused(conghua: Journey) -> None:
    with pytest.raises(DeliberationRefused, match="没有“diary”这种公开事项"):
        record_year(conghua, GOVERNMENT, "diary")


def test_sittings_are_recorded_by_the_performance_office_once_a_key(conghua: Journey) -> None:
    with conghua.database.transaction("conghua") as session:
        with pytest.raises(NotYourOffice):
            record_deliberation_of_case(session, conghua.case_id, GOVERNMENT, by=conghua.bureau.clerk, at=conghua.at)
        for _ in range(2):
            record_deliberation_of_case(
                session, conghua.case_id, GOVERNMENT, by=conghua.bureau.office, at=conghua.at, key="k"
            )
            record_deliberation_of_year(
                session, YEAR, "annual_report", CONGRESS, by=conghua.bureau.office, at=conghua.at, key="y"
            )

    assert [row.body for row in rows(conghua, Deliberation)] == ["government", "congress"]


@pytest.fixture
def haicang(database: Database) -> Journey:
    """A project of 海沧, where results are reported and nobody says that they are published (HC-23)."""
    return in_result_use(database, "haicang")


def test_what_is_only_reported_ends_without_publication(haicang: Journey) -> None:
    note(haicang, Sitting("leaders", date(2022, 10, 7)))
    sit(haicang, "record_government_deliberation", Sitting("executive_meeting", date(2022, 10, 8)))
    note(haicang, Sitting("deputies", date(2022, 10, 11)))
    sit(haicang, "record_congress_deliberation", Sitting("congress_reading", date(2022, 10, 10)))

    assert haicang.case().state == "closed"
    assert rows(haicang, Disclosure) == []
    assert [row.body for row in rows(haicang, Deliberation)] == [
        "leaders", "executive_meeting", "deputies", "congress_reading",
    ]  # fmt: skip


def test_a_day_before_what_the_table_puts_first_is_refused(haicang: Journey) -> None:
    note(haicang, Sitting("leaders", date(2022, 10, 9)))

    with pytest.raises(OutOfTurn, match="日期2022-10-08早于专报领导（2022-10-09）"):
        sit(haicang, "record_government_deliberation", Sitting("executive_meeting", date(2022, 10, 8)))

    assert haicang.waiting() == ["record_government_deliberation"]


def test_what_did_not_pass_is_noted_whatever_comes_first(haicang: Journey) -> None:
    refused = Sitting("executive_meeting", date(2022, 10, 8), passed=False, opinion="示例：先报区领导")

    sit(haicang, "record_government_deliberation", refused)

    assert haicang.waiting() == ["handle_government_opinions"]


def test_a_report_to_leaders_on_all_results_of_the_year_counts_for_each(haicang: Journey) -> None:
    with haicang.database.transaction("haicang") as session:
        leaders = Sitting("leaders", date(2022, 10, 7))
        record_deliberation_of_year(
            session, YEAR, "key_evaluation_report", leaders, by=haicang.bureau.office, at=haicang.at
        )

    sit(haicang, "record_government_deliberation", Sitting("executive_meeting", date(2022, 10, 8)))

    assert haicang.waiting() == ["record_congress_deliberation"]


def test_where_the_table_does_not_lead_to_publication_the_ground_must_be_stated(haicang: Journey) -> None:
    haicang.move_to("result_use", "publish_result")
    steps = ("leaders", "executive_meeting", "congress_reading", "deputies")
    gate = [{"id": step, "step": step, "done_on": "2022-10-08"} for step in steps]

    with pytest.raises(ReasonMissing, match=r"HC-23.*没有说公开"):
        go_public(haicang, published(gate=gate))
    go_public(haicang, published(gate=gate), reason="示例：区政府要求主动公开")

    assert len(rows(haicang, Disclosure)) == 1


def test_where_nothing_is_laid_down_the_decision_of_a_person_stands(database: Database) -> None:
    huaxi = in_result_use(database, "huaxi")
    huaxi.do("decide_publication", reason="示例：经局务会研究直接公开", publication="direct")

    go_public(huaxi, published(gate=None))

    assert len(rows(huaxi, Disclosure)) == 1


def test_a_person_may_decide_that_congress_comes_first_although_the_table_is_silent(database: Database) -> None:
    huaxi = in_result_use(database, "huaxi")
    huaxi.do("decide_publication", reason="示例：参照上级做法", publication="congress")

    assert huaxi.waiting() == ["record_congress_deliberation"]
    (decided,) = huaxi.journal("task.completed")[-1:]
    assert decided.payload["answers"] == {"publication": "congress"}


def test_a_case_nobody_evaluated_has_nothing_to_deliberate(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)

    with database.transaction("huaxi") as session, pytest.raises(DeliberationRefused, match="没有可报审议"):
        record_deliberation_of_case(session, journey.case_id, GOVERNMENT, by=bureau.office, at=journey.at)
