"""查毒: asking a scanner (ClamAV's clamd) about a file, never for longer than bounded; no answer is an answer too."""

import logging
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate
from typing import Any, BinaryIO

from clamdpy import ClamdNetworkSocket
from clamdpy.exceptions import BufferTooLongError, ClamdException
from clamdpy.models import ScanResult

from engine.errors import DefinitionError, InvalidInput
from engine.packed import CHUNK
from engine.words import Scan

GREETING_SECONDS, SECONDS = 2.0, 15.0
"""So long a scanner may take to say who it is, and then for a whole file; who does not greet is asked nothing more."""
LONGEST_ANSWER = 4096  # bytes
NOT_LOOKED_THROUGH = "Heuristics.Limits.Exceeded"
"""How clamd begins the name of what it "found" when it gave up on a file (`AlertExceedsMax yes`)."""
_log = logging.getLogger(__name__)


class ScannerRefused(DefinitionError):
    """The address of the scanner is none."""

    code = "scanner.address_refused"


class FileInfected(InvalidInput):
    """A file that carries a virus; nothing of it is kept."""

    code = "submissions.file_infected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of a file; `told` numbers the signatures it was held against, or names what was found."""

    scan: Scan
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Greeting:
    """Who answers: the program, the number of its signatures and their day, where it tells them."""

    program: str
    signatures: str | None
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd at `address`: the path of its socket, or `host:port`."""

    address: str

    def __post_init__(self) -> None:
        """Refuse what is no address."""
        host, colon, port = self.address.rpartition(":")
        if self.address.startswith("/") or (host and colon and port.isascii() and port.isdigit() and int(port) < 2**16):
            return
        raise ScannerRefused(
            f"JIXIAO_CLAMD 写的“{self.address}”不是查毒服务的地址，没有启动。"
            "请写套接字的绝对路径（如 /run/clamav/clamd.ctl）或“主机:端口”。",
            address=self.address,
        )

    def greet(self) -> Greeting | None:
        """Who answers there; None when nobody does in time."""
        try:
            program, *more = _Clamd(self.address, GREETING_SECONDS).version(raw=True).split("/")
        except (ClamdException, OSError, ValueError):
            return None
        signatures, signed_at = more if len(more) == 2 else (None, None)
        day = parsedate(signed_at) if signed_at else None
        return Greeting(program, signatures, date(*day[:3]) if day else None) if program else None

    def judge(self, file: BinaryIO) -> Verdict:
        """What the scanner says of a file, read from where it stands."""
        greeting = self.greet()
        if greeting is None:
            return Verdict(Scan.SILENT)
        try:
            return _verdict(_Clamd(self.address, SECONDS).instream(file), greeting)
        except BufferTooLongError:
            return Verdict(Scan.TOO_LARGE)
        except (ClamdException, OSError, ValueError) as reason:
            _log.warning("查毒服务 %s 没有应答：%r", self.address, reason)
            return Verdict(Scan.SILENT)


def must_be_clean(scanner: Scanner | None, file: BinaryIO, name: str) -> Verdict:
    """What is known of a file on its way in, sent under `name`. Refuses one that carries a virus."""
    verdict = Verdict(Scan.UNASKED) if scanner is None else scanner.judge(file)
    if verdict.scan is Scan.INFECTED:
        _log.warning("上传的文件查出病毒，没有留存：%s（%s）", name, verdict.told)
        raise FileInfected(
            f"“{name}”查出病毒（{verdict.told}），没有上传，也没有留存。"
            "请先在本机杀毒，换成没有病毒的文件再上传；拿不准的请找本单位的信息化人员。",
            name=name, found=verdict.told,
        )  # fmt: skip
    return verdict


def _verdict(said: ScanResult, greeting: Greeting) -> Verdict:
    if said.status == "OK":
        return Verdict(Scan.CLEAN, greeting.signatures)
    if said.status != "FOUND":
        _log.warning("查毒服务没有查成：%s", said.reason)
        return Verdict(Scan.SILENT)
    found = said.reason or ""
    return Verdict(Scan.TOO_LARGE) if found.startswith(NOT_LOOKED_THROUGH) else Verdict(Scan.INFECTED, found)


class _Clamd(ClamdNetworkSocket):
    """The library's client, with a bound for a whole conversation where it has one for every wait in it."""

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__(timeout=seconds, max_chunk_size=CHUNK, line_terminator="z")
        self.address = address

    def _acquire_socket(self) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        place: str | tuple[str, int] = self.address if self.address.startswith("/") else (host.strip("[]"), int(port))
        line = _Line(
            socket.AF_UNIX if isinstance(place, str) else socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        )
        try:
            line.ends_after(self.timeout or SECONDS)
            line.connect(place)
        except BaseException:
            line.close()
            raise
        return line


class _Line(socket.socket):
    """A connection that is over after so many seconds, whatever trickles in or out of it."""

    ends_at = 0.0
    received = 0

    def ends_after(self, seconds: float) -> None:
        """Let the time run."""
        self.ends_at = time.monotonic() + seconds
        self._hurry()

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send; who hangs up in the middle may have said why, and that is read next."""
        self._hurry()
        with suppress(ConnectionError):
            super().sendall(data, flags)

    def recv_into(self, *where: Any) -> int:
        """Receive, no more than an answer can be; hanging up ends it, however rudely."""
        self._hurry()
        try:
            some = super().recv_into(*where)
        except ConnectionError:
            return 0
        self.received += some
        if self.received > LONGEST_ANSWER:
            raise OSError("more was said than an answer can be")
        return some

    def _hurry(self) -> None:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.settimeout(left)
