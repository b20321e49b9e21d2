"""Stored states: small, the same for the same life, and never read wrongly."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from engine import process
from engine.process import StateUnreadable
from engine.process.spiff.codec import FORMAT
from tests.unit.process.lives import Life, diagrams_of

DIAGRAMS = diagrams_of()
BEFORE_BODY = 5


def test_a_state_begins_with_its_format() -> None:
    assert Life(DIAGRAMS, "return_loop", object_kind="project").state[0] == FORMAT


@pytest.mark.parametrize("first", [b"", b"\x00", b"\x03", b"{"])
def test_a_state_of_an_unknown_format_is_refused(first: bytes) -> None:
    state = first + Life(DIAGRAMS, "return_loop", object_kind="project").state[1:]

    with pytest.raises(StateUnreadable, match="格式不认识"):
        process.look(DIAGRAMS, state if first else b"")


def test_a_state_of_other_diagrams_is_refused() -> None:
    state = Life(diagrams_of("return_loop"), "return_loop", object_kind="project").state

    with pytest.raises(StateUnreadable, match="另一版流程图"):
        process.look(DIAGRAMS, state)


def test_a_damaged_state_is_refused_wherever_it_was_cut() -> None:
    state = Life(DIAGRAMS, "rectification", object_kind="project").state

    for length in range(1, len(state)):
        with pytest.raises(StateUnreadable):
            process.look(DIAGRAMS, state[:length])


def test_a_damaged_state_is_refused_whichever_bit_was_turned() -> None:
    state = Life(DIAGRAMS, "rectification", object_kind="project").state

    for turned in range(8 * len(state)):
        with pytest.raises(StateUnreadable):
            process.look(DIAGRAMS, with_a_turned_bit(state, turned))


def test_a_damaged_state_of_the_format_without_a_checksum_is_read_or_refused_in_words() -> None:
    state = b"\x01" + Life(DIAGRAMS, "rectification", object_kind="project", share=Decimal("0.5")).state[BEFORE_BODY:]
    refusals = 0

    for turned in range(8, 8 * len(state)):
        try:
            process.look(DIAGRAMS, with_a_turned_bit(state, turned))
        except StateUnreadable:
            refusals += 1

    assert refusals > 2 * len(state)


def with_a_turned_bit(state: bytes, turned: int) -> bytes:
    damaged = bytearray(state)
    damaged[turned // 8] ^= 1 << turned % 8
    return bytes(damaged)


def test_a_state_holds_nothing_that_depends_on_the_clock() -> None:
    def life_without_keys() -> bytes:
        life = Life(DIAGRAMS, "year", object_kind="project", verdict="open")
        life.complete("fill", outcome="submitted")
        body = life.state[BEFORE_BODY:]  # behind format and checksum
        return re.sub(rb"\xc4\x10.{16}", b"key", body, flags=re.DOTALL)

    assert life_without_keys() == life_without_keys()


def test_reading_and_writing_a_state_changes_nothing() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")
    life.deliver("year.budget_adjusted")

    moved = process.migrate(DIAGRAMS, diagrams_of(), life.state)

    assert moved.state == life.state


def test_a_closed_case_keeps_next_to_nothing() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project", note="长" * 1000)
    life.jump("return_loop", "approved")

    assert len(life.state) < 32


def test_two_lives_do_not_touch_each_other() -> None:
    one = Life(DIAGRAMS, "return_loop", object_kind="project")
    other = Life(DIAGRAMS, "return_loop", object_kind="policy")

    one.complete("fill", outcome="submitted")

    assert other.open() == ["fill"]
    assert other.fire("target_filing.fill").operations[0].parameters["object_kind"] == "policy"


def test_several_threads_share_one_set_of_diagrams() -> None:
    def returns(rounds: int) -> int:
        life = Life(DIAGRAMS, "rectification", object_kind="project")
        life.complete("notify", rectification_items=["R-1", "R-2"], outcome="recorded")
        for _ in range(rounds):
            life.complete("fix", "R-1", outcome="submitted")
            life.complete("check_fix", "R-1", outcome="returned")
        return len(life.tasks)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(returns, [20] * 8)) == [2] * 8
