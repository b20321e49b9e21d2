"""One file touches what SpiffWorkflow keeps to itself, so that a new release is tried on in one place."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import SpiffWorkflow

from engine.process import spiff

ROOM = Path(spiff.__file__).parent
TOUCHING = ROOM / "private.py"
OTHERS = sorted(file for file in ROOM.rglob("*.py") if file != TOUCHING)
PRIVATE = re.compile(r"_[^_]\w*")


def written_in(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def made_in(tree: ast.Module) -> set[str]:
    """The private names a file gives its own things: methods, and what it sets on `self`."""
    methods = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return methods | {node.attr for node in attributes(tree) if isinstance(node.ctx, ast.Store) and is_own(node)}


def attributes(tree: ast.Module) -> Iterator[ast.Attribute]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and PRIVATE.fullmatch(node.attr))


def is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def imported(tree: ast.Module) -> Iterator[str]:
    """Private names taken from another module."""
    taken = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return (alias.name for node in taken for alias in node.names if PRIVATE.fullmatch(alias.name))


def spelt_out(tree: ast.Module) -> Iterator[str]:
    """Private names handed to `getattr` and the like."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return (text for text in texts if isinstance(text, str) and PRIVATE.fullmatch(text))


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.stem)
def test_only_one_file_of_the_room_touches_private_names(file: Path) -> None:
    tree = written_in(file)
    own = made_in(tree)

    foreign = [f"{node.lineno}: {node.attr}" for node in attributes(tree) if not (is_own(node) and node.attr in own)]

    assert [*foreign, *imported(tree), *spelt_out(tree)] == []


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.stem)
def test_only_that_file_replaces_private_methods_of_the_library(file: Path) -> None:
    place = "" if file.stem == "__init__" else f".{file.stem}"
    module = importlib.import_module(f"{spiff.__name__}{place}")
    classes = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]

    replaced = [
        f"{kind.__name__}.{name}"
        for kind in classes
        for base in kind.__mro__
        if base.__module__.startswith("SpiffWorkflow.")
        for name in vars(kind).keys() & vars(base).keys()
        if PRIVATE.fullmatch(name)
    ]

    assert replaced == []


def test_the_library_still_has_every_private_name_that_is_touched() -> None:
    tree = written_in(TOUCHING)
    methods = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    touched = (
        {node.attr for node in attributes(tree)} | {*imported(tree)} | {m for m in methods if PRIVATE.fullmatch(m)}
    )

    sources = "".join(file.read_text(encoding="utf-8") for file in Path(SpiffWorkflow.__file__).parent.rglob("*.py"))
    known = set(re.findall(r"\b_\w+", sources))

    assert touched
    assert touched - known == set()
