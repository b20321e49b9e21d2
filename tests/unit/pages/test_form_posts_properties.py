"""Whatever is in a draft and whatever is typed: the page is drawn, and what was typed comes back as it was."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.errors import InvalidInput
from engine.submissions.forms import FORMS, check, diff
from engine.submissions.forms.carried import carried_over
from engine.submissions.forms.layout import Group, layout
from tests.factories_forms import context_for, valid_content
from tests.form_pages import form_page, paper_page, sent_by_a_browser
from web.forms import About, only_changes, read_post, tree_of

BOUNDED = settings(
    max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TYPED = st.text(
    st.characters(exclude_categories=["C"]) | st.sampled_from("\n\t <>&\"'"), max_size=30
) | st.sampled_from(
    ["\n\n开头", "  ", "\r\n", "a\r\n\r\nb", "</textarea><script>", "是", "range", "≥100百分比", "2021-02-30", "😀"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TYPED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "add",
        "remove",
        "up",
        "down",
        "back",
        "deleted",
        "deleted.indicators[y1].name",
        "explanations[]",
        "indicators[y1].name",
        "indicators",
        "[",
        "a.b",
    ]
)


def cells(group: Group, content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every cell that can be typed into: the block or row it is in, its name, its sort."""
    for cell in group.cells:
        value = content.get(cell.name)
        if cell.sort == "block" and cell.inside is not None:
            yield from cells(cell.inside, content.setdefault(cell.name, {}))
        elif cell.inside is not None:
            for row in value or []:
                yield from cells(cell.inside, row)
        elif cell.name not in ("id", "explanations") and not cell.field.metadata["computed"]:
            yield content, cell.name, cell.sort


def typed(value: Any) -> Any:
    """A content as a page sends it back: words instead of yes and no, figures as text, nothing empty."""
    if isinstance(value, dict):
        return {
            key: said
            for key, said in ((key, typed(one)) for key, one in value.items())
            if said not in ("", [], {}, None)
        }
    if isinstance(value, list):
        return [typed(one) for one in value]
    if isinstance(value, bool):
        return {True: "是", False: "否"}[value]
    return None if value is None else str(value).replace("\r\n", "\n")


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(data=st.data())
def test_what_was_typed_survives_the_page_and_the_way_back(code: str, data: st.DataObject) -> None:
    content = copy.deepcopy(valid_content(code))
    there = [place for place in cells(layout(FORMS[code].schema), content) if place[2] == "value"]
    for place, name, _ in data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=12)):
        place[name] = data.draw(TYPED)
    tables = [value for value in content.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    for table in data.draw(st.lists(st.sampled_from(tables), max_size=2)) if tables else []:
        table[:] = data.draw(st.permutations(table))[: data.draw(st.integers(1, len(table)))]

    sent = sent_by_a_browser(form_page(code, content))

    assert read_post(FORMS[code], sent, {}).content == typed(content)
    assert read_post(FORMS[code], sent, content).content == typed(content)


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(data=st.data())
def test_any_draft_at_all_is_drawn_and_read(code: str, data: st.DataObject) -> None:
    form, context = FORMS[code], context_for(code)
    names = sorted(form.schema.fields)
    content = valid_content(code) | data.draw(
        st.dictionaries(st.sampled_from(names) | st.text(max_size=9), JSON, max_size=6)
    )
    carried = carried_over(form, context)
    findings, changes = [], []
    with suppress(InvalidInput):
        findings = check(form, content, context)
        changes = diff(form, valid_content(code), content)
    about = About(findings=findings, changes=changes, former="第 1 轮", carried=carried)

    first = read_post(form, sent_by_a_browser(form_page(code, content, about)), content, carried=carried).content
    again = read_post(form, sent_by_a_browser(form_page(code, first, about)), first, carried=carried).content
    fixed = tree_of(form, content, About(findings=findings, changes=changes, fixed=True))

    assert again == first
    assert paper_page(fixed)
    assert paper_page(only_changes(fixed))


@pytest.mark.parametrize("code", sorted(FORMS))
@BOUNDED
@given(data=st.data())
def test_any_post_at_all_is_read_or_refused_in_words(code: str, data: st.DataObject) -> None:
    content = valid_content(code)
    sent = sent_by_a_browser(form_page(code, content))
    pairs = list(sent.items(multi=True))
    some = data.draw(st.lists(st.sampled_from(pairs), max_size=30))
    junk = data.draw(
        st.lists(st.tuples(NAMES | st.sampled_from(pairs).map(lambda pair: pair[0]) | st.text(), TYPED), max_size=30)
    )
    many = [(f"{name}{n}", value) for n in range(data.draw(st.integers(0, 300))) for name, value in junk[:10]]

    with suppress(InvalidInput):
        read = read_post(FORMS[code], MultiDict([*some, *junk, *many]), content, earlier=[content])
        assert form_page(code, read.content)
