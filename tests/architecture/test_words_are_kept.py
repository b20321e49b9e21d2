"""The words the parts share: error codes, events, operations, commands. Each is said once, kept, and really used."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import engine
import web
import webhooks
from engine.audit import EVENTS
from engine.errors import DefinitionError, EngineError, InvalidInput, NotAllowed, NotFound, Unavailable, WrongState
from engine.moves.effects import EFFECTS
from engine.stages.library import OPERATIONS

PROJECT = Path(__file__).resolve().parents[2]
FAMILIES = {EngineError, NotFound, NotAllowed, InvalidInput, WrongState, Unavailable, DefinitionError}
CHINESE = re.compile(r"[一-鿿]")


def modules() -> Iterator[ModuleType]:
    for package in (engine, web, webhooks):
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                yield importlib.import_module(found.name)


@pytest.fixture(scope="module")
def errors() -> list[type[EngineError]]:
    """Every refusal of the tree."""
    assert list(modules())
    found, todo = set(), [EngineError]
    while todo:
        inheritors = [error for error in todo.pop().__subclasses__() if error.__module__.split(".")[0] in OURS]
        found.update(inheritors)
        todo += inheritors
    return sorted(found - FAMILIES, key=lambda error: error.code)


OURS = ("engine", "web", "webhooks")


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_error_code_belongs_to_one_error(errors: list[type[EngineError]]) -> None:
    own = {error: vars(error).get("code") for error in errors}

    assert [error.__qualname__ for error, code in own.items() if code is None] == []
    assert [code for code, times in Counter(own.values()).items() if times > 1] == []


def test_every_error_code_says_where_it_comes_from(errors: list[type[EngineError]]) -> None:
    assert [error.code for error in errors if not re.fullmatch(r"[a-z_]+\.[a-z_]+", error.code)] == []


def test_every_error_belongs_to_a_family_a_door_can_answer(errors: list[type[EngineError]]) -> None:
    assert [error for error in errors if not issubclass(error, tuple(FAMILIES - {EngineError}))] == []


def test_every_error_says_what_it_refuses(errors: list[type[EngineError]]) -> None:
    assert [error.__qualname__ for error in errors if not error.__doc__] == []


def _messages(errors: list[type[EngineError]]) -> Iterator[tuple[str, str]]:
    """Where something is raised, and its sentence with the values left out."""
    names = {error.__name__ for error in errors} | {family.__name__ for family in FAMILIES}
    for path, tree in sources(*OURS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                name, said = node.exc.func, node.exc.args[0]
                if isinstance(name, ast.Name) and name.id in names and isinstance(said, ast.Constant | ast.JoinedStr):
                    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
                    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
                    yield f"{path.relative_to(PROJECT)}:{node.lineno}", text


def test_every_refusal_is_a_chinese_sentence(errors: list[type[EngineError]]) -> None:
    messages = dict(_messages(errors))

    assert len(messages) > 100
    assert [f"{at} {text}" for at, text in messages.items() if not CHINESE.search(text)] == []
    assert [f"{at} {text}" for at, text in messages.items() if not text.endswith(("。", "？", "…", "）"))] == []


AT_A_DESK = (
    "engine/commands",
    "engine/moves",
    "engine/tasks",
    "engine/cases",
    "engine/directory",
    "engine/accounts",
    "engine/reviews",
    "engine/store",
    "web",
)
"""What a person at a step or an operator meets; arithmetic and definitions speak to whoever wrote the table."""
REMEDY = re.compile(r"请|可选|只能|应|需要|须|再|另|不必|…$")


def test_every_refusal_of_a_command_says_what_to_do_now(errors: list[type[EngineError]]) -> None:
    at_a_desk = [(at, text) for at, text in _messages(errors) if at.startswith(AT_A_DESK)]

    assert len(at_a_desk) > 50
    assert [f"{at} {text}" for at, text in at_a_desk if not REMEDY.search(text)] == []


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


NOT_RECORDED_YET: set[str] = set()
"""Promised to readers; whoever builds the part that records one takes it out of here."""


def _recorded() -> set[str]:
    """The classes of events some part of the engine makes."""
    made = set()
    for path, tree in sources("engine"):
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine.audit.events.")
            for alias in node.names
        }
        if "audit" not in path.relative_to(PROJECT).parts:
            made |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in imported}
    return made


def test_every_event_is_recorded_somewhere() -> None:
    made = _recorded()

    assert {name for name, kind in EVENTS.items() if kind.__name__ not in made} == NOT_RECORDED_YET


def test_everything_recorded_is_a_known_event() -> None:
    recorded = {name for name in _recorded() if name[0].isupper() and not name.isupper()}

    assert len(recorded) > 30
    assert sorted(recorded - {kind.__name__ for kind in EVENTS.values()}) == []


# ── operations ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_operation_has_an_effect_and_occurs_in_a_diagram() -> None:
    drawn = "".join(path.read_text("utf-8") for path in (PROJECT / "bpmn" / "lifecycle").glob("*.bpmn"))
    operators = set(re.findall(r'serviceTaskOperator id="([^"]+)"', drawn))

    assert set(EFFECTS) == set(OPERATIONS) == operators


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────

COMMANDS = {path: tree for path, tree in sources("engine/commands") if ast.get_docstring(tree)}


def test_every_command_file_says_what_it_is() -> None:
    silent = [path.name for path, tree in sources("engine/commands") if path not in COMMANDS]

    assert silent == []


def _done_by_somebody(tree: ast.Module) -> set[str]:
    """The public functions of a file that somebody does."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "by" in {argument.arg for argument in node.args.kwonlyargs}
    }


def test_every_command_file_has_a_test_that_names_its_command() -> None:
    commands = {path.name: done for path, tree in COMMANDS.items() if (done := _done_by_somebody(tree))}
    named = {node.id for _, tree in sources("tests") for node in ast.walk(tree) if isinstance(node, ast.Name)}

    assert len(commands) > 20
    assert [file for file, done in commands.items() if done.isdisjoint(named)] == []


def test_every_command_has_a_sentence() -> None:
    silent = [
        f"{path.name}: {node.name}"
        for path, tree in COMMANDS.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []
