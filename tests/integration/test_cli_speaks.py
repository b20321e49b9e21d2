"""At the terminal everything is Chinese or one JSON document: help, misuse, accidents, interruptions, a reader gone."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from engine.errors import EngineError
from engine.policies import DECISIONS, Policies, decide_json, load_policies
from engine.store import Logins
from tests.integration.refusals import must_be_a_sentence
from web.answers import decision_words
from web.cli import main
from web.failures import BYTES_OF_A_LOG, NAME, OLDER_LOGS
from web.settings import PROJECT
from web.terminal import Answer, outcome

ENGLISH_OF_CLICK = re.compile(
    r"Usage|Options|Commands|Arguments|Show this|Error|Missing|Invalid|No such|Try '|\[required|default:|Got un|Did you"
)
PYTHON_VALUE = re.compile(r"True|False|None|\['|\{'|Decimal\(|object at|<class")
PROGRAM = [sys.executable, "-W", "error", "-c", "from web.cli import main; main()"]
DEPARTMENTS = "agency,unit,score,grade\n甲事务所,甲局,90.50,优\n"


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group there is, by its words."""
    yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, (*path, name))


EVERY_COMMAND = list(commands(main))


@pytest.fixture
def jixiao() -> Callable[..., Result]:
    """The command line, called as an operator would."""
    return lambda *words: CliRunner().invoke(main, list(words))


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where traces go."""
    monkeypatch.setenv("JIXIAO_LOGS", str(tmp_path / "logs"))
    return tmp_path / "logs"


def misuse(result: Result) -> dict[str, Any]:
    """Exit 2, one document, and the same sentence on standard error."""
    assert result.exit_code == 2, result.output
    error: dict[str, Any] = json.loads(result.stdout)["error"]
    must_be_a_sentence(error["message"])
    assert not ENGLISH_OF_CLICK.search(result.output), result.output
    assert error["message"] in result.stderr
    return error


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
def test_every_page_of_help_is_chinese_and_fits_the_terminal(jixiao: Callable[..., Result], path: Any) -> None:
    result = jixiao(*path, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith("用法：jixiao")
    assert "显示这页说明" in result.stdout
    assert not ENGLISH_OF_CLICK.search(result.stdout)


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
@pytest.mark.parametrize("asked", [("--help",), ("--no-such-option",), ("--json=1",)], ids=" ".join)
def test_with_json_there_is_one_document_and_nothing_else(jixiao: Callable[..., Result], path: Any, asked: Any) -> None:
    result = jixiao(*path, "--json", *asked)

    assert list(json.loads(result.stdout)) == (["help"] if asked == ("--help",) else ["error"])
    assert result.stderr == "" if asked == ("--help",) else misuse(result)


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("usage.missing", "没有写命令。可用的命令：decide", ()),
        ("usage.missing", "缺少参数“地区”。可以写：", ("decide",)),
        ("usage.missing", "huaxi（花溪区）", ("rehearse",)),
        ("usage.missing", "grade（评价等级）", ("decide", "huaxi")),
        ("usage.missing", "score（得分）：数值，0 至 100", ("decide", "花溪", "评价等级")),
        ("usage.missing", "缺少选项 --out", ("rehearse", "huaxi", "--year", "2021")),
        ("usage.missing", "bash、zsh、fish", ("completion",)),
        ("usage.unknown_command", "是不是想写 decide？", ("decid",)),
        ("usage.unknown_command", "可用的命令：verify、anchor、export", ("audit", "prüfen")),
        ("usage.unknown_option", "是不是想写 --input？", ("decide", "huaxi", "grade", "--inputs", "{}")),
        ("usage.unknown_option", "没有 -x 这个选项", ("doctor", "-x")),
        ("usage.option_value", "选项 --input 后面要写一个值", ("decide", "huaxi", "grade", "--input")),
        ("usage.option_value", "选项 --fresh 后面不带值", ("demo", "--fresh=yes")),
        ("usage.bad_value", "“soon”不是整数", ("rehearse", "huaxi", "--year", "soon", "--out", "x")),
        ("usage.bad_value", "“２０２１”不是整数", ("rehearse", "huaxi", "--year", "２０２１", "--out", "x")),
        ("usage.bad_value", "应是 2000 至 2100 的整数", ("rehearse", "huaxi", "--year", "1999", "--out", "x")),
        ("usage.bad_value", "应是 1 至 65535 的整数", ("demo", "--port", "0")),
        ("usage.bad_value", "没有“2021-13-01”这一天", ("decide", "a", "b", "--input", "{}", "--on", "2021-13-01")),
        ("usage.bad_value", "应写成 2021-07-20", ("decide", "a", "b", "--input", "{}", "--on", "1.7.2021")),
        ("usage.bad_value", "--out：路径是空的", ("rehearse", "huaxi", "--year", "2021", "--out", "")),
        ("usage.bad_value", "应是 bash、zsh、fish 之一", ("completion", "tcsh")),
        ("usage.too_much", "多写了“c d”", ("decide", "a", "b", "c", "d", "--input", "{}")),
    ],
)
def test_misuse_is_told_with_what_could_have_been_meant(
    jixiao: Callable[..., Result], code: str, said: str, words: tuple[str, ...]
) -> None:
    error = misuse(jixiao("--json", *words))

    assert error["code"] == code
    assert said in error["message"]


@pytest.mark.parametrize(
    ("jurisdiction", "decision"),
    [("huaxi", "grade"), ("花溪区", "评价等级"), ("花溪", "GRADE"), ("ＨｕａＸｉ", " 评价等级 ")],
)
def test_jurisdictions_and_decisions_are_known_in_both_scripts(
    jixiao: Callable[..., Result], jurisdiction: str, decision: str
) -> None:
    given = '{"得分": "91", "object_kind": "项目"}'

    answer = json.loads(jixiao("decide", jurisdiction, decision, "--input", given, "--json").stdout)

    assert (answer["jurisdiction"], answer["decision"], answer["outputs"]) == ("huaxi", "grade", {"grade": "优"})


def test_without_a_day_the_rules_of_today_are_asked_not_those_of_some_later_year(
    jixiao: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(PROJECT / "bpmn", tmp_path / "bpmn")
    table = tmp_path / "bpmn/policies/conghua/quota_cut.dmn"
    table.write_text(table.read_text("utf-8").replace("2021-07-01", "2999-07-01"), "utf-8")
    monkeypatch.setenv("JIXIAO_BPMN", str(tmp_path / "bpmn"))
    asked = ("decide", "从化", "quota_cut", "--input", '{"部门整体得分": "60"}', "--json")

    today, later = jixiao(*asked), jixiao(*asked, "--on", "2999-07-01")

    assert [json.loads(each.stdout)["undefined"] for each in (today, later)] == [True, False]


def test_a_near_miss_of_a_name_is_answered_with_the_name_and_all_others(jixiao: Callable[..., Result]) -> None:
    place = json.loads(jixiao("decide", "huaxii", "grade", "--input", "{}", "--json").stdout)["error"]
    decision = json.loads(jixiao("decide", "花溪", "评价等及", "--input", "{}", "--json").stdout)["error"]

    assert place["message"].startswith("没有叫“huaxii”的地区。是不是想写 huaxi（花溪区）？只有：conghua（从化区）")
    assert decision["message"].startswith("没有叫“评价等及”的判定。是不是想写 grade（评价等级）？")


@pytest.fixture(scope="module")
def policies() -> Policies:
    """The packs of this program."""
    return load_policies(PROJECT / "bpmn")


@pytest.mark.parametrize(
    "value", ["true", "null", '["project"]', '{"a":null}', "[]", "[[false]]", "1e999", '"x"', "-0.5"]
)
def test_no_value_of_python_gets_into_a_sentence(policies: Policies, value: str) -> None:
    for decision, signature in DECISIONS.items():
        for name in signature.inputs:
            told = _told(policies, decision, {name: json.loads(value, parse_float=str)})

            assert not PYTHON_VALUE.search(told), told


def _told(policies: Policies, decision: str, inputs: dict[str, Any]) -> str:
    try:
        return decision_words(decide_json(policies, "conghua", decision, inputs))
    except EngineError as refusal:
        return refusal.message


def test_an_accident_is_a_number_on_the_terminal_and_a_trace_in_the_log(
    logs: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def work() -> Answer:
        raise ZeroDivisionError("row of 张三")

    code = outcome(work, ["decide", "--json"])

    out, err = capfd.readouterr()
    error = json.loads(out)["error"]
    assert (code, error["code"], error["log"]) == (70, "unexpected", str(logs / NAME))
    must_be_a_sentence(error["message"])
    assert "张三" not in out + err
    log = (logs / NAME).read_text("utf-8")
    assert error["number"] in log
    assert "ZeroDivisionError: row of 张三" in log
    assert stat.S_IMODE((logs / NAME).stat().st_mode) == 0o600


def test_what_was_asked_for_stands_on_one_line_of_the_log(logs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> Answer:
        raise ZeroDivisionError

    outcome(work, ["GET", "/cases\r\n2026-01-01 12:00:00,000 00000000 made up\x1b[2J"])

    capfd.readouterr()
    lines = (logs / NAME).read_text("utf-8").splitlines()
    assert lines[0].endswith("GET /cases??2026-01-01 12:00:00,000 00000000 made up?[2J")
    assert lines[1].startswith("Traceback")


def test_the_log_of_accidents_is_bounded(logs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> Answer:
        raise RuntimeError("x" * 300_000)

    for _ in range(80):
        outcome(work, [])

    capfd.readouterr()
    sizes = [file.stat().st_size for file in logs.iterdir()]
    assert len(sizes) == OLDER_LOGS + 1
    assert max(sizes) <= BYTES_OF_A_LOG


@pytest.mark.parametrize("planted", ["link", "pipe", "folder"])
def test_a_log_nobody_can_write_does_not_hide_the_accident(
    logs: Path, capfd: pytest.CaptureFixture[str], planted: str
) -> None:
    logs.mkdir()
    plant = {
        "link": lambda: (logs / NAME).symlink_to(logs / "elsewhere"),
        "pipe": lambda: os.mkfifo(logs / NAME),
        "folder": lambda: (logs / NAME).mkdir(),
    }
    plant[planted]()

    def work() -> Answer:
        raise RuntimeError("boom")

    assert outcome(work, []) == 70
    assert "没能记下" in capfd.readouterr().err
    assert not (logs / "elsewhere").exists()


def test_a_database_that_goes_away_in_mid_command_is_a_sentence_without_sql_or_rows(
    server: Logins, capfd: pytest.CaptureFixture[str], logs: Path
) -> None:
    def work() -> Answer:
        engine = create_engine(server.as_owner())
        try:
            with engine.connect() as connection, engine.connect() as killer:
                number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
                killer.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
                connection.execute(text("SELECT :secret"), {"secret": "张三"})
        finally:
            engine.dispose()
        raise AssertionError

    code = outcome(work, ["--json"])

    out, err = capfd.readouterr()
    error = json.loads(out)["error"]
    assert (code, error["code"]) == (1, "store.database_away")
    must_be_a_sentence(error["message"])
    assert not re.search("SELECT|张三|psycopg", out + err)
    assert not logs.exists()


def test_what_the_server_refuses_is_told_in_words(server: Logins, capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> Answer:
        engine = create_engine(server.as_owner())
        try:
            with engine.begin() as connection:
                connection.execute(text("SET TRANSACTION READ ONLY"))
                connection.execute(text("CREATE TABLE of_nobody (x int)"))
        finally:
            engine.dispose()
        raise AssertionError

    assert outcome(work, ["--json"]) == 1
    assert json.loads(capfd.readouterr().out)["error"]["code"] == "database.read_only"


def test_an_interruption_is_a_short_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "部门.csv").write_text(DEPARTMENTS, encoding="utf-8")
    words = ["rehearse", "huaxi", "--year", "2021", "--departments", "部门.csv", "--out", "结果", "--json"]
    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    ) as running:  # fmt: skip
        until(lambda: any(path.name.startswith(".jixiao-") for path in tmp_path.iterdir()))
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=120)

    assert (running.returncode, json.loads(out)["error"]["code"]) == (130, "interrupted")
    assert "已中断" in err
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["部门.csv"]


def test_a_reader_that_has_gone_ends_the_program_quietly() -> None:
    with subprocess.Popen([*PROGRAM, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()

    assert (running.returncode, said) == (141, b"")


def test_an_answer_that_cannot_be_written_is_not_taken_for_done() -> None:
    with open("/dev/full", "w") as full:
        answer = subprocess.run(
            [*PROGRAM, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, cwd=PROJECT, check=False
        )

    assert answer.returncode == 1
    must_be_a_sentence(answer.stderr.strip())
    assert "磁盘满了" in answer.stderr


def test_json_is_utf_8_whatever_the_terminal_speaks() -> None:
    answer = subprocess.run(
        [*PROGRAM, "decide", "天河", "grade", "--input", "{}", "--json"], capture_output=True, cwd=PROJECT, check=False,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
    )  # fmt: skip

    assert json.loads(answer.stdout.decode("utf-8"))["error"]["code"] == "policy.unknown_jurisdiction"
    assert "没有叫“天河”的地区" in answer.stderr.decode("gbk")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["jixiao", "dec"], ["decide"]),
        (["jixiao", "decide", "花"], ["花溪区"]),
        (["jixiao", "decide", "huaxi", "key_"], ["key_monitoring_required", "key_evaluation_candidate"]),
        (["jixiao", "audit", "export", "--with"], ["--with-papers"]),
        (["jixiao", "completion", "b"], ["bash"]),
    ],
)
def test_bash_completes_commands_jurisdictions_decisions_and_options(
    tmp_path: Path, words: list[str], expected: list[str]
) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    program = tmp_path / "jixiao"
    program.write_text(
        f"#!/bin/sh\nPYTHONPATH='{PROJECT}' exec '{sys.executable}' -c 'from web.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    script = (
        'eval "$(jixiao completion bash)"; '
        f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; "
        '_jixiao_completion jixiao; printf "%s\\n" "${COMPREPLY[@]}"'
    )

    done = subprocess.run(
        [bash, "--norc", "-c", script], capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )  # fmt: skip

    assert done.stdout.split() == expected
    assert done.stderr == ""


def test_the_version_tells_the_three_programs(jixiao: Callable[..., Result]) -> None:
    said, document = jixiao("--version").stdout, json.loads(jixiao("--version", "--json").stdout)

    assert re.fullmatch(r"jixiao \S+ · Python \S+ · 内置 PostgreSQL \S+\n", said)
    assert {"version", "python", "database", "libraries"} == set(document)


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so, at most a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
