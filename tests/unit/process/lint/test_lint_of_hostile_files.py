"""Files made to harm get a finding like any other: no exception, no waiting, nothing read from elsewhere."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.process.lint import check_files, errors
from tests.unit.process.lint.drawn import FILES

MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<definitions>&c;</definitions>"""


def process(inner: str, attributes: str = 'id="p"') -> bytes:
    inside = f"<process {attributes}>{inner}</process>"
    return f'<definitions {MODEL} id="d" targetNamespace="x">{inside}</definitions>'.encode()


def chain(length: int) -> bytes:
    nodes = "".join(f'<userTask id="t{n}"/>' for n in range(length))
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(length - 1))
    return process(nodes + flows)


def processes(count: int) -> bytes:
    return f"<definitions {MODEL}>{'<process/>' * count}</definitions>".encode()


def nested(depth: int) -> bytes:
    return process("".join(f'<subProcess id="s{n}">' for n in range(depth)) + "</subProcess>" * depth)


def named(length: int) -> bytes:
    return process(f'<userTask id="t" name="{"长" * length}"/>')


def conditional(length: int) -> bytes:
    return process(
        '<exclusiveGateway id="g"/><sequenceFlow id="f" sourceRef="g" targetRef="g"><conditionExpression>'
        f"{'(' * length}</conditionExpression></sequenceFlow>"
    )


def crossing(count: int) -> bytes:
    """Gateways, each with a way to the next and one across all the others."""
    gateways = "".join(f'<exclusiveGateway id="g{n}"/>' for n in range(count))
    to = ((n, target % count) for n in range(count) for target in (n + 1, 7 * n + 3))
    return process(gateways + "".join(f'<sequenceFlow sourceRef="g{n}" targetRef="g{target}"/>' for n, target in to))


def awaited(count: int) -> bytes:
    messages = "".join(f'<message id="m{n}"/>' for n in range(count))
    return f'<definitions {MODEL}>{messages}<process id="p"/></definitions>'.encode()


def lanes(count: int) -> bytes:
    inside = "".join(f'<lane id="l{n}"><flowNodeRef>x{n}</flowNodeRef></lane>' for n in range(count))
    return process(f"<laneSet>{inside}</laneSet>")


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called: the same on every machine, however busy."""
    seen = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal seen
        seen += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen


REFUSED = {
    "empty": (b"", "不是规范的XML"),
    "blank": (b" \n ", "不是规范的XML"),
    "no xml": (b"\x00\x01\x02", "不是规范的XML"),
    "zip": (b"PK\x03\x04\x14\x00\x08\x08", "不是规范的XML"),
    "gbk": ('<a n="目标"/>'.encode("gbk"), "不是UTF-8编码"),
    "utf-16": ('<a n="目标"/>'.encode("utf-16"), "不是UTF-8编码"),
    "cut off": (process("")[:-9], "不是规范的XML"),
    "external entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
    "external dtd": (b'\n<!-- c -->\n<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', "DOCTYPE"),
    "billion laughs": (LAUGHS, "DOCTYPE"),
    "undeclared entity": (process("&x;"), "不是规范的XML"),
    "too deep": (b"<a>" * 100_000, "不是规范的XML"),
    "too large": (b"<a>" + b" " * (2 * 1024 * 1024) + b"</a>", "超过2 MB"),
    "100 MB": (bytes(100 * 1024 * 1024), "超过2 MB"),
    "html": (b"<html><body/></html>", "不是BPMN 2.0"),
    "no namespace": (b"<definitions><process/></definitions>", "不是BPMN 2.0"),
    "no process": (f"<definitions {MODEL}/>".encode(), "没有流程"),
}


@pytest.mark.parametrize(("content", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_read_gets_exactly_one_error(content: bytes, says: str) -> None:
    [found] = check_files({"case.bpmn": content})

    assert found.severity == "error"
    assert says in found.message
    assert found.remedy


def test_the_line_of_a_doctype_is_told() -> None:
    [found] = check_files({"case.bpmn": b"<?xml version='1.0'?>\n<!-- here -->\n<!DOCTYPE a><a/>"})

    assert found.line == 3


ODD = {
    "nothing has an id": process("<startEvent/><userTask/><sequenceFlow/><laneSet><lane/></laneSet>", ""),
    "everything has the same id": process('<startEvent id="p"/><subProcess id="p"><userTask id="p"/></subProcess>'),
    "attached to itself": process('<boundaryEvent id="b" attachedToRef="b"/>'),
    "flows to itself": process('<userTask id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="t"/>'),
    "sub-processes 80 deep": nested(80),
    "10,000 nodes": chain(10_000),
    "20,000 processes": processes(20_000),
    "a long name": named(100_000),
    "a long condition": conditional(5000),
    "markup where text belongs": process("<documentation><b>x</b></documentation><laneSet><userTask/></laneSet>"),
    "processing instructions": process('<?php system("id") ?><startEvent id="s"/>'),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD.keys())
def test_an_odd_file_gets_errors(content: bytes) -> None:
    findings = check_files({"case.bpmn": content})

    assert errors(findings)


@pytest.mark.parametrize("drawn", [chain, processes, named, conditional, crossing, awaited, lanes])
def test_a_file_twice_as_large_takes_no_more_than_twice_the_work(drawn: Callable[[int], bytes]) -> None:
    small, large = drawn(1000), drawn(2000)
    check_files({"case.bpmn": small})

    once, twice = (calls_of(lambda content=content: check_files({"case.bpmn": content})) for content in (small, large))

    assert twice <= 2 * once


ATTACKS = [
    "__import__('os').system('id')",
    "().__class__.__base__.__subclasses__()",
    "open('/etc/passwd').read()",
    "[x for x in range(10**9)]",
    "9**9**9",
    "(lambda: 1)()",
    "f'{outcome}'",
    "(outcome := 'x')",
    "outcome.__class__",
    "'a' * 10**9 == outcome",
    "while True: pass",
    "exec('x')",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_code_in_a_condition_is_never_accepted(sound: str, attack: str) -> None:
    spoilt = sound.replace("outcome == 'returned'", attack)

    assert spoilt != sound
    findings = errors(check_files({"target_filing.bpmn": spoilt.encode()}))
    assert "targets_returned" in [found.element for found in findings]


def test_one_bad_file_does_not_hide_what_is_wrong_with_the_others(sound: str) -> None:
    findings = check_files(
        {"a.bpmn": LAUGHS, "target_filing.bpmn": sound.replace('value="fill"', 'value="f"').encode()}
    )

    assert {found.file for found in findings} == {"a.bpmn", "target_filing.bpmn"}


WORDS = (FILES / "target_filing.bpmn").read_text("utf-8").split('"')


@given(st.lists(st.tuples(st.integers(0, len(WORDS) - 1), st.integers(0, len(WORDS) - 1)), min_size=1, max_size=6))
def test_whatever_stands_in_the_place_of_something_else_nothing_is_raised(swaps: list[tuple[int, int]]) -> None:
    words = list(WORDS)
    for one, other in swaps:
        words[one] = words[other]

    findings = check_files({"target_filing.bpmn": '"'.join(words).encode()})

    assert all(found.message and found.remedy for found in findings)
