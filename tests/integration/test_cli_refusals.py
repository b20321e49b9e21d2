"""The operator's commands refuse in a sentence: exit 1, one JSON document if asked for, nothing written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main

HEADER = "agency,unit,score,grade"
ROW = "示例机构,示例单位甲,88.00,良"
PROJECTS = "no,name,funds_wan_yuan,self_score,third_party_score,grade,name_inferred"


@pytest.fixture
def jixiao() -> Callable[..., Result]:
    """The command line, called as an operator would."""
    return lambda *words: CliRunner().invoke(main, list(words))


def _refused(result: Result) -> dict[str, object]:
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    error = json.loads(result.stdout)["error"]
    assert error["code"]
    assert error["message"] in result.stderr
    return error


@pytest.mark.parametrize(
    "content",
    [
        "",
        "unit,score\n示例单位甲,88\n",
        f"{HEADER}\n示例机构,示例单位甲,八十八,良\n",
        f"{HEADER}\n示例机构,示例单位甲,101,优\n",
        f"{HEADER}\n示例机构,示例单位甲,NaN,优\n",
        f"{HEADER}\n示例机构,示例单位甲,,良\n",
        f"{HEADER}\n示例机构,=SUM(A1),88,良\n",
        f"{HEADER}\n{ROW}\n{ROW}\n",
        f"{HEADER}\n示例机构,示例单位甲,88.00,优良\n",
        f"{HEADER}\n",
    ],
    ids=["empty", "header", "number", "over 100", "nan", "empty cell", "formula", "twice", "grade", "no rows"],
)
def test_a_wrong_department_file_is_refused_and_nothing_is_written(jixiao, tmp_path, content):
    file, out = tmp_path / "departments.csv", tmp_path / "out"
    file.write_text(content, encoding="utf-8")

    result = jixiao("rehearse", "huaxi", "--year", "2021", "--departments", str(file), "--out", str(out), "--json")

    _refused(result)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_in_another_encoding_is_refused_with_the_remedy(jixiao, tmp_path):
    file, out = tmp_path / "departments.csv", tmp_path / "out"
    file.write_bytes(f"{HEADER}\n{ROW}\n".encode("gbk"))

    result = jixiao("rehearse", "huaxi", "--year", "2021", "--departments", str(file), "--out", str(out), "--json")

    assert "UTF-8" in str(_refused(result)["message"])
    assert not out.exists()


def test_a_huge_file_is_refused_before_it_is_read(jixiao, tmp_path):
    file, out = tmp_path / "departments.csv", tmp_path / "out"
    with file.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)

    result = jixiao("rehearse", "huaxi", "--year", "2021", "--departments", str(file), "--out", str(out), "--json")

    _refused(result)


def test_lines_of_one_project_must_agree(jixiao, tmp_path):
    file, out = tmp_path / "projects.csv", tmp_path / "out"
    file.write_text(f"{PROJECTS}\n1,甲,10,90,91,优,no\n1,乙,10,90,89,良,no\n", encoding="utf-8")

    result = jixiao("rehearse", "huaxi", "--year", "2021", "--projects", str(file), "--out", str(out), "--json")

    assert "第" in str(_refused(result)["message"])


@pytest.mark.parametrize(
    "words",
    [
        ("decide", "nowhere", "grade", "--input", "{}"),
        ("decide", "huaxi", "nothing", "--input", "{}"),
        ("decide", "huaxi", "grade", "--input", "{"),
        ("decide", "huaxi", "grade", "--input", "[]"),
        ("decide", "huaxi", "grade", "--input", '{"score": NaN}'),
        ("decide", "huaxi", "grade", "--input", '{"score": "ninety", "object_kind": "project"}'),
        ("decide", "huaxi", "grade", "--input", '{"score": 101, "object_kind": "project"}'),
        ("decide", "huaxi", "grade", "--input", '{"points": 90}'),
        ("decide", "huaxi", "grade", "--input", "[" * 5000),
        ("rehearse", "nowhere", "--year", "2021", "--out", "/nonexistent/out"),
        ("rehearse", "huaxi", "--year", "2031", "--departments", "data/huaxi_2021_departments.csv", "--out", "out-x"),
        ("rehearse", "huaxi", "--year", "2021", "--out", "out-x"),
        ("rehearse", "huaxi", "--year", "2021", "--departments", "no such file.csv", "--out", "out-x"),
        ("rehearse", "huaxi", "--year", "2021", "--departments", "data", "--out", "out-x"),
        ("check", "no such file.bpmn"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_code_and_a_sentence(jixiao, words):
    error = _refused(jixiao(*words, "--json"))

    assert "Error" not in str(error["message"])
    assert "Traceback" not in str(error["message"])
    assert not Path("out-x").exists()


def test_a_misspelt_command_is_misuse(jixiao):
    assert jixiao("decide").exit_code == 2
    assert jixiao("rehearse", "huaxi", "--year", "soon", "--out", "x").exit_code == 2
    assert jixiao("no-such-command").exit_code == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        "不是 XML".encode(),
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 5000,
        b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>",
    ],
    ids=["empty", "binary", "text", "entities", "deep", "no process"],
)
@pytest.mark.parametrize("ending", [".bpmn", ".dmn"])
def test_a_broken_or_hostile_definition_gives_findings_with_place_and_remedy(jixiao, tmp_path, content, ending):
    file = tmp_path / f"case{ending}"
    file.write_bytes(content)

    result = jixiao("check", str(file), "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert not report["ok"]
    assert all(finding["file"] and finding["message"] and finding["remedy"] for finding in report["findings"])


def test_our_own_definitions_have_no_finding_and_a_clock_for_every_step(jixiao):
    result = jixiao("check", "--json")

    report = json.loads(result.stdout)
    assert (result.exit_code, report["ok"]) == (0, True)
    assert report["findings"] == []
    assert report["steps"] == {"all": 105, "without_deadline": 0}


@pytest.mark.parametrize(
    ("name", "better"),
    [("流程.bpmn20.xml", "流程.bpmn"), ("流程.BPMN", "流程.bpmn"), ("表.dmn.xml", "表.dmn")],
)
def test_a_file_of_another_tool_is_told_by_what_name_it_is_checked(jixiao, tmp_path, name, better):
    file = tmp_path / name
    file.write_text("<definitions/>")

    result = jixiao("check", str(file), "--json")

    [finding] = json.loads(result.stdout)["findings"]
    assert finding["remedy"] == f"请改名为“{better}”，再检查一次"


def test_a_check_says_how_many_steps_have_no_deadline(jixiao):
    assert "办理步骤 105 个，其中没有期限的 0 个。" in jixiao("check").stdout
