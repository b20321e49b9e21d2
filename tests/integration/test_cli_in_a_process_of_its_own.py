"""`jixiao` as a shell calls it, with what no shell should: one JSON document or one sentence, never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.store import Logins
from tests.integration.refusals import must_be_a_sentence

PROJECT = Path(__file__).resolve().parents[2]
NOBODY_THERE = "postgresql://nobody@127.0.0.1:1/nothing"
Answer = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def jixiao() -> Answer:
    """The installed program in a process of its own, with these settings."""

    def run(*words: str | bytes, **settings: str) -> "subprocess.CompletedProcess[str]":
        program = [sys.executable, "-W", "error", "-c", "from web.cli import main; main()", *words]
        return subprocess.run(
            program, capture_output=True, text=True, errors="surrogateescape", timeout=60, cwd=PROJECT,
            env={**os.environ, **settings}, check=False,
        )  # fmt: skip

    return run


def refusal(answer: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """The one document on standard output; the same sentence, and nothing else, on standard error."""
    assert answer.returncode == 1, answer.stderr
    document = json.loads(answer.stdout)
    assert list(document) == ["error"]
    error: dict[str, Any] = document["error"]
    must_be_a_sentence(error["message"])
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("input.unreadable", ("decide", "huaxi", "grade", "--input", '{"score":"90","score":"10"}')),
        ("policy.input_refused", ("decide", "huaxi", "grade", "--input", b'{"score":"\xff"}')),
        ("policy.unknown_decision", ("decide", "huaxi", b"gr\xffade", "--input", "{}")),
        ("check.nothing_there", ("check", b"bad\xff.bpmn")),
        ("check.nothing_there", ("check", "/dev/zero")),
    ],
)
def test_words_no_keyboard_types_are_refused_in_a_sentence(jixiao: Answer, code: str, words: Any) -> None:
    assert refusal(jixiao(*words, "--json"))["code"] == code


def test_a_folder_without_definitions_and_a_pipe_are_not_called_sound(jixiao: Answer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.bpmn")

    assert refusal(jixiao("check", str(tmp_path), "--json"))["code"] == "check.nothing_there"
    assert refusal(jixiao("check", str(tmp_path / "pipe.bpmn"), "--json"))["code"] == "check.nothing_there"


@pytest.mark.parametrize("url", [NOBODY_THERE, "no url at all", "mysql://somewhere/else", "postgresql://"])
def test_a_database_that_is_not_there_is_said_not_to_be_there(jixiao: Answer, url: str) -> None:
    error = refusal(jixiao("migrate", "--json", DATABASE_URL=url))

    assert error["code"] == "settings.database"
    assert "DATABASE_URL" in error["message"]


def test_a_password_in_the_settings_is_told_to_nobody(jixiao: Answer) -> None:
    answer = jixiao("migrate", "--json", DATABASE_URL=NOBODY_THERE.replace("nobody", "nobody:geheim"))

    assert "geheim" not in answer.stdout + answer.stderr


def test_the_doctor_names_what_is_missing_and_goes_on(jixiao: Answer) -> None:
    answer = jixiao("doctor", "--json", DATABASE_URL=NOBODY_THERE)

    results = {each["what"]: each["ok"] for each in json.loads(answer.stdout)["results"]}
    assert answer.returncode == 1
    assert [what for what, ok in results.items() if not ok] == ["数据库"]
    assert {"工作日历", "流程和规则", "地区包", "磁盘空间", "中文字体", "时钟", "软件版本", "系统限制"} <= set(results)


def test_missing_definitions_are_listed_as_data(jixiao: Answer, tmp_path: Path) -> None:
    answer = jixiao("decide", "huaxi", "grade", "--input", "{}", "--json", JIXIAO_BPMN=str(tmp_path))

    findings = json.loads(answer.stdout)["error"]["findings"]
    assert {"file", "message", "remedy"} <= set(findings[0])


def test_a_journal_is_not_written_where_no_file_can_be(jixiao: Answer, server: Logins) -> None:
    settings = {"DATABASE_URL": server.application, "DATABASE_OWNER_URL": server.as_owner()}
    error = refusal(jixiao("audit", "export", "huaxi", "/proc/nowhere/journal.jsonl", "--json", **settings))

    assert error["code"] == "output.not_writable"


def test_a_misspelt_option_is_misuse_with_one_document_on_standard_output(jixiao: Answer) -> None:
    answer = jixiao("decide", "huaxi", "grade", "--input", "{}", "--on", "2021-13-01", "--json")

    assert answer.returncode == 2
    assert json.loads(answer.stdout)["error"]["code"] == "usage.bad_value"
    assert "Traceback" not in answer.stderr
