"""Computed cells of a form that is taken up again: as they now come out, whatever stood there before."""

from engine.submissions.forms import FORMS, refigured
from tests.factories_forms import context_for, valid_content


def test_a_figure_of_the_version_before_does_not_outlive_what_it_was_computed_from() -> None:
    context = context_for("F06")
    content = valid_content("F06", total_score="1", **{"funds.execution_rate": "1"})

    anew = refigured(FORMS["F06"], content, context)

    assert (anew["total_score"], anew["funds"]["execution_rate"]) == ("92.66", "85.00")


def test_what_was_typed_stays_as_it_was_typed() -> None:
    context = context_for("F06")
    content = valid_content("F06", **{"indicators[y1].reason": "  两个空格  "})

    anew = refigured(FORMS["F06"], content, context)

    assert anew["indicators"] == content["indicators"]


def test_what_cannot_be_read_yet_has_no_figures() -> None:
    context = context_for("F06")
    content = valid_content("F06", total_score="92.66", **{"indicators[y1].score": "很多"})

    anew = refigured(FORMS["F06"], content, context)

    assert "total_score" not in anew
    assert anew["indicators"] == content["indicators"]
