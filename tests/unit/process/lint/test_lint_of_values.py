"""What steps set and conditions ask for: nothing lost on parallel ways, nothing asked that was never given."""

from collections.abc import Callable, Iterator

import pytest

from engine.findings import Finding
from engine.process.lint import givens, values
from engine.process.lint.deployment import Deployment
from engine.process.lint.diagram import Diagram

Draw = Callable[..., Diagram]

PARALLEL = """
    startEvent begun
    parallelGateway fork
    userTask money outcomes="approved returned" sets="{money}"
    userTask target outcomes="approved returned" sets="{target}"
    parallelGateway join
    exclusiveGateway choice
    endEvent done
    endEvent refused
    begun -> fork
    fork -> money
    fork -> target
    money -> join
    target -> join
    join -> choice
    choice => done
    choice -> refused [{condition}]
"""
CHOICE = """
    startEvent begun
    userTask judge sets="grade=优|良"
    exclusiveGateway choice
    userTask look sets="{later}"
    exclusiveGateway together
    exclusiveGateway again
    endEvent done
    endEvent refused
    begun -> judge
    judge -> choice
    choice -> look [grade == '优']
    choice => together
    look -> together
    together -> again
    again -> refused [{condition}]
    again => done
"""


def places(findings: Iterator[Finding]) -> list[str | None]:
    return [finding.element for finding in findings]


def asked_before_given(*diagrams: Diagram) -> list[str | None]:
    return places(givens.variables_are_set_before(Deployment(diagrams)))


@pytest.mark.parametrize("taken", ["outcome=yes|no", "object_kind=project|policy", "fiscal_year:text"])
def test_a_step_does_not_set_what_the_engine_sets(draw: Draw, taken: str) -> None:
    assert places(values.given_by_the_engine(draw(f'userTask judge sets="{taken}"'))) == ["judge"]
    assert places(values.given_by_the_engine(draw('userTask judge sets="grade=优|良"'))) == []


def test_a_step_does_not_work_out_what_the_engine_sets(draw: Draw) -> None:
    assert places(values.given_by_the_engine(draw('userTask judge computes="score jurisdiction"'))) == ["judge"]


def test_one_variable_is_not_set_on_two_parallel_ways(draw: Draw) -> None:
    twice = draw(PARALLEL.format(money="verdict=yes|no", target="verdict=yes|no", condition="verdict == 'no'"))
    apart = draw(PARALLEL.format(money="money=yes|no", target="target=yes|no", condition="money == 'no'"))

    [found] = values.branches_set_their_own(twice)

    assert (found.element, "“money”和“target”都设置“verdict”" in found.message) == ("target", True)
    assert places(values.branches_set_their_own(apart)) == []


def test_what_is_set_inside_a_sub_process_of_a_parallel_way_counts_too(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        parallelGateway fork
        subProcess inner {
            startEvent in
            userTask deep sets="verdict=yes|no"
            endEvent out
            in -> deep
            deep -> out
        }
        userTask beside sets="verdict=yes|no"
        parallelGateway join
        endEvent done
        begun -> fork
        fork -> inner
        fork -> beside
        inner -> join
        beside -> join
        join -> done
    """)

    assert places(values.branches_set_their_own(diagram)) == ["beside"]


def test_behind_a_join_nobody_asks_how_the_last_step_ended(draw: Draw) -> None:
    asked = draw(PARALLEL.format(money="money=yes|no", target="target=yes|no", condition="outcome == 'returned'"))

    assert places(values.outcomes_end_at_joins(asked)) == ["choice__refused"]


def test_behind_a_join_the_outcome_of_a_later_step_may_be_asked_for(draw: Draw) -> None:
    text = PARALLEL.format(money="money=yes|no", target="target=yes|no", condition="outcome == 'returned'")
    later = draw(text.replace("join -> choice", "userTask last\njoin -> last\nlast -> choice"))

    assert places(values.outcomes_end_at_joins(later)) == []


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("grade == '优'", []),
        ("grade in ('优', '良')", []),
        ("grade == '差'", ["again__refused"]),
        ("grade in ('优', '中')", ["again__refused"]),
        ("'差' == grade", ["again__refused"]),
        ("object_kind == 'project'", []),
        ("object_kind == 'programme'", ["again__refused"]),
    ],
)
def test_a_condition_asks_only_for_values_some_step_can_give(draw: Draw, condition: str, found: list[str]) -> None:
    diagram = draw(CHOICE.format(later="upheld=true|false", condition=condition))

    assert places(values.values_can_be_given(Deployment([diagram]))) == found


def test_the_values_another_file_can_give_count_and_what_is_worked_out_may_be_anything(draw: Draw) -> None:
    asking = draw(CHOICE.format(later="upheld=true|false", condition="grade == '中'"))
    giving = draw('userTask elsewhere sets="grade=中"', "other.bpmn")
    computing = draw('userTask elsewhere computes="grade"', "other.bpmn")

    assert places(values.values_can_be_given(Deployment([asking, giving]))) == []
    assert places(values.values_can_be_given(Deployment([asking, computing]))) == []


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("upheld == true", ["again__refused"]),
        ("not upheld", ["again__refused"]),
        ("upheld == true and grade == '优'", ["again__refused"]),
        ("defined('upheld') and upheld == true", []),
        ("grade == '优' and upheld == true", []),
        ("grade == '优'", []),
        ("outcome == 'submitted'", []),
    ],
)
def test_what_is_set_on_one_way_only_is_asked_for_only_where_it_is_known(
    draw: Draw, condition: str, found: list[str]
) -> None:
    assert asked_before_given(draw(CHOICE.format(later="upheld=true|false", condition=condition))) == found


@pytest.mark.parametrize(
    ("asked_first", "found"),
    [
        ("again -> last [grade == '优' and defined('upheld')]", []),
        ("again -> last [grade == '优' or defined('upheld')]", ["last_choice__refused"]),
        ("again -> refused [not defined('upheld')]\nagain => last", []),
        ("again -> refused [defined('upheld')]\nagain => last", ["last_choice__refused"]),
    ],
)
def test_a_way_taken_only_where_a_variable_is_known_knows_it(draw: Draw, asked_first: str, found: list[str]) -> None:
    text = CHOICE.format(later="upheld=true|false", condition="grade == '良'")
    lines = [line for line in text.splitlines() if "again ->" not in line and "again =>" not in line]
    lines += [*asked_first.splitlines(), "exclusiveGateway last_choice", "userTask last", "last -> last_choice"]
    lines += ["last_choice -> refused [upheld == true]", "last_choice => done"]

    assert asked_before_given(draw("\n".join(lines))) == found


def test_what_both_parallel_ways_set_is_known_behind_their_join(draw: Draw) -> None:
    both = PARALLEL.format(money="money=yes|no", target="target=yes|no", condition="money == 'no' or target == 'no'")

    assert asked_before_given(draw(both)) == []


def test_what_an_interrupted_step_would_have_set_is_not_known_on_the_way_of_the_event(draw: Draw) -> None:
    text = """
        startEvent begun
        userTask judge sets="grade=优|良"
        boundaryEvent late on=judge timer=case.judge
        exclusiveGateway together
        exclusiveGateway choice
        endEvent done
        endEvent refused
        begun -> judge
        judge -> together
        late -> together
        together -> choice
        choice -> refused [grade == '良']
        choice => done
    """

    assert asked_before_given(draw(text)) == ["choice__refused"]
    assert asked_before_given(draw(text.replace("timer=case.judge", "timer=case.judge cancel=false"))) == []


def test_what_every_end_of_a_called_process_knows_is_known_behind_the_call(draw: Draw) -> None:
    calling = draw("""
        startEvent begun
        callActivity call calls=called
        exclusiveGateway choice
        endEvent done
        endEvent refused
        begun -> call
        call -> choice
        choice -> refused [grade == '良']
        choice => done
    """)
    text = """
        startEvent in
        userTask judge sets="grade=优|良"
        boundaryEvent reminded on=judge timer=case.judge cancel=false
        endEvent out
        endEvent told
        in -> judge
        judge -> out
        reminded -> told
    """

    assert asked_before_given(calling, draw(text, "called.bpmn")) == []
    interrupted = text.replace(" cancel=false", "")
    assert asked_before_given(calling, draw(interrupted, "called.bpmn")) == ["choice__refused"]
