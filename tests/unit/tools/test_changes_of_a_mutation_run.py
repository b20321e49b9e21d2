"""What a mutation run changes in a file, and what it leaves alone."""

import ast
from textwrap import dedent

import pytest

from tools.mutation.changes import Change, changes_in

HEAD = "from engine.tasks import Task\n\n\n"


def changes(code: str) -> list[Change]:
    return changes_in("engine/some.py", dedent(code).encode())


def told(code: str) -> list[str]:
    return [str(change) for change in changes(code)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "if a <= b: go = 1",
            {"condition: a <= b → True", "condition: a <= b → False", "comparison: a <= b → (a < b)"},
        ),
        ("x = a and not b", {"and/or: a and not b → (a or not b)", "condition dropped: a and not b → a"}),
        ("x = not b", {"not dropped: not b → b"}),
        ("x = year + 1", {"arithmetic: year + 1 → (year - 1)", "constant: 1 → (2)", "constant: 1 → (0)"}),
        ("x = Decimal('0.85')", {"constant: '0.85' → '0.86'", "constant: '0.85' → '0.84'"}),
        ("case.must_be_active()", {"statement dropped: case.must_be_active() → pass"}),
        ("move.forms['rounds'] = rounds", {"statement dropped: move.forms['rounds'] = rounds → pass"}),
        (
            "x = state in (A.B, A.C)",
            {"element dropped: (A.B, A.C) → ((A.C,))", "element dropped: (A.B, A.C) → ((A.B,))"},
        ),
        ("x = {'a': 1, 'b': b}", {"entry dropped: {'a': 1, 'b': b} → {'b': b}"}),
        ("x = [a for a in all_ if a.open]", {"filter dropped: a.open → True"}),
        ("x = select(t).where(t.a == 1)", {"criterion dropped: select(t).where(t.a == 1) → select(t)"}),
        ("def f() -> bool:\n    return g()", {"result: g() → True", "result: g() → False"}),
        ("def f() -> str:\n    return g()", {"result: g() → None"}),
    ],
)
def test_every_small_mistake_is_made(code: str, expected: set[str]) -> None:
    assert expected <= set(told(code))


@pytest.mark.parametrize(
    "code",
    [
        "def f(a: Annotated[int, 1]) -> Literal[1, 2]: ...",
        "@cached(size=1)\ndef f(): ...",
        "assert a < b",
        "x = f'{a:3}'",
        "from a import b, c",
        "__all__ = ['a', 'b']",
        "amount: Mapped[Decimal] = mapped_column(Numeric(18, 6), index=True)",
        "Ask = Callable[[str, int], bool]",
        "x = zip(a, b, strict=True)",
        "if TYPE_CHECKING:\n    x = 1",
    ],
)
def test_texts_types_and_tables_are_left_alone(code: str) -> None:
    assert told(code) == []


CODE = """
    WORDS = ("一", "二")

    def cut(self, score: int) -> bool:
        if score < 60 and self.is_open:   # 不足六十分
            return {"调减": True, "撤销": False}[self.word]
        return False
"""


def test_a_change_stands_where_it_says_and_the_file_can_still_be_read() -> None:
    source = dedent(CODE).encode()

    found = changes(CODE)

    assert len(found) > 10
    for change in found:
        assert source[change.start : change.end].decode() == change.before
        assert ast.dump(ast.parse(change.made_in(source))) != ast.dump(ast.parse(source))


def test_a_change_keeps_its_id_and_its_digest_when_only_other_lines_change() -> None:
    before, after = changes(CODE), changes(HEAD + dedent(CODE))

    assert [(change.id, change.digest) for change in before] == [(change.id, change.digest) for change in after]
    assert len({change.id for change in before}) == len(before)


def test_a_change_of_a_function_gives_its_changes_another_digest_and_the_rest_none() -> None:
    before = {change.digest for change in changes(CODE) if change.function == ""}
    after = changes(CODE.replace("60", "70"))

    assert {change.digest for change in after if change.function == ""} == before
    assert {change.digest for change in after if change.function} != {
        change.digest for change in changes(CODE) if change.function
    }


def test_what_stands_outside_of_functions_names_what_it_binds() -> None:
    [words, *_] = changes(CODE)

    assert (words.function, words.names) == ("", ("WORDS",))
