"""What other systems get of an event: itself, and around it the case, object, unit and stage it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from engine.audit.events.envelope import envelopes
from engine.audit.events.evaluations import CaseSampled
from engine.audit.events.papers import SubmissionReturned
from engine.cases import Case
from engine.store import Database
from tests.factories import START, Bureau, case_of


@dataclass(frozen=True)
class Written:
    """A journal row as far as an envelope looks at it."""

    type: str
    payload: Mapping[str, Any]
    case_id: int
    version: int | None = 1
    stage: str | None = "target_filing"
    seq: int = 7
    jurisdiction: str = "huaxi"
    by: int | None = 5
    acting_for: int | None = None
    at: datetime = field(default=START)


@pytest.fixture
def case(database: Database, bureau: Bureau) -> Case:
    with database.transaction("huaxi") as session:
        return case_of(session, bureau, facts={"marks": ["large_livelihood"]})


RETURNED = SubmissionReturned.sample()


def test_an_envelope_says_of_which_case_object_unit_and_stage_an_event_is(database: Database, case: Case) -> None:
    with database.transaction("huaxi") as session:
        (sent,) = envelopes(session, [Written("submission.returned", RETURNED.payload(), case.id)])

    assert sent.id == f"huaxi.{case.id}.7"
    assert (sent.name, sent.version, sent.title) == ("submission.returned", 1, "退回")
    assert (sent.case_id, sent.case_code, sent.object_kind) == (case.id, case.code, "project")
    assert (sent.object_name, sent.unit_id, sent.stage) == (case.name, case.unit_id, "target_filing")
    assert sent.unit_name
    assert sent.data == RETURNED.payload()


def test_an_event_of_the_jurisdiction_itself_has_no_case_around_it(database: Database, bureau: Bureau) -> None:
    launched = Written("stage.launched", {"stage": "monitoring", "fiscal_year": 2021}, 0, stage=None)

    with database.transaction("huaxi") as session:
        (sent,) = envelopes(session, [launched])

    assert sent.id == "huaxi.0.7"
    assert (sent.case_id, sent.case_code, sent.object_name, sent.unit_name, sent.stage) == (None,) * 5


def test_an_entry_from_before_versions_goes_out_under_its_present_name(database: Database, case: Case) -> None:
    old = {"sample": 3, "purpose": "spot_review", "sampled": True}

    with database.transaction("huaxi") as session:
        (sent,) = envelopes(session, [Written("sample.drawn", old, case.id, version=None, stage=None)])

    assert (sent.name, sent.version) == (CaseSampled.name, CaseSampled.version)
    assert sent.data == old


def test_a_hundred_envelopes_take_one_statement(database: Database, case: Case) -> None:
    written = [Written("submission.returned", RETURNED.payload(), case.id, seq=number) for number in range(1, 101)]
    sent_to_database: list[str] = []

    with database.transaction("huaxi") as session:
        session.connection()
        event.listen(database.engine, "before_cursor_execute", lambda *heard: sent_to_database.append(heard[2]))
        sent = envelopes(session, written)

    assert len(sent_to_database) == 1
    assert [each.sequence for each in sent] == list(range(1, 101))
