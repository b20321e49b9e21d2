"""The strip of stages: done, current, skipped with a reason, ahead."""

import pytest

from engine.audit import Event
from engine.audit.events.cases import DecisionMade, StageEntered
from engine.audit.events.evaluations import CaseSampled
from engine.policies import Policy
from engine.queries.stage_strip import Noted, StagePart, stage_strip
from engine.stages import Library
from tests.factories import START


@pytest.fixture(scope="module")
def policy(library: Library) -> Policy:
    return library.policies.of("jianghan")


def noted(event: Event) -> Noted:
    return Noted(START, event)


def by_stage(parts: tuple[StagePart, ...]) -> dict[str, StagePart]:
    return {part.stage: part for part in parts}


def test_a_stage_that_was_never_entered_is_skipped_and_the_table_says_why(policy: Policy) -> None:
    answer = {"required": False, "row": "jianghan_ex_ante_required_below_200"}
    entries = [
        noted(DecisionMade(answers={"ex_ante_required": answer})),
        noted(StageEntered(stage="target_filing")),
    ]

    parts = by_stage(stage_strip("project", "target_filing", False, entries, policy))

    skipped = parts["ex_ante_assessment"]
    assert (skipped.state, skipped.entered_at) == ("skipped", None)
    assert skipped.reason is not None
    assert skipped.reason.words.endswith("：否（金额（万元） < 200）")
    assert (skipped.reason.status, skipped.reason.decision) == ("inferred", "ex_ante_required")
    assert skipped.reason.source
    assert (parts["target_filing"].state, parts["monitoring"].state) == ("current", "ahead")


def test_what_is_not_laid_down_is_said_so(policy: Policy) -> None:
    entries = [
        noted(DecisionMade(answers={"ex_ante_required": None})),
        noted(StageEntered(stage="ex_ante_assessment")),
        noted(StageEntered(stage="target_filing")),
    ]

    part = by_stage(stage_strip("project", "target_filing", False, entries, policy))["ex_ante_assessment"]

    assert part.state == "done"
    assert part.reason is not None
    assert part.reason.words.endswith("：本区未规定")


def test_a_stage_skipped_for_no_recorded_reason_says_only_that(policy: Policy) -> None:
    entries = [noted(StageEntered(stage="monitoring")), noted(StageEntered(stage="result_use"))]

    part = by_stage(stage_strip("project", "result_use", False, entries, policy))["self_evaluation"]

    assert (part.state, part.reason.words if part.reason else "") == ("skipped", "本案卷没有经过这个阶段")


def test_a_case_that_was_drawn_after_all_did_the_spot_review(policy: Policy) -> None:
    entries = [
        noted(StageEntered(stage="spot_review")),
        noted(CaseSampled(number=1, purpose="spot_review", sampled=True)),
        noted(StageEntered(stage="feedback")),
    ]

    part = by_stage(stage_strip("project", "feedback", False, entries, policy))["spot_review"]

    assert (part.state, part.reason) == ("done", None)


def test_of_a_case_that_is_over_no_stage_is_ahead(policy: Policy) -> None:
    entries = [noted(StageEntered(stage="ex_ante_assessment"))]

    states = {part.state for part in stage_strip("project", None, True, entries, policy)}

    assert states == {"done", "skipped"}
