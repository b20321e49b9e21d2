"""What a browser says about itself, as people call it."""

import re

_BROWSERS = (
    (re.compile(r"MicroMessenger/"), "微信"),
    (re.compile(r"DingTalk/"), "钉钉"),
    (re.compile(r"Edg(?:e|A|iOS)?/(\d+)"), "Edge"),
    (re.compile(r"(?:OPR|Opera)/(\d+)"), "Opera"),
    (re.compile(r"QQBrowser/(\d+)"), "QQ 浏览器"),
    (re.compile(r"360SE|QIHU"), "360 浏览器"),
    (re.compile(r"(?:Firefox|FxiOS)/(\d+)"), "Firefox"),
    (re.compile(r"(?:Chrome|Chromium|CriOS)/(\d+)"), "Chrome"),
    (re.compile(r"Version/(\d+)[^ ]* .*Safari/"), "Safari"),
    (re.compile(r"Trident/|MSIE "), "Internet Explorer"),
)
"""The most particular first: nearly all of them also call themselves Chrome and Safari."""
_SYSTEMS = (
    (re.compile(r"Windows NT 10\.0"), "Windows 10 或 11"),
    (re.compile(r"Windows NT 6\.1"), "Windows 7"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"HarmonyOS|OpenHarmony"), "鸿蒙"),
    (re.compile(r"Android"), "安卓"),
    (re.compile(r"iPhone|iPad"), "iOS"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"UOS|Kylin|NeoKylin", re.IGNORECASE), "国产 Linux"),
    (re.compile(r"Linux|X11"), "Linux"),
)


def browser_words(agent: str) -> str:
    """Browser and system, or that they are not known.

    >>> browser_words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0.0.0 Safari/537.36")
    'Chrome 109（Windows 10 或 11）'
    >>> browser_words("curl/8"), browser_words("")
    ('认不出的浏览器', '没有说明')
    """
    if not agent.strip():
        return "没有说明"
    browser = next((_named(name, found) for sign, name in _BROWSERS if (found := sign.search(agent))), None)
    system = next((name for sign, name in _SYSTEMS if sign.search(agent)), None)
    if browser is None:
        return f"认不出的浏览器（{system}）" if system else "认不出的浏览器"
    return f"{browser}（{system}）" if system else browser


def _named(name: str, found: re.Match[str]) -> str:
    version = found.group(1) if found.lastindex else None
    return f"{name} {version}" if version else name
