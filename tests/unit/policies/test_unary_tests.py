"""What a cell may say, what it then means, and everything it may not say."""

from decimal import Decimal

import pytest

from engine.policies.kinds import Kind
from engine.policies.sfeel import BadCell, compile_cell

OTHERS = frozenset({"time_progress"})


def says(text, kind, value, **others):
    cell = compile_cell(text, kind, OTHERS)
    return cell.matches is None or cell.matches(value, others)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("200", ["200", "200.00"], ["199.99", "200.01"]),
        ("-5", ["-5"], ["5"]),
        (">= 200", ["200", "201"], ["199.99999"]),
        ("> 200", ["200.00001"], ["200"]),
        ("<= 200", ["200"], ["200.00001"]),
        ("< 200", ["199.99999"], ["200"]),
        ("[80..90)", ["80", "89.99"], ["79.99", "90"]),
        ("[80..90[", ["80", "89.99"], ["79.99", "90"]),
        ("[80..90]", ["80", "90"], ["79.99", "90.01"]),
        ("]80..90]", ["80.01", "90"], ["80", "90.01"]),
        ("(80..90)", ["80.01"], ["80", "90"]),
        ("[.5..1.5]", ["0.5", "1.5"], ["0.49"]),
        ("1, 3, [5..7]", ["1", "3", "6"], ["2", "4", "8"]),
        ("not([80..90))", ["79.99", "90"], ["80"]),
        ("not(1,2)", ["3"], ["1", "2"]),
    ],
)
def test_numbers_lie_on_the_side_of_the_border_the_cell_says(text, inside, outside):
    assert all(says(text, Kind.NUMBER, Decimal(value)) for value in inside)
    assert not any(says(text, Kind.NUMBER, Decimal(value)) for value in outside)


def test_a_number_compares_with_another_input_of_the_same_row():
    assert says("< time_progress", Kind.NUMBER, Decimal("0.49"), time_progress=Decimal("0.5"))
    assert not says("< time_progress", Kind.NUMBER, Decimal("0.5"), time_progress=Decimal("0.5"))
    assert says("[0.25..time_progress)", Kind.NUMBER, Decimal("0.25"), time_progress=Decimal("0.5"))


def test_words_are_one_of_some_or_none_of_some():
    assert says('"new","expiring"', Kind.WORD, "expiring")
    assert not says('"new","expiring"', Kind.WORD, "continuing")
    assert says('not("new")', Kind.WORD, "continuing")
    assert not says('not("new")', Kind.WORD, "new")


def test_a_word_in_a_list_column_asks_whether_the_list_has_it():
    assert says('"成本","产出"', Kind.WORDS, ("产出", "社会效益"))
    assert not says('"成本"', Kind.WORDS, ())
    assert says('not("成本","产出")', Kind.WORDS, ("社会效益",))
    assert not says('not("成本","产出")', Kind.WORDS, ("社会效益", "产出"))


def test_truth_values_match_only_themselves():
    assert says("true", Kind.BOOLEAN, True)
    assert not says("true", Kind.BOOLEAN, False)
    assert says("not(true)", Kind.BOOLEAN, False)


@pytest.mark.parametrize("text", ["-", "", "  ", " - "])
def test_a_dash_or_nothing_matches_everything_even_the_unknown(text):
    assert says(text, Kind.NUMBER, None)


@pytest.mark.parametrize("text", ["200", "< 200", ">= 0", "[0..9]", "not(200)", "< time_progress", "not([0..9])"])
def test_the_unknown_matches_no_number(text):
    assert not says(text, Kind.NUMBER, None, time_progress=None)
    assert not says("< time_progress", Kind.NUMBER, Decimal(1), time_progress=None)


def test_the_unknown_is_asked_for_with_null():
    assert says("null", Kind.NUMBER, None)
    assert says('null,"new"', Kind.WORD, "new")
    assert not says("not(null)", Kind.WORD, None)
    assert says("not(null)", Kind.WORD, "new")
    assert says("not(null)", Kind.WORDS, ())
    assert not says('"成本"', Kind.WORDS, None)
    assert not says('not("成本")', Kind.WORDS, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("＞＝200", Kind.NUMBER),
        ("[80，90)", Kind.NUMBER),
        ("80-90", Kind.NUMBER),
        ("≥200", Kind.NUMBER),
        ("200万元", Kind.NUMBER),
        ("1,000.5.2", Kind.NUMBER),
        ("1e3", Kind.NUMBER),
        ("[80..90", Kind.NUMBER),
        ("80..90]", Kind.NUMBER),
        ("[..90]", Kind.NUMBER),
        (">=", Kind.NUMBER),
        ("> > 1", Kind.NUMBER),
        ("1,", Kind.NUMBER),
        (",1", Kind.NUMBER),
        ("1 2", Kind.NUMBER),
        ('"200"', Kind.NUMBER),
        ("amount_wan", Kind.NUMBER),
        ("? > 3", Kind.NUMBER),
        ("3 <= ? <= 6", Kind.NUMBER),
        ("new", Kind.WORD),
        ("'new'", Kind.WORD),
        ("“new”", Kind.WORD),
        ('"new" "old"', Kind.WORD),
        ('"new', Kind.WORD),
        ('> "a"', Kind.WORD),
        ("200", Kind.WORD),
        ('not("new"', Kind.WORD),
        ('not not("new")', Kind.WORD),
        ('"a",not("b")', Kind.WORD),
        ("not(-)", Kind.WORD),
        ("not()", Kind.WORD),
        ("True", Kind.BOOLEAN),
        ('"true"', Kind.BOOLEAN),
        ("1", Kind.BOOLEAN),
        ('__import__("os").system("id")', Kind.WORD),
        ("().__class__", Kind.NUMBER),
        ('date("2021-01-01")', Kind.NUMBER),
        ("if true then 1 else 2", Kind.NUMBER),
        ("[" * 300, Kind.NUMBER),
        ("1," * 300 + "1", Kind.NUMBER),
        ("9" * 401, Kind.NUMBER),
    ],
)
def test_anything_else_is_refused_with_a_remedy(text, kind):
    with pytest.raises(BadCell) as refused:
        compile_cell(text, kind, OTHERS)

    assert refused.value.message
    assert refused.value.remedy


def test_full_width_signs_are_shown_as_they_should_be_written():
    with pytest.raises(BadCell) as refused:
        compile_cell("＞＝200", Kind.NUMBER)

    assert ">=200" in refused.value.remedy
