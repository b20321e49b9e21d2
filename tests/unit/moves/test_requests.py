"""What makes a request, whatever the command."""

import pytest

from engine.directory import Actor
from engine.moves.repeating import Asked, TextTooLong
from tests.factories import START

SOMEBODY = Actor(1, "李经办", "huaxi", 1, frozenset())


@pytest.mark.parametrize("content", [{"reason": "长" * 4000}, {"found": ("audit", "长" * 4000, None, 1)}])
def test_a_text_has_4000_characters_at_the_most(content: dict[str, object]) -> None:
    assert Asked("suspend", SOMEBODY, START, content=content).content == content


@pytest.mark.parametrize("content", [{"reason": "长" * 4001}, {"found": ("audit", "长" * 4001, None, 1)}])
def test_a_longer_text_is_refused_with_its_length(content: dict[str, object]) -> None:
    with pytest.raises(TextTooLong, match="写了4001字，最多4000字") as refusal:
        Asked("suspend", SOMEBODY, START, content=content)

    assert refusal.value.facts["length"] == 4001
