"""Nothing is imported in a circle, not for types alone and not inside a function either."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("engine", "web", "webhooks", "tests", "bench")
Graph = Mapping[str, set[str]]


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module by its dotted name, parsed."""
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), ast.parse(path.read_text("utf-8"))


def graph_of(modules: Mapping[str, ast.Module]) -> Graph:
    """Who imports whom among these modules, wherever in the file the import stands."""
    return {name: set(_imported(tree, modules)) - {name} for name, tree in modules.items()}


def _imported(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name in known)
            case ast.ImportFrom(module=str(module), names=names) if module in known:
                members = [f"{module}.{name.name}" for name in names]
                yield from (member if member in known else module for member in members)


def circle_in(graph: Graph) -> str | None:
    """One circle, told from importer to imported and back; None where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return " → ".join(reversed(found.args[1]))
    return None


def test_no_module_comes_back_to_itself_by_its_imports() -> None:
    assert circle_in(graph_of(dict(sources(*OURS)))) is None


@pytest.mark.parametrize(
    "import_",
    [
        "from room import a",
        "import room.a",
        "from room.a import thing",
        "if TYPE_CHECKING:\n    from room.a import thing",
        "def later():\n    from room.a import thing",
    ],
)
def test_a_circle_is_found_wherever_its_import_stands(import_: str) -> None:
    room = {"room": ast.parse(""), "room.a": ast.parse("from room import b"), "room.b": ast.parse(import_)}

    assert circle_in(graph_of(room)) in ("room.a → room.b → room.a", "room.b → room.a → room.b")
