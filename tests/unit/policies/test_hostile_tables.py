"""Files nobody vouches for are refused with a finding, never with a trace and never with an answer."""

import time

import pytest

from engine.findings import Finding
from engine.policies import check_table_file
from engine.policies.dmn import read_sheet
from tests.unit.policies.tables import DMN, dmn

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]>'
    f'<definitions xmlns="{DMN}"><decision id="grade">&z;</decision></definitions>'
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<definitions xmlns="{DMN}"><decision id="grade" name="&x;"/></definitions>'
)
GRADE = dmn("grade", [((">= 90", "-"), ('"优"',))])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"\x00\xff\xfe",
        b"<definitions/>",
        b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>',
        f'<definitions xmlns="{DMN}"/>'.encode(),
        f'<definitions xmlns="{DMN}"><decision id="grade"/></definitions>'.encode(),
        f'<definitions xmlns="{DMN}"><decision id="grade"><literalExpression><text>1</text></literalExpression>'
        "</decision></definitions>".encode(),
        ENTITIES.encode(),
        EXTERNAL.encode(),
        b"<a>" * 5000,
        GRADE[:-40],
        GRADE + b"x" * (3 * 1024 * 1024),
        GRADE.replace(b"</definitions>", b'<decision id="other"/></definitions>'),
        GRADE.replace(b"</definitions>", b'<import importType="x" locationURI="http://localhost/"/></definitions>'),
        GRADE.replace(b"<inputExpression typeRef", b"<x typeRef").replace(b"</inputExpression>", b"</x>"),
        dmn("grade", [((">= 90", "-"), ('"优"',))] * 501),
    ],
)
def test_a_file_that_is_no_sound_table_is_refused(content):
    faults = check_table_file("grade.dmn", content)

    assert any(fault.severity == "error" for fault in faults)
    assert all(fault.message and fault.remedy for fault in faults)


@pytest.mark.parametrize(("count", "said"), [(500, []), (501, ["有501行，超过500行"])])
def test_a_table_has_500_rows_at_the_most(count, said):
    findings: list[Finding] = []

    sheet = read_sheet("grade.dmn", dmn("grade", [((">= 90", "-"), ('"优"',))] * count), findings)

    assert [finding.message for finding in findings] == said
    assert (sheet is None) is bool(said)


def test_an_entity_never_reaches_a_finding():
    assert "root:" not in str(check_table_file("grade.dmn", EXTERNAL.encode()))


@pytest.mark.parametrize(
    "cell", ['__import__("os").system("touch /tmp/x")', "().__class__.__bases__", "exec(1)", "1 if 1 else 2"]
)
def test_python_in_a_cell_is_unreadable_and_nothing_more(cell):
    faults = check_table_file("grade.dmn", dmn("grade", [((cell, "-"), ('"优"',))]))

    assert any("读不懂" in fault.message for fault in faults)


def test_a_table_too_wide_to_check_is_refused_soon_instead_of_checked_for_ever():
    numbers = ",".join(f"{at}" for at in range(90))
    rows = [((f"< time_progress,{numbers}", f"not({numbers})", f"> time_progress,{numbers}"), ('"red"', "", ""))] * 3
    content = dmn("monitoring_light", rows, hit_policy="FIRST")
    started = time.process_time()

    faults = check_table_file("monitoring_light.dmn", content)

    assert any(fault.severity == "error" for fault in faults)
    assert time.process_time() - started < 20


def test_200_rows_are_checked_in_reasonable_time():
    rows = [((f"[{at / 5:g}..{(at + 1) / 5:g})",), ("0", "")) for at in range(200)]
    started = time.process_time()

    assert check_table_file("quota_cut.dmn", dmn("quota_cut", rows)) == []
    assert time.process_time() - started < 30
