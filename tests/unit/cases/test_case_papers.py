"""Which version of each form counts: read from what the case row keeps, changed, and kept again as it was."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy.dialects import postgresql

from engine.cases import CasePaper, CasePapers, OpenAdjustment
from engine.cases.papers import Papers

ONE, TWO = UUID(int=1), UUID(int=2)
DIALECT = postgresql.dialect()

ROW = {
    "F02": {"id": ONE.hex, "v": 2, "by": [4, 7]},
    "F11#3": {"id": TWO.hex, "v": 1, "by": [4]},
    "target": {"id": ONE.hex, "v": 2, "form": "F02"},
    "adjustment": {"amount_wan": "120.50", "from_wan": "100.000000"},
    "rounds": ["review_for_library", "review_jointly"],
    "progress": {"execution_rate": "0.35", "time_progress": "0.58"},
}
"""A case row with everything it can hold."""


def read(row: dict[str, Any]) -> CasePapers:
    """What somebody gets who asks the case."""
    papers = Papers().process_result_value(row, DIALECT)
    assert papers is not None
    return papers


def kept(papers: CasePapers) -> str:
    """The text the database gets."""
    return json.dumps(Papers().process_bind_param(papers, DIALECT), sort_keys=True)


versions = some.fixed_dictionaries(
    {
        "id": some.uuids().map(lambda number: number.hex),
        "v": some.integers(1, 99),
        "by": some.lists(some.integers(1, 99), unique=True).map(sorted),
    }
)
amounts = some.decimals(0, 10**12, places=6).map(str)
rows = some.fixed_dictionaries(
    {},
    optional={
        "F02": versions,
        "F09": versions,
        "F11#3": versions,
        "target": some.fixed_dictionaries(
            {"id": some.just(ONE.hex), "v": some.integers(1, 99), "form": some.sampled_from(("F02", "F04"))}
        ),
        "adjustment": some.fixed_dictionaries({"amount_wan": amounts, "from_wan": amounts}),
        "rounds": some.lists(some.sampled_from(("review_for_library", "review_jointly")), min_size=1, unique=True),
        "progress": some.dictionaries(some.sampled_from(("execution_rate", "time_progress")), amounts),
    },
)


@given(rows)
def test_what_was_kept_is_kept_again_to_the_letter(row: dict[str, Any]) -> None:
    papers = read(row)

    assert kept(papers) == json.dumps(row, sort_keys=True)


def test_a_case_begins_without_papers() -> None:
    papers = CasePapers()

    assert kept(papers) == "{}"
    assert (papers.of("F02"), papers.target, papers.version_of("F02", None)) == (None, None, 0)


def test_a_row_tells_every_paper_and_what_they_led_to() -> None:
    papers = read(ROW)

    assert papers.of("F02") == CasePaper("F02", ONE, 2, frozenset({4, 7}))
    assert papers.target == CasePaper("F02", ONE, 2)
    assert papers.adjustment == OpenAdjustment(Decimal("120.50"), Decimal(100))
    assert papers.rounds == ("review_for_library", "review_jointly")


@pytest.mark.parametrize(("form", "item", "version"), [("F11", "3", TWO), ("F02", "3", ONE), ("F02", None, ONE)])
def test_a_step_looks_at_the_paper_of_its_item_and_else_at_the_one_of_the_case(
    form: str, item: str | None, version: UUID
) -> None:
    papers = read(ROW)

    assert (found := papers.before(form, item)) is not None
    assert found.id == version


def test_a_paper_of_one_item_is_none_of_another_nor_of_the_case() -> None:
    papers = read(ROW)

    assert papers.before("F11", "4") is None
    assert papers.of("F11") is None


def test_whoever_signs_a_paper_is_named_with_it_once() -> None:
    papers = read(ROW)
    paper = papers.latest["F11", "3"]

    signed = papers.signed(paper, "3", {9, 4})

    assert signed.latest["F11", "3"].by == {4, 9}
    assert paper.by == {4}


def test_a_new_version_leaves_the_one_in_force_alone() -> None:
    papers = read(ROW).with_paper(CasePaper("F02", TWO, 3, frozenset({4})), None)

    assert papers.version_of("F02", None) == 3
    assert papers.target == CasePaper("F02", ONE, 2)
    assert papers.with_target(papers.latest["F02", None]).target == CasePaper("F02", TWO, 3)


def test_a_passed_round_is_counted_once_and_a_return_begins_them_anew() -> None:
    papers = CasePapers().with_round("review_jointly").with_round("review_for_library").with_round("review_jointly")

    assert papers.rounds == ("review_for_library", "review_jointly")
    assert kept(papers.without_rounds()) == "{}"
