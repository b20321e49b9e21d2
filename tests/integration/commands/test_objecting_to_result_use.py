"""The unit may object to a proposed result use once; a bureau leader keeps it or has it corrected, and that is all."""

import re
import zlib
from dataclasses import replace

import msgpack
import pytest
from sqlalchemy import update

from engine.cases import Case
from engine.results.model import ResultEffect
from engine.reviews import OwnSubmission
from engine.stages import library_of
from engine.stages.model import Definition
from engine.store import Database
from engine.words import CaseKind, EffectState
from tests.integration.refusals import refused
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database, "conghua")


@pytest.fixture
def disputed(office: Office) -> int:
    """A department whose quota is to be cut, and which objects to that."""
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.confirm_result_use", score="69.99")
    office.do(case, "confirm_result_use", use_objection="raised", reason="示例：核减过多")
    return case


def states(office: Office, case: int) -> dict[str, EffectState]:
    return {row.effect.value: row.state for row in office.rows(ResultEffect, case)}


def test_who_has_no_objection_need_not_say_why(office: Office) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.confirm_result_use", score="69.99")

    office.do(case, "confirm_result_use", use_objection="none", reason="")

    assert "result_use.confirm_result_use" not in office.open_steps(case)


def test_who_objects_has_to_say_why(office: Office) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.confirm_result_use", score="69.99")

    with refused(office.database, "review.reason_missing"):
        office.do(case, "confirm_result_use", use_objection="raised", reason="")


def test_a_leader_keeps_what_was_proposed_and_nobody_is_asked_again(office: Office, disputed: int) -> None:
    before = states(office, disputed)

    office.do(disputed, "review_use_objection", use_objection_result="maintained", reason="示例：数据属实")

    assert states(office, disputed) == before == {"guarantee": "listed", "quota_cut": "applied"}
    assert office.open_steps(disputed) == ["result_use.record_government_deliberation"]
    assert len(office.versions(disputed, "F12")) == 1


def test_a_corrected_list_settles_everything_anew_and_nobody_is_asked_again(office: Office, disputed: int) -> None:
    office.do(disputed, "review_use_objection", use_objection_result="corrected", reason="示例：已整改")
    waiting = office.open_steps(disputed)

    office.do(disputed, "correct_result_use", effect="guarantee", changes={
        "effects[a1].exception_reason": "示例：已整改", "effects[a1].approved_by": "示例局长",
    })  # fmt: skip

    assert waiting == ["result_use.correct_result_use"]
    assert states(office, disputed) == {"guarantee": "applied", "quota_cut": "proposed"}
    assert office.open_steps(disputed) == ["result_use.record_government_deliberation"]


def test_the_rounds_have_no_clock_where_no_place_lays_one_down(office: Office, disputed: int) -> None:
    (ruling,) = office.tasks(disputed)
    named = [row.name for row in office.deadlines(disputed)]
    office.do(disputed, "review_use_objection", use_objection_result="corrected", reason="示例：已整改")
    (correcting,) = office.tasks(disputed)

    assert (ruling.due_on, correcting.due_on) == (None, None)
    assert [name for name in named if name.startswith("result_use.")] == []


def lay_down_a_day(office: Office, case: int) -> None:
    """The case runs on tables in which its place gives the leader as long as finance has for the list."""
    with office.database.upkeep() as session:
        row = session.get_one(Case, case)
        files = dict(library_of(session).policy_version(session, row.policy_id).files)
        (name,) = [name for name in files if name.endswith("deadline.dmn")]
        rule = re.search(rb'<rule id="national_deadline_result_use_decide">.*?</rule>', files[name], re.S)
        assert rule is not None
        own = (
            rule[0]
            .replace(b"result_use_decide", b"result_use_review_objection")
            .replace(b'"decide"', b'"review_objection"')
        )
        files[name] = files[name].replace(rule[0], rule[0] + own)
        packed = zlib.compress(msgpack.packb(files))
        kept = Definition(kind="policy", name="conghua", hash="示例", files=packed, kept_at=office.now, turn=0)
        session.add(kept)
        session.flush()
        session.execute(update(Case).where(Case.id == case).values(policy_id=kept.id))


def test_a_place_that_lays_down_a_day_for_the_ruling_has_it(office: Office) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.confirm_result_use", score="69.99")
    lay_down_a_day(office, case)

    office.do(case, "confirm_result_use", use_objection="raised", reason="示例：核减过多")

    (ruling,) = office.tasks(case)
    assert ruling.due_on is not None


def test_nobody_rules_on_the_objection_to_a_list_of_their_own(office: Office, disputed: int) -> None:
    both = replace(office.bureau.leader, person_id=office.bureau.division.person_id)

    with pytest.raises(OwnSubmission):
        office.do(disputed, "review_use_objection", by=both, use_objection_result="maintained", reason="示例：数据属实")
