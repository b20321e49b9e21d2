"""快捷键: whether letters alone are keys, as each person wants it."""

import pytest

from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.hands import Hands


def told(hands: Hands) -> str:
    """What a page tells its scripts."""
    return str(hands.open("/tasks").page.xpath("string(/html/@data-letter-keys)"))


@pytest.mark.parametrize(("choices", "kept"), [(["off"], "off"), (["off", "on"], "")])
def test_letters_as_keys_are_switched_off_and_on_for_oneself_and_it_is_kept(
    office: Office, hands_of: SitsDown, choices: list[str], kept: str
) -> None:
    hands, others = hands_of(office.bureau.clerk), hands_of(office.bureau.department)
    at_first = told(hands)

    for choice in choices:
        hands.open("/settings/keys").type("letters", choice)
        hands.press("保存")
    again = Hands(hands.client.application.test_client()).sign_in(f"李经办@{office.bureau.unit_id}", PASSWORD)

    assert hands.text().count("✓ 已保存，以后登录也这样。") == 1
    assert hands.page.xpath("string(//input[@checked]/@value)") == choices[-1]
    assert (at_first, told(hands), told(again), told(others)) == ("", kept, kept, "")
