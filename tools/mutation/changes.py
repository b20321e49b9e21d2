"""Every small change that can be made to a file: each one alone should make some test fail.

Left alone are annotations, decorators, `assert`, texts, the columns of tables (migrations lay them down) and imports.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from tools.mutation.alternatives import COLUMNS, Alternative, alternatives

LONGEST = 90
"""Characters of code shown in a report."""

LEFT_ALONE: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: ("decorator_list", "returns"),
    ast.AsyncFunctionDef: ("decorator_list", "returns"),
    ast.ClassDef: ("decorator_list", "bases", "keywords"),
    ast.arg: ("annotation",),
    ast.AnnAssign: ("annotation", "target"),
    ast.ExceptHandler: ("type",),
}
"""Node → fields not looked into."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: bytes `start` to `end` of the file give way to `after`.

    `function` is the dotted name of what it stands in, "" at the level of the module; `digest` is that function's text,
    in short. `names` are bound by the statement where it stands outside of functions. `id` outlives changes elsewhere
    in the file.
    """

    id: str
    file: str
    line: int
    kind: str
    function: str
    before: str
    after: str
    start: int
    end: int
    statement: tuple[int, int]
    names: tuple[str, ...]
    digest: str

    def made_in(self, source: bytes) -> bytes:
        """The file with the change made."""
        assert source[self.start : self.end] == self.before.encode(), f"{self.file} is not the file that was read"
        return source[: self.start] + self.after.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.kind}: {_short(self.before)} → {_short(self.after)}"


@dataclass(frozen=True, slots=True)
class _Place:
    function: str = ""
    node: ast.AST | None = None
    statement: ast.stmt | None = None
    parents: tuple[ast.AST, ...] = ()


def changes_in(file: str, source: bytes) -> list[Change]:
    """All changes of a file, in the order of its lines."""
    starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for place, node, alternative in _walk(ast.parse(source), _Place()):
        change = _change(file, source, starts, place, node, alternative)
        key = (file, change.function, change.kind, change.before, change.after)
        seen[key] += 1
        name = hashlib.sha256("\n".join((*key, str(seen[key]))).encode()).hexdigest()[:8]
        found.append(replace(change, id=name))
    return sorted(found, key=lambda change: (change.line, change.start, change.kind, change.after))


def _walk(node: ast.AST, place: _Place) -> Iterator[tuple[_Place, ast.AST, Alternative]]:
    if _is_left_alone(node):
        return
    if isinstance(node, ast.stmt):
        place = replace(place, statement=node)
    for alternative in alternatives(node, place.parents):
        yield place, node, alternative
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        inside = f"{place.function}.{node.name}".lstrip(".") if not _in_function(place) else place.function
        place = replace(place, function=inside, node=node if not _in_function(place) else place.node)
    below = replace(place, parents=(*place.parents, node))
    for field, value in ast.iter_fields(node):
        if field in LEFT_ALONE.get(type(node), ()):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, below)


def _in_function(place: _Place) -> bool:
    return isinstance(place.node, ast.FunctionDef | ast.AsyncFunctionDef)


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True  # of zip: what is zipped has been counted before
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign) and any(ast.unparse(target).startswith("__") for target in node.targets):
        return True
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple | ast.List):
        return True  # a type: Mapping[str, Any]
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in COLUMNS


def _change(
    file: str, source: bytes, starts: list[int], place: _Place, node: ast.AST, alternative: Alternative
) -> Change:
    target = alternative.node or node
    start = starts[target.lineno - 1] + target.col_offset
    end = starts[target.end_lineno - 1] + target.end_col_offset
    statement = place.statement
    assert statement is not None
    whole = place.node if _in_function(place) else statement
    text = ast.get_source_segment(source.decode(), whole) or ""
    return Change(
        id="",
        file=file,
        line=target.lineno,
        kind=alternative.kind,
        function=place.function,
        before=source[start:end].decode(),
        after=alternative.text,
        start=start,
        end=end,
        statement=(statement.lineno, _last_line_of_its_own(statement)),
        names=() if _in_function(place) else _bound(statement),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def _last_line_of_its_own(statement: ast.stmt) -> int:
    """The last line before the statements inside of it begin."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        return max(statement.lineno, body[0].lineno - 1)
    return statement.end_lineno or statement.lineno


def _bound(statement: ast.stmt) -> tuple[str, ...]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    inside = [node for target in targets if target is not None for node in ast.walk(target)]
    return tuple(node.id for node in inside if isinstance(node, ast.Name))


def _short(code: str) -> str:
    plain = " ".join(code.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
