"""Whatever is handed in, a form either reads and checks it or refuses it with InvalidInput."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.submissions.forms import FORMS, check, diff, facts, fingerprints, load, read_value, settle
from tests.factories_forms import context_for, default, stated, valid_content

BOUNDED = settings(max_examples=40, deadline=None, database=None, derandomize=True)
ANSWERS = {
    "target_quality": stated(acceptable=False, problems=["示例"]),
    "overachievement_flag": default(flagged=True),
    "grade": stated(grade="优"),
    "monitoring_light": stated(money_light="red", target_light="red", advice="cut_or_suspend"),
    "budget_linkage": stated(mode="cut"),
    "publication_gate": stated(steps=["government", "congress", "publish"]),
    "target_review_route": stated(route="single", rounds=["single"], collective=True),
}
WORDS = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e999",
        "NaN",
        "≥100百分比",
        "2021-12-31",
        "2021-02-30",
        "range",
        "qualitative",
        "是",
        "y1",
        "\x00",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=20) | st.decimals().map(str)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def everything_with(code: str, content: Any) -> None:
    """All that is done with a content; only InvalidInput may come out."""
    form, context = FORMS[code], context_for(code, ANSWERS)
    stored = load(form, content)
    check(form, stored, context)
    facts(form, stored, context)
    fingerprints(form, stored, context)
    diff(form, valid_content(code), stored)
    settled = settle(form, stored, context)
    assert settle(form, settled, context) == settled


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a content."""
    pairs = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(content=JSON)
def test_random_json_is_read_or_refused(code: str, content: Any) -> None:
    with suppress(InvalidInput):
        everything_with(code, content)


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(data=st.data())
def test_random_values_under_the_right_names_are_read_or_refused(code: str, data: st.DataObject) -> None:
    names = sorted(FORMS[code].schema.fields)
    content = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=6))

    with suppress(InvalidInput):
        everything_with(code, content)


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(data=st.data())
def test_a_valid_form_with_cells_replaced_is_read_or_refused(code: str, data: st.DataObject) -> None:
    content = copy.deepcopy(valid_content(code))
    for container, key in data.draw(st.lists(st.sampled_from(list(places(content))), min_size=1, max_size=4)):
        container[key] = data.draw(JSON)

    with suppress(InvalidInput):
        everything_with(code, content)


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(data=st.data())
def test_a_draft_that_lacks_any_cells_is_checked_and_never_breaks(code: str, data: st.DataObject) -> None:
    content = copy.deepcopy(valid_content(code))
    for container, key in data.draw(st.lists(st.sampled_from(list(places(content))), min_size=1, max_size=12)):
        if isinstance(container, dict):
            container.pop(key, None)

    everything_with(code, content)


@BOUNDED
@given(text=st.text(max_size=100))
def test_any_typed_cell_can_be_looked_at(text: str) -> None:
    assert read_value(text).kind in ("number", "range", "date", "text")


@BOUNDED
@given(amount=st.decimals(min_value=0, max_value=10**11, places=6))
def test_any_amount_comes_back_as_it_was_entered(amount: Any) -> None:
    typed = format(amount, "f").removeprefix("-")

    assert load(FORMS["F02"], {"funds": {"annual": {"total_wan": typed}}})["funds"]["annual"]["total_wan"] == typed
