"""Every deadline a diagram names has a row, no row is left over, and each is visibly unsigned."""

import re

import pytest

NAMED = re.compile(r"""deadline\('([a-z_]+\.[a-z_0-9]+)'\)|name="deadline" value="([a-z_]+\.[a-z_0-9]+)\"""")


@pytest.fixture(scope="module")
def rows(policies):
    return policies.of("huaxi").table("deadline").rows


def named_in_diagrams(bpmn):
    text = "".join(file.read_text(encoding="utf-8") for file in (bpmn / "lifecycle").glob("*.bpmn"))
    return {call or value for call, value in NAMED.findall(text)}


def test_diagrams_and_table_name_the_same_deadlines(policies, bpmn):
    policy = policies.of("huaxi")
    named = named_in_diagrams(bpmn)

    without_row = [
        name
        for name in sorted(named)
        if policy.decide("deadline", dict(zip(("stage", "step"), name.split("."), strict=True))).undefined
    ]

    assert without_row == []
    assert len(named) == len(policy.table("deadline").rows)


def test_a_returned_target_is_due_after_five_working_days(policies):
    decision = policies.of("huaxi").decide("deadline", {"stage": "target_filing", "step": "revise"})

    assert decision.outputs["working_days"] == 5
    assert decision.outputs["consequence"] == "mark_overdue"


def test_a_step_no_table_knows_is_undefined(policies):
    assert policies.of("huaxi").decide("deadline", {"stage": "target_filing", "step": "sing"}).undefined


def test_every_length_is_a_default_awaiting_signature(rows):
    assert {row.status for row in rows} == {"default"}
    assert all(row.source.startswith("默认值，待签核（") for row in rows)


def test_every_row_gives_either_working_days_or_a_fixed_date_and_what_follows(rows):
    for row in rows:
        given = row.results
        assert (given["working_days"] is None) != (given["month_day"] is None), row.id
        assert (given["year_offset"] is None) == (given["month_day"] is None), row.id
        assert given["reminders"], row.id
        assert given["consequence"], row.id


def test_the_clock_of_an_expiring_policy_counts_back_from_its_end(policies):
    def decided(step):
        return policies.of("haicang").decide("deadline", {"stage": "policy_expiry", "step": step})

    assert [decided(step).outputs["days_before_end"] for step in ("notice_180", "notice_90", "expiry")] == [180, 90, 0]


def test_no_jurisdiction_states_a_length_of_its_own(policies):
    assert {policies.of(name).table("deadline").layer for name in policies.names()} == {"national"}
