"""The embedded server itself: making its data, starting it, stopping it. Always behind the gate of its premises."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile
from typing import Any

from psycopg import pq

from engine.store.cluster import Note, must_be_whole
from engine.store.installation import Account
from engine.store.obstacles import MEGABYTE, DatabaseNotStarted, did_not_start, must_have_room
from engine.store.premises import SOCKET_NAME, Premises

PATIENCE_SECONDS = 60
STOP_PATIENCE_SECONDS = 30
"""After so long a normal stop has met an obstacle, a full disk for example; the next start recovers what was stored."""
TRIES = 5
ROOM_TO_START = 32 * MEGABYTE
"""The log of changes grows in pieces of 16 MB; recovery and a first checkpoint may need two."""
ROOM_TO_MAKE = 96 * MEGABYTE
LARGEST_LOG = 16 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Origin:
    """What a new cluster is made with: its settings, the statements it begins with, whether it must survive a crash."""

    settings: tuple[str, ...]
    first_statements: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class Server:
    """The server on its premises."""

    premises: Premises
    runs_as: Account

    @property
    def runs(self) -> bool:
        """Whether it takes connections."""
        return self._ping() is pq.Ping.OK

    def ensure_running(self, programs: Path, origin: Origin, gate: int) -> None:
        """Return when the server takes connections: it did already, or it has been made or started.

        `gate` is the descriptor that keeps the gate shut: whatever makes the data holds it too, even if we are killed.
        """
        self.runs_as.own(self.premises.socket_folder)
        if self.runs:
            return
        tools = Programs(programs, self.runs_as, self.premises.home)
        if not self._has_data():
            self._make(tools, origin, gate)
        must_be_whole(self.premises.data)
        self._wait_for_it(tools)

    def start_again(self, programs: Path) -> None:
        """Return when the server takes connections again; nothing is made, and data that are not whole are refused."""
        must_be_whole(self.premises.data)
        self._wait_for_it(Programs(programs, self.runs_as, self.premises.home))

    def stop(self) -> None:
        """Stop the server if it runs; a throwaway one is removed with all its data.

        After the patience of a normal stop it is stopped at once: what was stored is safe, the next start recovers it.
        """
        if self.premises.throwaway:
            self._end(signal.SIGQUIT, PATIENCE_SECONDS)
            self.premises.vacate()
        elif not self._end(signal.SIGINT, STOP_PATIENCE_SECONDS):
            self._end(signal.SIGQUIT, PATIENCE_SECONDS)

    def _wait_for_it(self, tools: "Programs") -> None:
        """Start the server unless it is on its way up, and wait until it takes connections.

        One that cannot come to its end, for want of disk perhaps, is stopped at once after a while.
        """
        said = ""
        tries = TRIES
        began = time.monotonic()
        while not self.runs:
            note = self._living_note()
            waited = time.monotonic() - began
            if note is None and tries == 0:
                raise did_not_start(said, self.premises.data)
            if note is None:
                tries -= 1
                said = self._start(tools)
            elif note.status == "stopping" and waited > STOP_PATIENCE_SECONDS:
                self._end(signal.SIGQUIT, PATIENCE_SECONDS)
                began = time.monotonic()
            elif waited > PATIENCE_SECONDS:
                raise DatabaseNotStarted(
                    f"{self.premises.data} 的数据库正在运行（进程 {note.process}），但 {PATIENCE_SECONDS} 秒内"
                    "不接受连接，可能正在恢复上次没有写完的数据。请稍等几分钟再试。"
                )
            time.sleep(0.1)  # recovering from a crash, on its way down, or not free yet

    def _end(self, how: signal.Signals, patience_seconds: float) -> bool:
        """Ask the server to end, and whether it did in time."""
        until = time.monotonic() + patience_seconds
        note = self._living_note()
        if note is None or note.process is None:
            return True
        with suppress(ProcessLookupError):
            os.kill(note.process, how)
        while note.is_of(self.premises.data):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def _living_note(self) -> Note | None:
        """What the server noted in its data or beside its socket, if the process is there and is this server."""
        notes = (Note.read(self._note), Note.read(self._socket_note))
        return next((note for note in notes if note is not None and note.is_of(self.premises.data)), None)

    @property
    def _note(self) -> Path:
        return self.premises.data / "postmaster.pid"

    @property
    def _socket_note(self) -> Path:
        return self.premises.socket_folder / f"{SOCKET_NAME}.lock"

    def _has_data(self) -> bool:
        """A throwaway database whose server is down may be damaged, so it counts as none."""
        there = os.path.lexists(self.premises.data)
        return there and (not self.premises.throwaway or self._living_note() is not None)

    def _make(self, tools: "Programs", origin: Origin, gate: int) -> None:
        """Make a new cluster beside its final place and move it there when it is whole."""
        must_have_room(self.premises.home, ROOM_TO_MAKE)
        unfinished = self.premises.unfinished
        of_no_use = [unfinished, self.premises.data] if self.premises.throwaway else [unfinished]
        for left_over in of_no_use:
            if left_over.exists():
                rmtree(left_over)
        self.runs_as.own(unfinished)
        tools.run(
            "initdb",
            *("-D", unfinished, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *([] if origin.lasting else ["--no-sync"]),
            *(part for setting in origin.settings for part in ("-c", setting)),
            keep=gate,
        )
        alone = ("--single", "-c", "exit_on_error=on", "-D", unfinished, "postgres")
        tools.run("postgres", *alone, read=origin.first_statements, keep=gate)
        unfinished.rename(self.premises.data)

    def _start(self, tools: "Programs") -> str:
        """Try once; what was said this time. It fails while the last processes of a killed server are on their way out.

        Only called when no process is this server. Should one be all the same, its shared memory keeps the new one out.
        """
        must_have_room(self.premises.data, ROOM_TO_START)
        note = Note.read(self._note)
        if self._note.is_symlink() or (note is not None and (note.process is None or note.is_taken)):
            self._note.unlink()  # not to be read, or a stranger has the number by now: the server would not start
        # likewise the note beside the socket: nobody has buried the killed server yet, or a stranger has its number
        self._socket_note.unlink(missing_ok=True)
        log = self.premises.server_log
        before = _new_page(log)
        socket = ("-o", f'-k "{self.premises.socket_folder}"')
        how = ("-w", "-t", PATIENCE_SECONDS)
        code, said = tools.answer("pg_ctl", "-D", self.premises.data, "-l", log, *socket, *how, "start")
        return "" if code == 0 else _since(log, before) or said

    def _ping(self) -> pq.Ping:
        where = f"host='{self.premises.socket_folder}' user=jixiao dbname=jixiao connect_timeout=3"
        return pq.Ping(pq.PGconn.ping(os.fsencode(where)))


@dataclass(frozen=True, slots=True)
class Programs:
    """The server's programs in their folder, run for `home` as its account, in an environment of nobody's."""

    folder: Path
    runs_as: Account
    home: Path

    def run(self, program: str, *arguments: object, read: str = "", keep: int) -> None:
        """Run `program` to its end; refuses with what it said when it fails."""
        code, said = self.answer(program, *arguments, read=read, keep=(keep,))
        if code < 0:
            said = f"{said}\n程序 {program} 被信号 {-code} 中止"
        if code != 0:
            raise did_not_start(said or f"程序 {program} 没有成功，返回 {code}", self.home)

    def answer(self, program: str, *arguments: object, read: str = "", keep: tuple[int, ...] = ()) -> tuple[int, str]:
        """The exit code of `program` and all it said.

        It runs beside the main thread, which alone is told to end: whatever has begun is let end first, and no program
        goes on working in a folder that is being tidied up.
        """
        command = [str(self.folder / program), *map(str, arguments)]
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(self._to_its_end, command, read, keep).result()

    def _to_its_end(self, command: list[str], read: str, keep: tuple[int, ...]) -> tuple[int, str]:
        switch: dict[str, Any] = {}
        if self.runs_as.switch:
            switch = {"user": self.runs_as.uid, "group": self.runs_as.gid, "extra_groups": []}
        with TemporaryFile() as told, TemporaryFile() as said:
            told.write(read.encode())
            told.seek(0)
            process = subprocess.Popen(
                command,
                stdin=told,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
                umask=0o077,
                pass_fds=keep,
                **switch,
            )
            try:
                code = process.wait(2 * PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            said.seek(0)
            return code, said.read().decode("utf-8", "replace").strip()


def _new_page(log: Path) -> int:
    """Where the log of this start will begin; a long log is laid aside first, in place of the one before it."""
    if not log.exists():
        return 0
    size = log.stat().st_size
    if size < LARGEST_LOG:
        return size
    log.replace(log.with_suffix(".log.1"))
    return 0


def _since(log: Path, before: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as lines:
        lines.seek(before)
        return lines.read(64 * 1024).decode("utf-8", "replace").strip()
