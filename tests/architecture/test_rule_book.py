"""`jixiao rules` tells what is true: nothing counts that no scenario shows, and what is not told has a reason."""

from collections import Counter

import pytest

from tests.architecture.test_rules_and_scenarios import FILES, scenarios_of
from web.rule_book import AREAS, OPEN, WORKS, Cell, RuleBook, read_rule_book, scenarios

CELLS = 164
"""How often the documents of the five jurisdictions say something on a capability."""


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return read_rule_book()


def places(book: RuleBook) -> dict[str, Cell]:
    return {f"{each.number} {each.name} {cell.area}": cell for each in book.capabilities for cell in each.cells}


def test_the_book_sees_the_scenarios_a_parser_of_the_language_sees() -> None:
    parsed = {
        f"{told.file.removesuffix('.feature')} {told.name}": told.rules for file in FILES for told in scenarios_of(file)
    }

    assert scenarios() == parsed


def test_what_is_not_told_has_a_reason_and_what_is_told_needs_none(book: RuleBook) -> None:
    written = {line.split()[0] for line in (FILES[0].parents[1] / "untold.txt").read_text("utf-8").splitlines()}

    assert written - {"#"} == {rule.id for rule in book.rules if not rule.told}


def test_every_capability_has_a_number_and_every_cell_a_place_of_its_own(book: RuleBook) -> None:
    numbers = [each.number for each in book.capabilities]

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(places(book)) == len(book.cells()) == CELLS


def test_the_rules_of_a_cell_are_rules_of_its_area(book: RuleBook) -> None:
    known = {rule.id for rule in book.rules}
    strangers = {
        where: [rule for rule in cell.rules if rule not in known or AREAS[rule[:2]] != cell.area]
        for where, cell in places(book).items()
    }

    assert {where: rules for where, rules in strangers.items() if rules} == {}


def test_a_cell_names_scenarios_that_exist_and_show_one_of_its_rules(book: RuleBook) -> None:
    known = scenarios()
    idle = {
        where: [name for name in cell.shown_by if known.get(name, frozenset()).isdisjoint(cell.rules)]
        for where, cell in places(book).items()
    }

    assert {where: names for where, names in idle.items() if names} == {}


def test_a_cell_that_works_has_each_of_its_rules_shown(book: RuleBook) -> None:
    known = scenarios()
    shown = {where: {r for name in cell.shown_by for r in known[name]} for where, cell in places(book).items()}
    lacking = {where: set(cell.rules) - shown[where] for where, cell in places(book).items() if cell.state == WORKS}

    assert {where: rules for where, rules in lacking.items() if rules} == {}


def test_a_cell_says_what_is_missing_exactly_where_something_is(book: RuleBook) -> None:
    wrong = [where for where, cell in places(book).items() if (cell.state == WORKS) is (cell.reason is not None)]
    shown_though_open = [where for where, cell in places(book).items() if cell.state == OPEN and cell.shown_by]

    assert (wrong, shown_though_open) == ([], [])


def test_no_scenario_is_named_twice_in_a_cell(book: RuleBook) -> None:
    twice = {where: Counter(cell.shown_by).most_common(1) for where, cell in places(book).items() if cell.shown_by}

    assert [where for where, ((_, times),) in twice.items() if times > 1] == []
