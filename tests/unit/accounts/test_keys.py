"""Secrets are sealed with keys that can be changed one after the other."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.accounts.keys import keys_from, new_key
from engine.accounts.refusals import KeysUnsound, SecretUnreadable
from tests.integration.refusals import must_be_a_sentence


def test_what_is_sealed_is_opened_and_not_seen() -> None:
    keys = keys_from(new_key())

    sealed = keys.seal("ABCD")

    assert keys.open(sealed) == "ABCD"
    assert b"ABCD" not in sealed
    assert keys.seal("ABCD") != sealed


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    old, new = new_key(), new_key()
    before = keys_from(old).seal("ABCD")

    both = keys_from(f"{new},\n {old}\n")
    after = both.seal_anew(before)

    assert both.open(before) == "ABCD"
    assert keys_from(new).open(after) == "ABCD"
    with pytest.raises(SecretUnreadable) as refused:
        keys_from(new).open(before)
    must_be_a_sentence(refused.value.message)


SOUND = base64.urlsafe_b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize("text", ["", " \n", ",", "secret", "秘密", SOUND[:-2], f"{SOUND} x"])
def test_keys_that_are_none_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(KeysUnsound) as refused:
        keys_from(text)

    must_be_a_sentence(refused.value.message)
    assert not any(part in refused.value.message for part in text.split() if part not in ",x")


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_keys_or_refused_in_words(text: str) -> None:
    with pytest.raises(KeysUnsound):
        keys_from(f"{text} ?")


@given(st.binary())
def test_what_nobody_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(SecretUnreadable):
        keys_from(new_key()).open(sealed)
