"""What the workflow library does wrong without a word is refused before a case runs into it."""

from collections.abc import Callable, Iterator

import pytest

from engine.findings import Finding
from engine.process.lint import conditions, count_steps, elements, identity, instances, tasks, timing, wiring
from engine.process.lint.diagram import Diagram
from engine.process.lint.reading import read_diagram
from tests.unit.process.lint.drawn import bpmn

Draw = Callable[..., Diagram]


def places(findings: Iterator[Finding]) -> list[str | None]:
    return [finding.element for finding in findings]


@pytest.mark.parametrize("kind", ["signal", "link", "compensate", "conditional", "cancel"])
def test_events_the_library_ignores_or_fires_wrongly_are_refused(kind: str) -> None:
    diagram = in_process(f'<endEvent id="done"><{kind}EventDefinition/></endEvent>')

    assert places(elements.event_definitions(diagram)) == ["done"]


@pytest.mark.parametrize(
    "kind",
    [
        "task",
        "manualTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "inclusiveGateway",
        "complexGateway",
        "transaction",
        "adHocSubProcess",
    ],
)
def test_nodes_nobody_carries_out_are_refused(kind: str) -> None:
    [found] = elements.known_elements(in_process(f'<{kind} id="it"/>'))

    assert found.element == "it"
    assert kind in found.message


def test_an_event_sub_process_is_refused() -> None:
    assert places(elements.event_subprocesses(in_process('<subProcess id="it" triggeredByEvent="true"/>'))) == ["it"]


def test_an_event_with_two_meanings_or_none_is_refused() -> None:
    two = '<intermediateCatchEvent id="it"><timerEventDefinition/><messageEventDefinition/></intermediateCatchEvent>'

    assert places(elements.event_definitions(in_process(two))) == ["it"]
    assert places(elements.event_definitions(in_process('<intermediateCatchEvent id="it"/>'))) == ["it"]


def test_a_message_cannot_start_a_process() -> None:
    text = '<startEvent id="begun"><messageEventDefinition messageRef="m"/></startEvent>'

    assert places(elements.event_definitions(in_process(text))) == ["begun"]


def test_a_repeated_message_on_a_border_needs_rearm(draw: Draw) -> None:
    text = "userTask fill\nboundaryEvent told on=fill message=m {more}"

    assert places(timing.repeatable_boundaries(draw(text.format(more="cancel=false")))) == ["told"]
    assert places(timing.repeatable_boundaries(draw(text.format(more="cancel=false rearm=true")))) == []
    assert places(timing.repeatable_boundaries(draw(text.format(more="")))) == []
    assert places(timing.repeatable_boundaries(draw(text.format(more="rearm=true")))) == ["told"]


def test_a_dead_end_is_refused(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        userTask fill
        endEvent done
        exclusiveGateway choice
        begun -> choice
        choice => fill
        choice -> done [sampled]
    """)

    assert places(wiring.leads_on(diagram)) == ["fill"]


def test_what_cannot_be_reached_is_refused(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        userTask fill
        userTask forgotten
        boundaryEvent late on=fill timer=case.fill cancel=false
        endEvent done
        begun -> fill
        fill -> done
        forgotten -> done
        late -> done
    """)

    assert places(wiring.is_reached(diagram)) == ["forgotten"]


def test_a_circle_without_a_way_out_is_refused(draw: Draw) -> None:
    diagram = draw("""
        startEvent begun
        userTask one
        userTask two
        endEvent done
        begun -> one
        one -> two
        two -> one
    """)

    assert places(wiring.reaches_an_end(diagram)) == ["begun", "one", "two"]


def test_a_circle_left_by_an_interrupting_event_is_fine_but_not_by_a_reminder(draw: Draw) -> None:
    text = """
        startEvent begun
        userTask one
        userTask two
        boundaryEvent withdrawn on=two message=m {more}
        endEvent done
        begun -> one
        one -> two
        two -> one
        withdrawn -> done
    """

    assert places(wiring.reaches_an_end(draw(text.format(more="")))) == []
    assert places(wiring.reaches_an_end(draw(text.format(more="cancel=false")))) == ["begun", "one", "two"]


def test_two_ways_out_of_a_task_are_refused(draw: Draw) -> None:
    diagram = draw("""
        userTask fill
        endEvent one
        endEvent two
        fill -> one
        fill -> two
    """)

    assert places(wiring.single_way_out(diagram)) == ["fill"]


def test_a_condition_behind_a_task_or_on_a_default_way_is_refused(draw: Draw) -> None:
    diagram = draw("""
        userTask fill
        exclusiveGateway choice
        endEvent one
        endEvent two
        fill -> choice [sampled]
        choice => one [sampled]
        choice -> two
    """)

    assert places(conditions.only_behind_exclusive_gateways(diagram)) == ["fill__choice", "choice__one"]
    assert places(conditions.every_way_has_one(diagram)) == ["choice__two"]


def test_an_event_gateway_waits_for_two_events_drawn_right_behind_it(draw: Draw) -> None:
    diagram = draw("""
        eventBasedGateway wait
        intermediateCatchEvent told message=m
        userTask fill
        wait -> told
        wait -> fill
    """)

    assert places(wiring.event_gateway_ways(diagram)) == ["fill"]


INSTANCES = """
    <userTask id="rectify"><multiInstanceLoopCharacteristics>
      <loopDataInputRef>rectification_items</loopDataInputRef><loopDataOutputRef>results</loopDataOutputRef>
      <inputDataItem id="item"/><outputDataItem id="result"/>
      <completionCondition>result == 'stop'</completionCondition>
    </multiInstanceLoopCharacteristics></userTask>
"""


def test_a_task_for_each_item_with_its_input_and_output_is_fine() -> None:
    diagram = in_process(INSTANCES)

    assert places(instances.have_input_and_output(diagram)) == []
    assert places(instances.complete_on_their_own_item(diagram)) == []
    assert places(instances.are_not_revisited(diagram)) == []


def test_a_task_for_each_item_names_what_is_missing() -> None:
    text = INSTANCES.replace('<inputDataItem id="item"/>', "").replace("loopDataOutputRef>", "loopCardinality>")

    list_missing, output_missing, counted = instances.have_input_and_output(in_process(text))

    assert "没有写明对哪个列表逐项办理" in list_missing.message
    assert "输出没有写全" in output_missing.message
    assert "按次数重复" in counted.message


def test_items_done_side_by_side_may_give_nothing_back_but_not_one_after_the_other() -> None:
    silent = INSTANCES.replace("<loopDataOutputRef>results</loopDataOutputRef>", "").replace(
        '<outputDataItem id="result"/>', ""
    )
    in_order = silent.replace("Characteristics>", 'Characteristics isSequential="true">', 1)

    assert places(instances.have_input_and_output(in_process(silent))) == []
    assert places(instances.have_input_and_output(in_process(in_order))) == ["rectify"]


@pytest.mark.parametrize("condition", ["len(results) >= 2", "__import__('os')"])
def test_a_completion_condition_asks_for_nothing_but_its_own_result(condition: str) -> None:
    diagram = in_process(INSTANCES.replace("result == 'stop'", condition))

    assert places(instances.complete_on_their_own_item(diagram)) == ["rectify"]


def test_a_task_for_each_item_is_not_gone_through_twice() -> None:
    loop = '<sequenceFlow id="again" sourceRef="rectify" targetRef="rectify"/>'
    around = (
        f'<subProcess id="round">{INSTANCES}</subProcess><sequenceFlow id="r" sourceRef="round" targetRef="round"/>'
    )

    assert places(instances.are_not_revisited(in_process(INSTANCES + loop))) == ["rectify"]
    assert places(instances.are_not_revisited(in_process(around))) == ["rectify"]


def test_a_process_too_large_for_the_library_is_refused(draw: Draw) -> None:
    nodes = "\n".join(f"userTask t{n}" for n in range(301))

    [found] = identity.size(draw(nodes))

    assert "有301个节点" in found.message


def test_a_loop_marker_and_a_compensation_marker_are_refused() -> None:
    text = '<userTask id="a"><standardLoopCharacteristics/></userTask><userTask id="b" isForCompensation="true"/>'

    assert places(elements.repetitions(in_process(text))) == ["a", "b"]


def test_an_undeclared_error_or_message_is_refused() -> None:
    error = '<endEvent id="it"><errorEventDefinition errorRef="none"/></endEvent>'
    message = '<intermediateCatchEvent id="it"><messageEventDefinition messageRef="none"/></intermediateCatchEvent>'

    assert places(timing.errors_are_declared(in_process(error))) == ["it"]
    assert places(timing.messages_have_names(in_process(message))) == ["it"]


@pytest.mark.parametrize("name", ["launched", "holiday.launched", "case.Launched"])
def test_a_message_is_named_after_its_process(name: str) -> None:
    event = '<intermediateCatchEvent id="it"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'

    assert places(timing.messages_have_names(in_process(event, message=name))) == ["it"]


def test_a_message_nobody_waits_for_is_noticed() -> None:
    assert [finding.severity for finding in timing.declared_messages_are_used(in_process(""))] == ["warning"]


def test_tasks_inside_a_sub_process_stand_in_its_lane() -> None:
    lanes = '<laneSet><lane id="l" name="主管部门"><flowNodeRef>annual</flowNodeRef></lane></laneSet>'
    inside = '<subProcess id="annual"><userTask id="fill"/></subProcess>'

    assert places(tasks.tasks_have_a_lane(in_process(lanes + inside))) == []
    assert places(tasks.tasks_have_a_lane(in_process(inside))) == ["fill"]


def test_a_due_date_is_said_once(draw: Draw) -> None:
    text = "userTask fill deadline=case.fill\nboundaryEvent late on=fill timer={timer} cancel=false"

    assert places(tasks.due_dates(draw(text.format(timer="case.fill")))) == ["fill"]
    assert places(tasks.due_dates(draw(text.format(timer="case.expiry")))) == []


def test_a_step_without_a_clock_is_noticed(draw: Draw) -> None:
    diagram = draw("""
        userTask confirm
        userTask decide deadline=case.decide
        userTask fill
        boundaryEvent late on=fill timer=case.fill cancel=false
    """)

    [found] = timing.steps_have_a_clock(diagram)

    assert (found.element, found.severity) == ("confirm", "warning")


def test_a_timer_around_a_sub_process_is_a_clock_for_every_step_inside(draw: Draw) -> None:
    diagram = draw("""
        subProcess hand_in {
            userTask fill
            subProcess sign {
                userTask confirm
            }
        }
        boundaryEvent late on=hand_in timer=case.fill cancel=false
    """)

    assert places(timing.steps_have_a_clock(diagram)) == []


def test_a_message_on_the_border_is_no_clock(draw: Draw) -> None:
    assert places(timing.steps_have_a_clock(draw("userTask fill\nboundaryEvent taken_back on=fill message=true"))) == [
        "fill"
    ]


def test_a_step_may_say_why_it_has_no_clock_but_not_when_it_has_one(draw: Draw) -> None:
    assert places(timing.steps_have_a_clock(draw("userTask note no_deadline=随时可以登记"))) == []
    assert places(timing.steps_have_a_clock(draw('userTask note no_deadline=" "'))) == ["note"]
    assert (
        places(timing.steps_have_a_clock(draw("userTask note no_deadline=多数地区没有规定 deadline=case.note"))) == []
    )
    around = "userTask note no_deadline=随时\nboundaryEvent late on=note timer=case.note"
    assert places(timing.steps_have_a_clock(draw(around))) == ["note"]


def test_a_step_for_many_cases_at_once_asks_for_nothing_of_each(draw: Draw) -> None:
    def told(properties: str) -> list[str]:
        return places(tasks.year_wide_steps(draw(f"userTask lock {properties}")))

    assert told("kind=record") == []
    assert told("kind=record year_wide=true") == []
    assert told('kind=decide year_wide=true sets="target_result=approved|not_arranged"') == []
    assert told("kind=record year_wide=yes") == ["lock"]
    for own in ("kind=fill form=F02", "kind=review judges=F02", "command=publish", "sets=rate:text", "sets=items:list"):
        assert told(f"year_wide=true {own}") == ["lock"]


def test_steps_and_those_without_a_clock_are_counted_over_all_files_that_can_be_read() -> None:
    files = {"case.bpmn": bpmn("userTask fill\nuserTask note no_deadline=随时\nuserTask decide deadline=case.decide")}

    assert count_steps(files | {"broken.bpmn": b"<a>"}) == {"all": 3, "without_deadline": 1}


def test_two_ways_between_the_same_nodes_differ_in_their_condition(draw: Draw) -> None:
    diagram = draw("""
        exclusiveGateway choice
        endEvent done
        choice => done
        choice -> done [sampled]
        choice -> done [sampled]
    """)

    assert len(list(wiring.parallel_flows_differ(diagram))) == 1


def in_process(text: str, message: str = "case.told") -> Diagram:
    """A process of these elements."""
    return read_diagram(
        "case.bpmn",
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">'
        f'<message id="m" name="{message}"/><process id="case">{text}</process></definitions>'.encode(),
    )
