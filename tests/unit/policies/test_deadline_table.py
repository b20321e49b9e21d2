"""Every deadline a diagram names has a row, no row is left over, and each is visibly unsigned."""

import re

import pytest

from engine.deadlines.problems import DAYS_OF_PROBLEMS
from engine.policies import Policies
from engine.policies.load import policy_files
from tests.unit.policies.test_every_row import PREFIX

LATER = re.compile(
    rb"""<output id="out_suspension".*?</output>|<output id="out_longest_extension"[^>]*/>"""
    rb"""|<outputEntry id="[a-z_0-9]+_(suspension|longest_extension)">.*?</outputEntry>""",
    re.S,
)
NAMED = re.compile(r"""deadline\('([a-z_]+\.[a-z_0-9]+)'\)|name="deadline" value="([a-z_]+\.[a-z_0-9]+)\"""")


OF_SOME_PLACES = {"result_use.review_objection", "result_use.correct"}
"""Days that count only where a place lays them down; the steps say in the diagram that they have none elsewhere."""
OF_NOBODY = {"national_deadline_policy_expiry_notice_180"}
"""Days that come before anybody has anything to do: nobody is reminded of them."""


@pytest.fixture(scope="module")
def rows(policies):
    return policies.of("huaxi").table("deadline").rows


def named_in_diagrams(bpmn):
    text = "".join(file.read_text(encoding="utf-8") for file in (bpmn / "lifecycle").glob("*.bpmn"))
    return {call or value for call, value in NAMED.findall(text)}


def clocks_and_steps(bpmn):
    text = "".join(file.read_text(encoding="utf-8") for file in (bpmn / "lifecycle").glob("*.bpmn"))
    clocks = {call for call, _ in NAMED.findall(text) if call}
    return clocks, {value for _, value in NAMED.findall(text) if value} - clocks


def test_diagrams_and_table_name_the_same_deadlines(policies, bpmn):
    policy = policies.of("huaxi")
    named = named_in_diagrams(bpmn)

    without_row = [
        name
        for name in sorted(named)
        if policy.decide("deadline", dict(zip(("stage", "step"), name.split("."), strict=True))).undefined
    ]

    assert set(without_row) == OF_SOME_PLACES
    assert len(named - OF_SOME_PLACES | (DAYS_OF_PROBLEMS & policies.deadlines())) == len(policy.table("deadline").rows)


def test_a_returned_target_is_due_after_five_working_days(policies):
    decision = policies.of("huaxi").decide("deadline", {"stage": "target_filing", "step": "revise"})

    assert decision.outputs["working_days"] == 5


def test_a_step_no_table_knows_is_undefined(policies):
    assert policies.of("huaxi").decide("deadline", {"stage": "target_filing", "step": "sing"}).undefined


def test_every_length_is_a_default_awaiting_signature(rows):
    assert {row.status for row in rows} == {"default"}
    assert all(row.source.startswith("默认值，待签核（") for row in rows)


def test_every_row_gives_either_working_days_or_a_fixed_date(rows):
    for row in rows:
        given = row.results
        assert (given["working_days"] is None) != (given["month_day"] is None), row.id
        assert (given["year_offset"] is None) == (given["month_day"] is None), row.id
        assert given["reminders"] or row.id in OF_NOBODY, row.id


def test_what_follows_is_said_for_the_days_of_steps_and_drawn_for_the_clocks_of_diagrams(policies, bpmn):
    def word(name):
        stage, _, step = name.partition(".")
        return policies.of("huaxi").decide("deadline", {"stage": stage, "step": step}).outputs["consequence"]

    clocks, steps = clocks_and_steps(bpmn)

    assert {name: word(name) for name in clocks if word(name)} == {}
    assert {name for name in steps if not word(name)} == OF_SOME_PLACES
    assert [name for name in steps if word(name) == "close"] == []


def test_days_that_are_counted_are_given_back_after_a_suspension_and_fixed_days_run_on(rows):
    given_back = {row.id for row in rows if row.results["suspension"] == "given_back"}
    run_on = {row.id for row in rows if row.results["suspension"] == "runs_on"}

    assert given_back == {row.id for row in rows if row.results["working_days"]}
    assert run_on == {row.id for row in rows if row.results["month_day"]}


def test_every_row_says_how_far_its_day_may_be_put_off(rows):
    assert {row.results["longest_extension"] for row in rows} == {365}


def test_a_table_of_an_earlier_release_still_answers_and_says_nothing_of_what_came_later(bpmn):
    files = policy_files(bpmn)
    files["decisions/deadline.dmn"] = LATER.sub(b"", files["decisions/deadline.dmn"])

    policy = Policies.from_files(files).of("huaxi")
    given = policy.decide("deadline", {"stage": "target_filing", "step": "revise"}).outputs

    assert b"longest_extension" not in files["decisions/deadline.dmn"]
    assert (given["working_days"], given["suspension"], given["longest_extension"]) == (5, None, None)


def test_the_clock_of_an_expiring_policy_counts_back_from_its_end(policies):
    def decided(step):
        return policies.of("haicang").decide("deadline", {"stage": "policy_expiry", "step": step})

    assert [decided(step).outputs["days_before_end"] for step in ("notice_180", "notice_90", "expiry")] == [180, 90, 0]


def test_no_document_states_a_length_of_its_own(policies):
    assert {policies.of(name).table("deadline").layer for name in PREFIX} == {"national"}
