"""Handing a robot its text over HTTPS: checked where it leads, followed nowhere else, waited for a few seconds."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http.client import HTTPException, HTTPSConnection
from ipaddress import ip_address
from threading import Timer

from engine.notifications.mail import NotTaken
from engine.notifications.robots import RobotAddress, request_for
from engine.words import Robot

SECONDS = 10.0
"""So long all of it may take."""

MOST_BYTES = 65536
_OK = 200
_CODE = {Robot.WECOM: ("errcode", "errmsg"), Robot.DINGTALK: ("errcode", "errmsg"), Robot.FEISHU: ("code", "msg")}
FOR_GOOD = {
    Robot.WECOM: frozenset({93000}),
    Robot.DINGTALK: frozenset({300001, 300005, 310000, 400101, 400102, 400105, 400106}),
    Robot.FEISHU: frozenset({19001, 19021, 19022, 19024}),
}
"""What they answer when it will never be right: no such robot, a wrong signature, a word or an address it wants."""


def speak(address: RobotAddress, secret: str, text: str, at: datetime) -> None:
    """Have the robot say it; `NotTaken` says why it did not."""
    path, content = request_for(address, secret, text, at)
    try:
        with _connected(address) as connection:
            headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "jixiao"}
            connection.request("POST", path, content, headers)
            answer = connection.getresponse()
            status, said = answer.status, answer.read(MOST_BYTES)
    except ssl.SSLError as fault:
        raise NotTaken(f"{address.host} 的证书或加密方式对不上", away=True) from fault
    except socket.gaierror as fault:
        raise NotTaken(f"找不到主机 {address.host}", away=True) from fault
    except (OSError, HTTPException) as fault:
        raise NotTaken(f"{address.host} 没有应答，或中断了连接", away=True) from fault
    _must_be_taken(address, status, said)


@contextmanager
def _connected(address: RobotAddress) -> Iterator[HTTPSConnection]:
    """A connection to the very place that was checked; cut off when the time is over, however slowly it answers."""
    plain = socket.create_connection((_place(address), address.port), SECONDS)
    end = Timer(SECONDS, _cut, [plain])
    end.daemon = True
    end.start()
    connection = HTTPSConnection(address.host, address.port)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
        end.args = [connection.sock]
        yield connection
    finally:
        end.cancel()
        connection.close()
        plain.close()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _place(address: RobotAddress) -> str:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    places = [str(each[4][0]) for each in found]
    if not address.own and not all(ip_address(place).is_global for place in places):
        raise NotTaken(f"{address.host} 指向内网的地址，没有去", away=True)
    return places[0]


def _must_be_taken(address: RobotAddress, status: int, said: bytes) -> None:
    """Their answer is 200 whatever became of the message; only the code in it tells."""
    robot = address.robot
    if status != _OK:
        raise NotTaken(f"{robot.label}没有接收（HTTP {status}）")
    try:
        told = json.loads(said)
        code, why = (told.get(name) for name in _CODE[robot])
    except (ValueError, AttributeError) as fault:
        raise NotTaken(f"{robot.label}的答复读不出来") from fault
    if code != 0:
        words = " ".join(str(why or "").split())[:150]
        for_good = isinstance(code, int) and code in FOR_GOOD[robot]
        raise NotTaken(f"{robot.label}没有接收：{words}（{code}）", for_good=for_good)
