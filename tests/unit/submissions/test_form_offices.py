"""Whose a cell is: every cell of another office is recorded in a step of the diagrams, or filled in by its own."""

from collections.abc import Iterator

import pytest

from engine.process import Element
from engine.stages import Library
from engine.submissions.forms import FORMS, check
from engine.submissions.forms.layout import Cell, Group, layout
from engine.submissions.forms.offices import without_stops_of_others
from engine.words import LANES, UnitKind
from tests.factories_forms import context_for, valid_content


def cells_of_offices(group: Group) -> Iterator[Cell]:
    for cell in group.cells:
        if cell.field.metadata["office"] is not None:
            yield cell
        if cell.inside is not None:
            yield from cells_of_offices(cell.inside)


MARKED = [(code, cell) for code, form in FORMS.items() for cell in cells_of_offices(layout(form.schema))]


@pytest.fixture(scope="module")
def steps(library: Library) -> list[Element]:
    """Every step of the diagrams that people take."""
    diagrams = library.diagrams
    return [each for process in diagrams.process_ids for each in diagrams.elements(process) if each.kind == "userTask"]


@pytest.mark.parametrize(("code", "cell"), MARKED, ids=lambda part: getattr(part, "name", part))
def test_its_office_has_a_step_where_it_is_recorded_or_filled_in(code: str, cell: Cell, steps: list[Element]) -> None:
    about = cell.field.metadata
    its_own = [step for step in steps if LANES[step.lane].fills_in_for == about["office"]]

    recorded = [step.name for step in its_own if step.name == about["recorded_in"]]
    filled_in = [step.name for step in its_own if code in step.step.forms.values()]

    assert bool(recorded) == bool(about["recorded_in"])
    assert bool(filled_in) != bool(recorded)


@pytest.mark.parametrize("code", sorted({code for code, _ in MARKED}))
def test_the_checks_do_not_ask_for_it(code: str) -> None:
    form, content = FORMS[code], valid_content(code)
    for table in [content, *content.get("items", ())]:
        for cell in [cell for marked, cell in MARKED if marked == code]:
            table.pop(cell.name, None)
    content.pop("objection", None)

    stops = [finding.field for finding in check(form, content, context_for(code)) if finding.stops]

    assert stops == []


def test_what_is_wrong_in_it_is_left_out_for_who_could_not_set_it_right() -> None:
    form, context = FORMS["F11"], context_for("F11")
    content = valid_content("F11", **{"items[q1].verified_by": "示例经办人", "items[q1].done": None})
    findings = check(form, content, context)

    left = without_stops_of_others(form, content, findings, UnitKind.UNIT)

    assert left is not None
    assert {finding.field for finding in check(form, left, context) if finding.stops} == {"items[q1].done"}
    assert left["items"][0]["verified_on"] == "2022-12-05"
    assert without_stops_of_others(form, content, findings, UnitKind.FINANCE) is None
    assert without_stops_of_others(form, left, check(form, left, context), UnitKind.UNIT) is None
