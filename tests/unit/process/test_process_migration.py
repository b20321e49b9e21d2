"""Moving a running case to another version of its diagrams: nothing open is lost, or it is refused with the reason."""

import pytest

from engine import process
from engine.process import Diagrams, StateUnreadable
from tests.unit.process.lives import FOLDER, Life, diagrams_of, nothing_decided

OLD = diagrams_of()


def changed(name: str, *replacements: tuple[str, str]) -> Diagrams:
    """All diagrams, one of them with parts of its text replaced."""
    files = dict(OLD.files)
    text = files[f"{name}.bpmn"].decode()
    for before, after in replacements:
        assert before in text
        text = text.replace(before, after)
    files[f"{name}.bpmn"] = text.encode()
    return Diagrams.stored(files)


NEW_STEP = (
    "</bpmn:process>",
    """<bpmn:userTask id="a_new_step" name="新增步骤" />
    <bpmn:sequenceFlow id="a_new_flow" sourceRef="a_new_step" targetRef="approved" /></bpmn:process>""",
)
LEADING_THERE = (
    'sourceRef="reviewed" targetRef="approved"',
    'sourceRef="reviewed" targetRef="a_new_step"',
)


def test_a_case_moves_to_diagrams_with_a_new_step_ahead_and_keeps_its_keys_and_deadlines() -> None:
    new = changed("return_loop", NEW_STEP, LEADING_THERE)
    life = Life(OLD, "year", object_kind="project")

    migration = process.migrate(OLD, new, life.state)

    assert migration.possible
    assert migration.problems == ()
    assert migration.state is not None
    seen = process.look(new, migration.state)
    assert {task.key for task in seen.opened_tasks} == set(life.tasks)
    assert {timer.key for timer in seen.opened_timers} == set(life.timers)
    step = process.complete(new, migration.state, life.task("fill").key, {"outcome": "submitted"}, nothing_decided)
    step = process.complete(new, step.state, step.opened_tasks[0].key, {"outcome": "approved"}, nothing_decided)
    assert [task.element_id for task in step.opened_tasks] == ["a_new_step"]


def test_a_state_is_not_read_with_other_diagrams_unless_it_was_migrated() -> None:
    new = changed("return_loop", NEW_STEP, LEADING_THERE)
    life = Life(OLD, "return_loop", object_kind="project")

    with pytest.raises(StateUnreadable, match="另一版流程图"):
        process.look(new, life.state)


def test_changed_words_and_conditions_need_no_migration() -> None:
    new = changed("return_loop", ("填报绩效目标", "填写绩效目标"), ("outcome == 'returned'", "outcome != 'approved'"))
    life = Life(OLD, "return_loop", object_kind="project")

    assert process.look(new, life.state).opened_tasks[0].name == "填写绩效目标"
    assert OLD.hash != new.hash


def test_a_case_with_many_open_items_moves_with_all_of_them() -> None:
    new = changed("return_loop", NEW_STEP, LEADING_THERE)
    life = Life(OLD, "rectification", object_kind="project")
    life.complete("notify", rectification_items=["R-1", "R-2", "R-3"], outcome="recorded")
    life.complete("fix", "R-2", outcome="submitted")

    migration = process.migrate(OLD, new, life.state)

    assert migration.state is not None
    life = Life.of(new, migration.state)
    for item in ("R-1", "R-3"):
        life.complete("fix", item, outcome="submitted")
    for item in ("R-1", "R-2", "R-3"):
        life.complete("check_fix", item, outcome="approved")
    assert life.open() == ["close"]


def test_a_closed_case_moves_anywhere() -> None:
    life = Life(OLD, "return_loop", object_kind="project")
    life.jump("return_loop", "approved")

    migration = process.migrate(OLD, diagrams_of("race"), life.state)

    assert migration.state is not None
    assert process.look(diagrams_of("race"), migration.state).completed


@pytest.mark.parametrize(
    ("replacement", "problem"),
    [
        (('id="fill"', 'id="fill_in"'), "新版没有步骤“填报绩效目标”"),
        (('<bpmn:process id="return_loop"', '<bpmn:process id="renamed_loop"'), "新版没有流程“return_loop”"),
        (('cancelActivity="false"', 'cancelActivity="true"'), "改了边界事件"),
    ],
)
def test_a_change_under_the_feet_of_a_case_is_refused_with_the_reason(
    replacement: tuple[str, str], problem: str
) -> None:
    text = (FOLDER / "return_loop.bpmn").read_text()
    text = text.replace(*replacement).replace(
        'Ref="fill"', f'Ref="{"fill_in" if "fill_in" in replacement[1] else "fill"}"'
    )
    new = Diagrams.stored({"return_loop.bpmn": text.encode()})
    life = Life(diagrams_of("return_loop"), "return_loop", object_kind="project")

    migration = process.migrate(life.diagrams, new, life.state)

    assert not migration.possible
    assert migration.state is None
    assert any(problem in told for told in migration.problems)


def test_a_border_event_added_to_an_open_task_is_refused() -> None:
    border = """<bpmn:boundaryEvent id="sign_late" attachedToRef="sign">
        <bpmn:timerEventDefinition><bpmn:timeDate>deadline('a.b')</bpmn:timeDate></bpmn:timerEventDefinition>
        </bpmn:boundaryEvent>
        <bpmn:sequenceFlow id="sign_late_flow" sourceRef="sign_late" targetRef="signature_end" />"""
    new = changed("signature", ("</bpmn:process>", border + "</bpmn:process>"))
    life = Life(OLD, "adjustment", object_kind="project")
    assert process.migrate(OLD, new, life.state).possible
    life.complete("adjust", outcome="submitted")

    migration = process.migrate(OLD, new, life.state)

    assert migration.problems == ("步骤“签批”在新版中增加了边界事件。",)


def with_the_review_inside(more: str = "") -> Diagrams:
    """The same ways, but the review and what sits on its border are drawn inside a sub-process."""
    head, rest = (FOLDER / "return_loop.bpmn").read_text().split('    <bpmn:userTask id="review"')
    review, tail = rest.split('    <bpmn:exclusiveGateway id="reviewed"')
    inside = f"""<bpmn:subProcess id="reviewing" name="审核">
        <bpmn:startEvent id="reviewing_begun" /><bpmn:endEvent id="reviewing_done" />
        <bpmn:endEvent id="taken_back" /><bpmn:userTask id="review"{review}{more}
        <bpmn:sequenceFlow id="r1" sourceRef="reviewing_begun" targetRef="review" />
        <bpmn:sequenceFlow id="r2" sourceRef="review" targetRef="reviewing_done" />
        <bpmn:sequenceFlow id="r3" sourceRef="review_withdrawn" targetRef="taken_back" /></bpmn:subProcess>"""
    tail = tail.replace('sourceRef="fill" targetRef="review"', 'sourceRef="fill" targetRef="reviewing"')
    tail = tail.replace('sourceRef="review" targetRef="reviewed"', 'sourceRef="reviewing" targetRef="reviewed"')
    tail = "\n".join(line for line in tail.splitlines() if 'sourceRef="review_withdrawn"' not in line)
    text = f'{head}{inside}<bpmn:exclusiveGateway id="reviewed"{tail}'
    return Diagrams.stored(dict(OLD.files) | {"return_loop.bpmn": text.encode()})


def test_a_step_drawn_inside_a_sub_process_now_is_gone_into_with_its_keys_and_variables() -> None:
    new = with_the_review_inside()
    life = Life(OLD, "year", object_kind="project")
    life.complete("fill", outcome="submitted", grade="优")

    migration = process.migrate(OLD, new, life.state)

    assert migration.problems == ()
    moved = Life.of(new, migration.state or b"")
    assert (set(moved.tasks), set(moved.catches)) == (set(life.tasks), set(life.catches))
    assert moved.catch("return_loop.withdrawn").host == moved.task("review").key
    step = moved.complete("review", outcome="returned")
    assert [task.element_id for task in step.opened_tasks] == ["fill"]


def test_what_lies_on_the_border_of_a_step_that_goes_inside_is_heard_there() -> None:
    new = with_the_review_inside()
    life = Life(OLD, "return_loop", object_kind="project")
    life.complete("fill", outcome="submitted")
    moved = Life.of(new, process.migrate(OLD, new, life.state).state or b"")

    step = moved.deliver("return_loop.withdrawn", outcome="returned")

    assert [task.element_id for task in step.opened_tasks] == ["fill"]


def test_a_step_that_gets_another_border_event_on_its_way_inside_is_refused() -> None:
    late = """<bpmn:boundaryEvent id="review_late" attachedToRef="review"><bpmn:timerEventDefinition>
        <bpmn:timeDate>deadline('a.b')</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent>
        <bpmn:sequenceFlow id="r4" sourceRef="review_late" targetRef="reviewing_done" />"""
    life = Life(OLD, "return_loop", object_kind="project")
    life.complete("fill", outcome="submitted")

    migration = process.migrate(OLD, with_the_review_inside(late), life.state)

    assert migration.problems == ("步骤“review”在新版中改了边界事件。",)


def test_a_step_that_calls_another_process_now_is_refused() -> None:
    new = changed("adjustment", ('calledElement="approval"', 'calledElement="signature"'))
    life = Life(OLD, "adjustment", object_kind="project")
    life.complete("adjust", outcome="submitted")

    migration = process.migrate(OLD, new, life.state)

    assert migration.problems == ("步骤“审批”在新版中改为调用“signature”，而“approval”正在进行。",)


def test_a_task_that_became_another_kind_of_step_is_refused() -> None:
    new = changed(
        "signature",
        ('<bpmn:userTask id="sign" name="签批">', '<bpmn:callActivity id="sign" name="签批" calledElement="race">'),
        ("</bpmn:userTask>", "</bpmn:callActivity>"),
    )
    life = Life(OLD, "signature", object_kind="project")

    assert process.migrate(OLD, new, life.state).problems == ("步骤“签批”在新版中改了类型。",)


def test_other_parallel_gateways_are_refused_while_branches_are_open() -> None:
    third = """<bpmn:userTask id="third" name="第三路" />
        <bpmn:sequenceFlow id="to_third" sourceRef="branches_fork" targetRef="third" />
        <bpmn:sequenceFlow id="from_third" sourceRef="third" targetRef="branches_join" /></bpmn:process>"""
    new = changed("branches", ("</bpmn:process>", third))
    life = Life(OLD, "branches", object_kind="project")
    assert process.migrate(OLD, new, life.state).possible
    life.complete("before")

    assert process.migrate(OLD, new, life.state).problems == ("流程“branches”正在并行办理，而新版改了并行网关。",)


def test_a_single_token_must_not_find_itself_inside_a_new_parallel_block() -> None:
    join = '<bpmn:sequenceFlow id="work_to_worked" sourceRef="work" targetRef="worked" />'
    block = """<bpmn:parallelGateway id="new_fork" /><bpmn:parallelGateway id="new_join" /><bpmn:userTask id="beside" />
        <bpmn:sequenceFlow id="n1" sourceRef="new_fork" targetRef="work" />
        <bpmn:sequenceFlow id="n2" sourceRef="new_fork" targetRef="beside" />
        <bpmn:sequenceFlow id="n3" sourceRef="work" targetRef="new_join" />
        <bpmn:sequenceFlow id="n4" sourceRef="beside" targetRef="new_join" />
        <bpmn:sequenceFlow id="n5" sourceRef="new_join" targetRef="worked" />"""
    start = ('sourceRef="main_line_start" targetRef="work"', 'sourceRef="main_line_start" targetRef="new_fork"')
    new = changed("main_line", start, (join, block))
    life = Life(OLD, "side_branch", object_kind="project")

    (problem,) = process.migrate(OLD, new, life.state).problems

    assert "处于并行分支内" in problem
