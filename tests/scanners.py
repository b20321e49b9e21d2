"""Scanners for tests: a real clamd that knows one virus, the harmless EICAR one, and scanners that behave badly."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EI" + rb"CAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner takes for a virus and no machine is harmed by; in two pieces, or scanners would take this file."""
CLEAN_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
INFECTED_PDF = b"%PDF-1.7\n" + EICAR
STREAM_MB, LOOKED_INTO_KB = 2, 100
"""The largest file the clamd of the tests takes, and the largest it looks into."""
SYSTEM_PROGRAMS = "/usr/sbin:/usr/local/sbin"
Talk = Callable[[socket.socket], None]


@contextmanager
def clamd_in(folder: Path) -> Iterator[str]:
    """A clamd with signatures, settings and socket of its own in `folder`; gives its address."""
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:{SYSTEM_PROGRAMS}")
    assert program, "clamd is missing; make test installs it"
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    told = {
        "Foreground": "yes", "LocalSocket": folder / "socket", "DatabaseDirectory": folder / "signatures",
        "TemporaryDirectory": folder, "StreamMaxLength": f"{STREAM_MB}M", "AlertExceedsMax": "yes",
        "MaxFileSize": f"{LOOKED_INTO_KB}K",
    }  # fmt: skip
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in told.items()))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=log, stderr=log)
    try:
        _wait_for(folder / "socket", process, folder / "log")
        yield str(folder / "socket")
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(path: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    latest = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < latest, log.read_text()
        time.sleep(0.05)


@contextmanager
def scanner_that(*talks: Talk) -> Iterator[str]:
    """Somebody on loopback who takes one call after the other, each in its way; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        thread = threading.Thread(target=_answer, args=(ear, talks), daemon=True)
        thread.start()
        yield f"127.0.0.1:{ear.getsockname()[1]}"
        with suppress(OSError):
            ear.shutdown(socket.SHUT_RDWR)
    thread.join(20)


def _answer(ear: socket.socket, talks: tuple[Talk, ...]) -> None:
    for talk in talks:
        try:
            line, _ = ear.accept()
        except OSError:
            return
        with line, suppress(OSError):
            talk(line)


def greets(line: socket.socket) -> None:
    """Says who it is, as clamd with its usual signatures."""
    line.recv(100)
    line.sendall(b"ClamAV 1.4.6/27800/Mon Oct 10 08:00:00 2022\0")


def says(answer: bytes) -> Talk:
    """Hears a whole file and says that of it."""

    def talk(line: socket.socket) -> None:
        _hear_all(line)
        line.sendall(answer)

    return talk


def says_nothing(line: socket.socket) -> None:
    """Takes the call and is silent until the other hangs up."""
    while line.recv(1 << 16):
        pass


def hangs_up(line: socket.socket) -> None:
    """Goes away in the middle of a file."""
    line.recv(1000)


def trickles(line: socket.socket) -> None:
    """Says a little every now and then, and never the end."""
    while True:
        line.sendall(b"stream: ")
        time.sleep(0.05)


def babbles(line: socket.socket) -> None:
    """Says far more than an answer can be."""
    while True:
        line.sendall(bytes(1 << 16))


def _hear_all(line: socket.socket) -> None:
    heard = b""
    while not heard.endswith(b"\0\0\0\0"):
        heard = heard[-4:] + line.recv(1 << 16)
