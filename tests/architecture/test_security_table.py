"""docs/security.md names a test for what it claims: each of them is there, and a claim without one says so."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TABLE = (PROJECT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS = [line for line in TABLE.splitlines() if line.count("|") == 5 and not line.startswith(("| ---", "| 要求"))]


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests of a file; none where there is no such file."""
    path = PROJECT / file
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(TABLE)

    assert len(named) > 60
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[:30])
def test_what_no_test_proves_is_said_not_to_be_met(row: str) -> None:
    assert NAMED.search(row) or "**未满足**" in row


@pytest.mark.parametrize("number", ["2.3.5", "7.5.3", "8.3.2"])
def test_the_three_of_the_third_level_are_in_the_table(number: str) -> None:
    assert [row for row in ROWS if number in row.split("|")[1]] != []
