"""A word of the domain gets its Chinese label in engine/words and nowhere else."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import words
from engine.words import Worded

PROJECT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[一-鿿]")
IN_ANOTHER_ROOM = re.compile(r"engine\.(?!words\b)")
VOCABULARIES = Worded.__subclasses__()

WORDS_OF_THEIR_OWN = {
    "engine/queries/stage_strip.py": "what is said of a case that was not chosen in a stage",
    "engine/submissions/forms/agency_appraisal.py": "who appraises an agency: 财政部门 or 被评价单位",
    "engine/submissions/forms/ex_ante_report.py": "who assesses: 部门自评估, 财政部门, 第三方机构",
    "engine/submissions/forms/monitoring_sheet.py": "who monitors: 部门日常监控, 财政重点监控, 第三方监控",
}
"""Lists of a form that use words of a vocabulary for something else, and what for."""


def word_of(node: ast.expr | None) -> str | None:
    """The word a key stands for: plain text, or a member named by its vocabulary."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        vocabulary = getattr(words, node.value.id, None)
        return str(getattr(vocabulary, node.attr, "")) or None if vocabulary in VOCABULARIES else None
    return None


def is_label(node: ast.expr) -> bool:
    """Whether a value is Chinese and no sentence."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return bool(CHINESE.search(text)) and "。" not in text


def entries(node: ast.AST) -> list[tuple[ast.expr | None, ast.expr]]:
    """What is written as key and value: a dict, a list of pairs, or the keywords of a call."""
    match node:
        case ast.Dict():
            return list(zip(node.keys, node.values, strict=True))
        case ast.Tuple() | ast.List() | ast.Set():
            pairs = [part.elts for part in node.elts if isinstance(part, ast.Tuple) and len(part.elts) == 2]
            return [(first, second) for first, second in pairs]
        case ast.Call():
            return [(ast.Constant(keyword.arg), keyword.value) for keyword in node.keywords if keyword.arg]
    return []


def spelled_again(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and vocabulary of everything that gives two or more words of one vocabulary their labels."""
    for node in ast.walk(tree):
        found = entries(node)
        labelled = {word_of(key) for key, value in found if is_label(value)} - {None}
        if len(labelled) < 2 or len(labelled) < len(found):
            continue
        for vocabulary in VOCABULARIES:
            if labelled <= set(vocabulary):
                yield getattr(node, "lineno", 0), vocabulary.__name__


def taken_elsewhere(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every word that is imported from where it is only used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and IN_ANOTHER_ROOM.match(node.module or ""):
            room = importlib.import_module(str(node.module))
            for name in node.names:
                if (word := getattr(words, name.name, None)) is not None and getattr(room, name.name, None) is word:
                    yield node.lineno, name.name


@pytest.fixture(scope="module")
def spellings() -> dict[str, list[tuple[int, str]]]:
    """File → the lines that label a vocabulary again."""
    paths = [path for folder in ("engine", "web", "webhooks") for path in sorted((PROJECT / folder).rglob("*.py"))]
    rooms = [path for path in paths if path.parent != PROJECT / "engine" / "words"]
    found = {
        path.relative_to(PROJECT).as_posix(): list(spelled_again(ast.parse(path.read_text("utf-8")))) for path in rooms
    }
    return {name: lines for name, lines in found.items() if lines}


def test_no_room_gives_the_words_of_a_vocabulary_their_labels_again(
    spellings: dict[str, list[tuple[int, str]]],
) -> None:
    assert set(spellings) - {*WORDS_OF_THEIR_OWN} == set()


def test_every_exception_is_still_one(spellings: dict[str, list[tuple[int, str]]]) -> None:
    told = {name: {vocabulary for _, vocabulary in lines} for name, lines in spellings.items()}

    assert [name for name in WORDS_OF_THEIR_OWN if name not in told] == []


@pytest.mark.parametrize("folder", ["engine", "web", "webhooks", "bench", "tests"])
def test_a_word_is_imported_from_the_words(folder: str) -> None:
    found = {
        f"{path.relative_to(PROJECT)}:{line} {name}"
        for path in sorted((PROJECT / folder).rglob("*.py"))
        for line, name in taken_elsewhere(ast.parse(path.read_text("utf-8")))
    }

    assert found == set()


@pytest.mark.parametrize(
    "written",
    [
        '{"open": "待办", "completed": "办完"}',
        '{TaskState.OPEN: "待办", TaskState.COMPLETED: "办完"}',
        '(("open", "待办"), ("completed", "办完"))',
        'dict(open="待办", completed="办完")',
    ],
)
def test_a_second_spelling_is_found_however_it_is_written(written: str) -> None:
    assert "TaskState" in {vocabulary for _, vocabulary in spelled_again(ast.parse(written))}


@pytest.mark.parametrize(
    "written",
    [
        '{"open": "待办"}',
        '{"open": "还没有办。", "completed": "已经办结。"}',
        '{"open": "待办", "closed_for_good": "封存"}',
        '{"open": 1, "completed": 2}',
    ],
)
def test_what_is_no_second_spelling_is_left_alone(written: str) -> None:
    assert list(spelled_again(ast.parse(written))) == []
