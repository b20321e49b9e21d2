"""A page that shows a refusal keeps its transaction: what the command had written before must be gone by then."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import web

PAGES = sorted((Path(web.__file__).parent / "pages").rglob("*.py"))


def _commands(tree: ast.Module) -> set[str]:
    """Names a page has from the commands."""
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine.commands")
        for name in node.names
    }


def _bare_calls(body: list[ast.stmt], commands: set[str]) -> Iterator[str]:
    """Commands called on the page's own transaction outside a savepoint."""
    for statement in body:
        if isinstance(statement, ast.With) and "begin_nested" in ast.unparse(statement.items[0].context_expr):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.args[0]) == "visit.session":
                name = ast.unparse(node.func).partition(".")[0]
                if name in commands:
                    yield f"{name} in line {node.lineno}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_command_whose_refusal_the_page_shows_is_tried_in_a_savepoint(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    commands = _commands(tree)

    bare = [call for node in ast.walk(tree) if isinstance(node, ast.Try) for call in _bare_calls(node.body, commands)]

    assert bare == []
