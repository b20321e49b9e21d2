"""群机器人: the address of a robot in a group of 企业微信, 钉钉 or 飞书, guarded, and what it is handed.

Whoever knows a robot's address writes into the group, so it is sealed with keys that are not in the database. It leads
over https to one of three hosts, to an address of the open net; a bureau with a server of its own names that host in
the settings of the machine, and there alone an address within the house is right.
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlsplit

from engine.accounts import Keys
from engine.errors import DefinitionError, InvalidInput
from engine.notifications.sendings import Line
from engine.words import Robot

PUBLIC: Mapping[str, Robot] = MappingProxyType(
    {"qyapi.weixin.qq.com": Robot.WECOM, "oapi.dingtalk.com": Robot.DINGTALK, "open.feishu.cn": Robot.FEISHU}
)
_BEGINS = {
    Robot.WECOM: "/cgi-bin/webhook/send?",
    Robot.DINGTALK: "/robot/send?",
    Robot.FEISHU: "/open-apis/bot/v2/hook/",
}
_HTTPS = 443
LONGEST = 500
MOST_BYTES = 1900
"""So long a text may be; 企业微信 takes 2048 bytes, the others more."""


class RobotRefused(InvalidInput):
    """No robot lives at that address, or none we may write to."""

    code = "robot.refused"


class RobotHostsRefused(DefinitionError):
    """The setting names no hosts."""

    code = "robot.hosts_refused"


@dataclass(frozen=True, slots=True)
class RobotAddress:
    """Where a robot is handed what it is to say; `own`: a host of the bureau, which may be within the house."""

    robot: Robot
    host: str
    port: int
    target: str
    own: bool


@dataclass(frozen=True, slots=True)
class RobotHosts:
    """The hosts besides the three public ones, as `host:port`, and whose programs run there."""

    own: Mapping[str, Robot] = field(default_factory=dict)

    @classmethod
    def of(cls, told: str) -> "RobotHosts":
        """From the setting, one or several apart by commas; refuses what it cannot read.

        >>> sorted(RobotHosts.of("im.example.cn=wecom, ding.example.cn:8443=dingtalk").own)
        ['ding.example.cn:8443', 'im.example.cn:443']
        """
        own = {}
        for each in filter(None, map(str.strip, told.split(","))):
            host, _, robot = each.partition("=")
            name, _, port = host.strip().lower().partition(":")
            if not name or robot.strip() not in set(Robot) or (port and not port.isdigit()):
                raise RobotHostsRefused(
                    "JIXIAO_ROBOT_HOSTS 读不出来，没有启动。"
                    "请写成“主机:端口=wecom”（或 dingtalk、feishu），几个用逗号隔开。"
                )
            own[f"{name}:{port or _HTTPS}"] = Robot(robot.strip())
        return cls(MappingProxyType(own))

    def address(self, url: str) -> RobotAddress:
        """The robot at that address; refuses every other host, way and path.

        >>> RobotHosts().address("https://oapi.dingtalk.com/robot/send?access_token=1").robot.label
        '钉钉'
        """
        try:
            told = urlsplit(url)
            port = told.port or _HTTPS
        except ValueError as reason:
            raise _no_robot() from reason
        host = (told.hostname or "").lower()
        own = self.own.get(f"{host}:{port}")
        robot = own or (PUBLIC.get(host) if port == _HTTPS else None)
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "@" in told.netloc:
            raise _no_robot()
        target = f"{told.path}?{told.query}" if told.query else told.path
        if told.scheme != "https" or robot is None or told.fragment or not _is_of(robot, target):
            raise _no_robot()
        return RobotAddress(robot, host, port, target, own is not None)


def _is_of(robot: Robot, target: str) -> bool:
    return target.startswith(_BEGINS[robot]) and len(target) > len(_BEGINS[robot]) and ".." not in target


def _no_robot() -> RobotRefused:
    return RobotRefused(
        "这不是企业微信、钉钉、飞书群机器人的地址，没有登记。请从群的机器人设置里复制整个 https 地址；"
        "单位自己的服务器，请运维人员先把主机写进 JIXIAO_ROBOT_HOSTS。"
    )


@dataclass(frozen=True, slots=True)
class SealedRobot:
    """A robot's address as it is kept, and what tells it from another; made by `of` alone, which guards it."""

    robot: Robot
    sealed: bytes
    digest: str

    @classmethod
    def of(cls, url: str, secret: str, keys: Keys, hosts: RobotHosts) -> "SealedRobot":
        """`secret` is what a robot wants its messages signed with (加签), empty where it wants no such thing."""
        plain = json.dumps([url.strip(), secret.strip()])
        return cls(hosts.address(url.strip()).robot, keys.seal(plain), sha256(plain.encode()).hexdigest())


def opened(sealed: bytes, keys: Keys, hosts: RobotHosts) -> tuple[RobotAddress, str]:
    """The address, guarded once more, and the secret; refuses what other keys sealed."""
    url, secret = json.loads(keys.open(sealed))
    return hosts.address(url), secret


def text_for(lines: Sequence[Line], pages: str) -> str:
    """One message for several notices, as many as there is room for.

    >>> print(text_for([Line(None, "示例：请填报")], "https://jixiao.example.com"))
    【绩效】示例：请填报
    打开：https://jixiao.example.com/notices
    """
    link = f"\n打开：{pages.rstrip('/')}/notices" if pages else ""
    told = [f"【{line.kind.label}】{line.words}" if line.kind is not None else line.words for line in lines]
    if len(told) == 1:
        return f"【绩效】{told[0]}{link}"
    text, left = f"【绩效】通知 {len(told)} 条", len(told)
    for words in told:
        if len(f"{text}\n· {words}{link}".encode()) > MOST_BYTES:
            break
        text, left = f"{text}\n· {words}", left - 1
    more = f"\n另有 {left} 条，请打开系统查看。" if left else ""
    return f"{text}{more}{link}"


def request_for(address: RobotAddress, secret: str, text: str, at: datetime) -> tuple[str, bytes]:
    """Path and content of the request that hands a robot a text, signed where it has a secret."""
    stamp = int(at.timestamp())
    if address.robot is Robot.DINGTALK:
        told: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        sign = quote(_signed(secret, f"{stamp}000\n{secret}"), safe="")
        return address.target + (f"&timestamp={stamp}000&sign={sign}" if secret else ""), _written(told)
    if address.robot is Robot.FEISHU:
        told = {"msg_type": "text", "content": {"text": text}}
        if secret:
            told |= {"timestamp": str(stamp), "sign": _signed(f"{stamp}\n{secret}", "")}
        return address.target, _written(told)
    return address.target, _written({"msgtype": "text", "text": {"content": text}})


def _signed(key: str, words: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), words.encode(), sha256)).decode()


def _written(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
