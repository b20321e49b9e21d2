"""Which passwords are taken, how they are kept, when a new one is due."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.accounts import passwords
from engine.accounts.passwords import HASHER, hashed, is_common, is_outdated, matches, must_be_good, needs_change
from engine.accounts.refusals import WeakPassword
from engine.clock import shanghai
from tests.integration.refusals import must_be_a_sentence

IN_EARNEST = HASHER
NOW = shanghai(2022, 10, 12)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=140)


def refusal(password: str, login: str = "danwei", name: str = "李经办") -> str:
    with pytest.raises(WeakPassword) as refused:
        must_be_good(password, login=login, name=name)
    must_be_a_sentence(refused.value.message)
    return refused.value.message


@pytest.mark.parametrize(
    "password",
    [
        "x7#Lm2pQ",
        "溪桥马灯秋雨晚风竹林石径",
        "correct horse battery",
        "Tr0ub4dor&3x",
        "🐎🌉🏮🍂🌧🌆🎋🪨🛤🌾🍃🪵",
        "öÖ1-溪桥马灯",
    ],
)
def test_a_password_is_taken_that_is_long_or_mixed(password: str) -> None:
    must_be_good(password, login="danwei", name="李经办")


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("", "只有 0 个字符"),
        ("x7#Lm2p", "只有 7 个字符"),
        ("x7#Lm2pQ" * 17, "最多 128 个"),
        ("xkmpqrvz", "三种"),
        ("xkmp7rvz4w", "三种"),
        ("x7#danwei!2QQ", "账号"),
        ("x7#DanWei!2QQ", "账号"),
        ("我是李经办不是张经办呀呀", "姓名"),
        ("x7#Lm2p\0Q99", "空字符"),
        ("x7#Lm2p\ud800Q99", "残缺"),
        ("x7#Lm2p\nQ99z", "控制字符"),
    ],
)
def test_what_is_refused_is_told_with_what_to_do(password: str, told: str) -> None:
    assert told in refusal(password)


@pytest.mark.parametrize(
    "password",
    [
        "P@ssw0rd2022!", "Admin@2022", "Admin@123456", "qwertyuiop123", "Qwer1234!@#$", "1qaz2wsx3edc",
        "1QAZ@WSX3edc", "Caizhengju@2021", "jixiaojixiao", "Jixiao123!", "Huaxi2021!!", "123456789012", "012345678910",
        "ABCDEFGH1234", "abcabcabcabc", "198001011990", "13985012345678", "woaini5201314", "iloveyou1314520",
        "aaaaaaaaaaab", "密码" * 6, "2022Guiyang!", "zaq1xsw2cde3",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert "太常见" in refusal(password)


@pytest.mark.parametrize("short", ["", "a", "李", " "])
def test_a_name_too_short_to_mean_anything_is_no_reason(short: str) -> None:
    must_be_good("a x7#Lm2pQ李 ", login=short, name=short)


def test_the_list_is_small_letters_without_repetition() -> None:
    listed = passwords.Path(passwords.__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()[3:]

    assert len(listed) > 3000
    assert listed == sorted(set(listed))
    assert [word for word in listed if word != word.casefold()] == []


@given(ANYTHING, ANYTHING, ANYTHING)
@example("\0" * 12, "", "")
def test_any_text_is_taken_or_refused_in_words(password: str, login: str, name: str) -> None:
    try:
        must_be_good(password, login=login, name=name)
    except WeakPassword as refused:
        must_be_a_sentence(refused.message)
    else:
        assert "\0" not in password
        assert matches(hashed(password), password)


@given(ANYTHING)
def test_any_text_may_be_tried(password: str) -> None:
    assert not matches(hashed("x7#Lm2pQ"), f"{password}x")
    assert not matches(None, password)
    assert not matches("no hash at all", password)


@given(st.text(max_size=30))
def test_common_is_said_of_any_text(text: str) -> None:
    assert is_common(text) in (True, False)


def test_a_password_is_exactly_what_was_typed() -> None:
    kept = hashed("x7#Lm2pQ ")

    assert matches(kept, "x7#Lm2pQ ")
    assert not any(matches(kept, other) for other in ("x7#Lm2pQ", "X7#LM2PQ ", "ｘ7#Lm2pQ ", "x7#Lm2pQ  "))


def test_two_people_of_one_password_are_not_seen_to_have_one() -> None:
    assert hashed("x7#Lm2pQ") != hashed("x7#Lm2pQ")


def test_in_earnest_hashes_cost_what_the_standard_asks() -> None:
    assert (IN_EARNEST.type.name, IN_EARNEST.time_cost, IN_EARNEST.parallelism) == ("ID", 3, 4)
    assert IN_EARNEST.memory_cost >= 64 * 1024
    assert is_outdated(IN_EARNEST.hash("x7#Lm2pQ"))


@pytest.mark.parametrize(("days", "due"), [(90, False), (91, True)])
def test_a_password_grows_old(days: int, due: bool) -> None:
    assert needs_change(NOW - timedelta(days=days), NOW) is due
    assert not needs_change(NOW - timedelta(days=days), NOW, days=0)
    assert not needs_change(None, NOW)
