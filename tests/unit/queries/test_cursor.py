"""The word a list goes on by."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.queries.cursor import MOST_LINES, CursorRefused, read, within, written

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.text(max_size=40),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)


@given(place=st.lists(CELLS, max_size=6))
def test_a_place_is_read_as_it_was_written(place: list[Any]) -> None:
    assert read(written("cases", {"year": 2021}, place), "cases", {"year": 2021}) == tuple(place)


def test_a_word_shows_nothing_of_the_list_but_is_only_letters() -> None:
    word = written("cases", None, [date(2022, 1, 1), 7, UUID(int=1), datetime(2022, 1, 1, tzinfo=UTC)])

    assert word.replace("-", "").replace("_", "").isalnum()


def test_no_word_is_the_beginning() -> None:
    assert read(None, "cases", None) is None


@pytest.mark.parametrize("word", ["", "x", "翻页", "AAAA", "A" * 5000, "====", "W10"])
def test_what_nobody_wrote_leads_nowhere(word: str) -> None:
    with pytest.raises(CursorRefused, match="没有翻页"):
        read(word, "cases", None)


@given(at=st.integers(0, 60), letter=st.sampled_from("ABCxyz019-_"))
def test_a_word_with_another_letter_leads_nowhere_else(at: int, letter: str) -> None:
    word = written("cases", None, [7, "幼儿园"])
    spoiled = word[: at % len(word)] + letter + word[at % len(word) + 1 :]

    try:
        place = read(spoiled, "cases", None)
    except CursorRefused:
        place = (7, "幼儿园")

    assert place == (7, "幼儿园")


@pytest.mark.parametrize(("name", "filters"), [("letters", None), ("cases", "other")])
def test_a_word_of_another_list_or_other_filters_leads_nowhere(name: str, filters: Any) -> None:
    with pytest.raises(CursorRefused, match="另一个列表或另一组条件"):
        read(written("cases", None, [7]), name, filters)


def test_a_page_is_bounded() -> None:
    assert (within(-3), within(50), within(10**9)) == (1, 50, MOST_LINES)
