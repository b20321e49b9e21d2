"""What the operator says about 统一身份认证: all of it or nothing, only over TLS, and the secret nowhere to be read."""

import pytest

from web.elsewhere import ElsewhereUnsound, provider_from

PLACES = ("huaxi", "conghua")
SOUND = {
    "JIXIAO_OIDC_ISSUER": "https://id.example/realms/gov",
    "JIXIAO_OIDC_CLIENT_ID": "jixiao",
    "JIXIAO_OIDC_CLIENT_SECRET": "示例密钥",
    "JIXIAO_OIDC_REDIRECT": "https://jixiao.example/login/elsewhere/answer",
    "JIXIAO_OIDC_PLACES": "huaxi, conghua",
}


def test_without_any_setting_there_is_no_provider() -> None:
    assert provider_from({}, PLACES) is None


def test_all_of_it_is_a_provider_whose_secret_is_not_shown() -> None:
    provider = provider_from(SOUND, PLACES)

    assert provider is not None
    assert (provider.places, provider.login_claim) == (PLACES, None)
    assert "示例密钥" not in repr(provider)


@pytest.mark.parametrize("name", SOUND)
def test_half_of_it_is_refused_with_what_is_missing(name: str) -> None:
    with pytest.raises(ElsewhereUnsound, match=f"还缺：{name}") as refusal:
        provider_from({**SOUND, name: " "}, PLACES)

    assert "示例密钥" not in refusal.value.message


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("JIXIAO_OIDC_ISSUER", "http://id.example"),
        ("JIXIAO_OIDC_ISSUER", "https://user:pass@id.example"),
        ("JIXIAO_OIDC_ISSUER", "https://[id"),
        ("JIXIAO_OIDC_REDIRECT", "ftp://jixiao.example/login/elsewhere/answer"),
        ("JIXIAO_OIDC_REDIRECT", "https://jixiao.example/elsewhere"),
        ("JIXIAO_OIDC_PLACES", "huaxi nowhere"),
    ],
)
def test_what_is_not_safe_or_not_known_is_refused(name: str, told: str) -> None:
    with pytest.raises(ElsewhereUnsound, match="没有启动"):
        provider_from({**SOUND, name: told}, PLACES)
