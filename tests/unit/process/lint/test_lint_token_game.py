"""What can happen in a diagram: cases that wait in vain, go on twice, or turn round by themselves."""

from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.process.lint import soundness
from engine.process.lint.diagram import Diagram
from engine.process.lint.reading import read_diagram
from tests.unit.process.lint.drawn import bpmn

Draw = Callable[..., Diagram]


def elements(findings: Iterator) -> list[str]:
    return [finding.element for finding in findings]


def test_a_choice_that_runs_into_a_parallel_join_waits_in_vain(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        exclusiveGateway choice
        userTask one
        userTask two
        parallelGateway join
        endEvent done
        begun -> choice
        choice => one
        choice -> two [outcome == 'returned']
        one -> join
        two -> join
        join -> done
    """)

    [found] = soundness.tokens_come_together(diagram)

    assert found.element == "join"
    assert "来自“one”的一路、来自“two”的一路" in found.message


def test_parallel_ways_that_meet_in_a_choice_go_on_twice(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        parallelGateway fork
        userTask one
        userTask two
        exclusiveGateway meet
        userTask after
        endEvent done
        begun -> fork
        fork -> one
        fork -> two
        one -> meet
        two -> meet
        meet -> after
        after -> done
    """)

    [found] = soundness.tokens_come_together(diagram)

    assert found.element == "meet"
    assert "重复办理" in found.message


def test_an_event_that_leaves_one_of_two_parallel_ways_lets_the_join_wait_in_vain(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        parallelGateway fork
        userTask one
        boundaryEvent withdrawn on=one message=m
        userTask two
        parallelGateway join
        endEvent gone
        endEvent done
        begun -> fork
        fork -> one
        fork -> two
        one -> join
        two -> join
        join -> done
        withdrawn -> gone
    """)

    assert elements(soundness.tokens_come_together(diagram)) == ["join"]


def test_a_terminate_end_frees_the_ways_still_open(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        parallelGateway fork
        userTask one
        userTask two
        boundaryEvent withdrawn on=one message=m
        parallelGateway join
        endEvent gone terminate=yes
        endEvent done
        begun -> fork
        fork -> one
        fork -> two
        one -> join
        two -> join
        join -> done
        withdrawn -> gone
    """)

    assert elements(soundness.tokens_come_together(diagram)) == []


def test_parallel_ways_may_each_have_an_end_of_their_own(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        parallelGateway fork
        userTask one
        userTask two
        endEvent one_done
        endEvent two_done
        begun -> fork
        fork -> one
        fork -> two
        one -> one_done
        two -> two_done
    """)

    assert elements(soundness.tokens_come_together(diagram)) == []


def test_a_reminder_beside_the_main_way_does_not_count_as_a_second_token(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        exclusiveGateway again
        userTask fill
        boundaryEvent late on=fill timer=case.fill cancel=false
        userTask chase
        exclusiveGateway choice
        endEvent chased
        endEvent done
        begun -> again
        again -> fill
        fill -> choice
        choice => done
        choice -> again [outcome == 'returned']
        late -> chase
        chase -> chased
    """)

    assert elements(soundness.tokens_come_together(diagram)) == []
    assert elements(soundness.side_branches_stay_apart(diagram)) == []


def test_a_reminder_that_runs_into_the_main_way_is_refused(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        userTask fill
        boundaryEvent late on=fill timer=case.fill cancel=false
        exclusiveGateway meet
        userTask review
        endEvent done
        begun -> fill
        fill -> meet
        late -> meet
        meet -> review
        review -> done
    """)

    assert elements(soundness.side_branches_stay_apart(diagram)) == ["late"]


def test_a_reminder_may_share_the_end_of_the_main_way(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        userTask fill
        boundaryEvent late on=fill timer=case.fill cancel=false
        serviceTask mark
        exclusiveGateway meet
        endEvent done
        begun -> fill
        fill -> meet
        late -> mark
        mark -> meet
        meet -> done
    """)

    assert elements(soundness.side_branches_stay_apart(diagram)) == []


def test_a_parallel_part_inside_a_return_loop_is_refused(draw: Draw) -> None:
    looping = """
        startEvent begun
        exclusiveGateway again
        parallelGateway fork
        userTask one
        userTask two
        parallelGateway join
        exclusiveGateway choice
        endEvent done
        begun -> again
        again -> fork
        fork -> one
        fork -> two
        one -> join
        two -> join
        join -> choice
        choice => done
        choice -> again [outcome == 'returned']
    """
    inside = """
        startEvent begun
        exclusiveGateway again
        subProcess round {
            startEvent opened
            parallelGateway fork
            userTask one
            userTask two
            parallelGateway join
            endEvent closed
            opened -> fork
            fork -> one
            fork -> two
            one -> join
            two -> join
            join -> closed
        }
        exclusiveGateway choice
        endEvent done
        begun -> again
        again -> round
        round -> choice
        choice => done
        choice -> again [outcome == 'returned']
    """

    assert elements(soundness.no_parallel_gateway_in_a_loop(draw(looping))) == ["fork", "join"]
    assert elements(soundness.no_parallel_gateway_in_a_loop(draw(inside))) == []


def test_a_list_set_between_a_split_and_its_join_is_refused(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        userTask before sets="found:list"
        parallelGateway fork
        userTask one sets="rectification_items:list"
        userTask two sets="graded=yes|no"
        parallelGateway join
        endEvent done
        begun -> before
        before -> fork
        fork -> one
        fork -> two
        one -> join
        two -> join
        join -> done
    """)

    assert elements(soundness.lists_do_not_cross_joins(diagram)) == ["one"]


AUTOMATIC = """
    startEvent begun
    exclusiveGateway again
    {step}
    exclusiveGateway choice
    endEvent done
    begun -> again
    again -> step
    step -> choice
    choice => done
    choice -> again [sampled]
"""


def test_a_loop_of_automatic_steps_is_refused(draw: Draw) -> None:
    [found] = soundness.loops_wait_for_somebody([draw(AUTOMATIC.format(step="serviceTask step"))])

    assert found.element == "again"
    assert "“again”、“step”、“choice”" in found.message


def test_a_loop_with_a_person_or_a_message_in_it_is_fine(draw: Draw) -> None:
    for step in ("userTask step", "intermediateCatchEvent step message=m"):
        assert list(soundness.loops_wait_for_somebody([draw(AUTOMATIC.format(step=step))])) == []


def test_a_loop_through_a_process_that_may_pass_by_itself_is_refused(draw: Draw) -> None:
    caller = draw(AUTOMATIC.format(step="callActivity step calls=monitoring"))
    skippable = draw(
        """
        startEvent opened
        exclusiveGateway due
        userTask look
        exclusiveGateway met
        endEvent closed
        opened -> due
        due => look
        due -> met [not sampled]
        look -> met
        met -> closed
        """,
        "monitoring.bpmn",
    )
    certain = draw(
        """
        startEvent opened
        userTask look
        endEvent closed
        opened -> look
        look -> closed
        """,
        "monitoring.bpmn",
    )

    assert elements(soundness.loops_wait_for_somebody([caller, skippable])) == ["again"]
    assert elements(soundness.loops_wait_for_somebody([caller, certain])) == []


def test_too_many_combinations_are_said_and_not_passed_over(draw: Draw) -> None:
    ways = [f"""
        exclusiveGateway again_{n}
        userTask task_{n}
        exclusiveGateway choice_{n}
        userTask more_{n}
        fork -> again_{n}
        again_{n} -> task_{n}
        task_{n} -> choice_{n}
        choice_{n} => join
        choice_{n} -> more_{n} [sampled]
        more_{n} -> again_{n}
    """ for n in range(12)]  # fmt: skip
    head = "startEvent begun\nparallelGateway fork\nparallelGateway join\nendEvent done\nbegun -> fork\njoin -> done"

    [found] = soundness.tokens_come_together(draw("\n".join([head, *ways])))

    assert found.severity == "warning"
    assert "未能全部核对" in found.message


class Block:
    """Writes block-structured processes: whatever is nested, they are sound by construction."""

    def __init__(self) -> None:
        self.lines = ["startEvent begun", "endEvent done"]
        self.joins: list[str] = []
        self.number = 0

    def write(self, shape: tuple, before: str) -> str:
        """Add a shape behind a node; the name of the last node."""
        kind, *parts = shape
        self.number += 1
        name = f"n{self.number}"
        if kind == "task":
            return self._add("userTask", name, before)
        if kind == "sequence":
            for part in parts:
                before = self.write(part, before)
            return before
        gateway = {"parallel": "parallelGateway", "choice": "exclusiveGateway"}[kind]
        self._add(gateway, f"{name}_split", before)
        ends = [self.write(part, f"{name}_split") for part in parts]
        self.lines.append(f"{gateway} {name}_join")
        self.lines += [f"{end} -> {name}_join" for end in ends]
        self.joins.append(f"{gateway} {name}_join")
        return f"{name}_join"

    def _add(self, kind: str, name: str, before: str) -> str:
        self.lines += [f"{kind} {name}", f"{before} -> {name}"]
        return name


SHAPES = st.recursive(
    st.just(("task",)),
    lambda shape: st.one_of(
        st.tuples(st.just("sequence"), shape, shape),
        st.tuples(st.just("parallel"), shape, shape),
        st.tuples(st.just("choice"), shape, shape),
    ),
    max_leaves=8,
)


def written(shape: tuple) -> Block:
    block = Block()
    block.lines.append(f"{block.write(shape, 'begun')} -> done")
    return block


@settings(deadline=None)
@given(SHAPES)
def test_a_process_of_nested_blocks_is_sound_however_they_are_nested(shape: tuple) -> None:
    diagram = read_diagram("case.bpmn", bpmn("\n".join(written(shape).lines)))

    assert list(soundness.tokens_come_together(diagram)) == []


@settings(deadline=None)
@given(st.tuples(st.sampled_from(("parallel", "choice")), SHAPES, SHAPES), st.data())
def test_a_join_of_the_wrong_kind_is_found_wherever_it_is(shape: tuple, data: st.DataObject) -> None:
    block = written(shape)
    right = data.draw(st.sampled_from(block.joins))
    kind, name = right.split()
    wrong = {"parallelGateway": "exclusiveGateway", "exclusiveGateway": "parallelGateway"}[kind]
    lines = [f"{wrong} {name}" if line == right else line for line in (*block.lines, "userTask last", "last -> end")]
    lines = [line.replace("-> done", "-> last") for line in lines if "endEvent" not in line] + ["endEvent end"]

    findings = list(soundness.tokens_come_together(read_diagram("case.bpmn", bpmn("\n".join(lines)))))

    assert findings
