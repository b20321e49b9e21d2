"""Slow clients: who takes too long to send a request, or to read its answer, is hung up on, and nobody waits for them.

A request is received by one of many threads, which cost next to nothing while they wait, and worked on when all of it
is there, a few at a time: see `web.visits.turns`.
"""

import errno
import os
import socket
import time

GRACE_SECONDS = 20
"""So long anybody may take to send a request, and longer by a second for each so many bytes that have come:"""
SLOWEST_BYTES = 4_000
READING_SECONDS = 60
"""So long a client may take over a piece of the answer; a page is one piece."""


class Connection(socket.socket):
    """A client's connection on which nothing is waited for without end. To be told when a request `begins`."""

    _began = 0.0
    _came = 0

    @classmethod
    def of(cls, plain: socket.socket) -> "Connection":
        """The same connection; the plain socket has given it away."""
        return plain if isinstance(plain, cls) else cls(fileno=plain.detach())

    def begins(self) -> None:
        """From now on the bytes of another request are counted."""
        self._began, self._came = time.monotonic(), 0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """What has come; nothing, as if they had hung up, when they took too long."""
        left = self._began + GRACE_SECONDS + self._came / SLOWEST_BYTES - time.monotonic()
        told = self.gettimeout()
        if left <= 0:
            return b""
        self.settimeout(left if told is None else min(told, left))
        try:
            piece = super().recv(size, flags)
        except TimeoutError:
            return b""
        finally:
            self.settimeout(told)
        self._came += len(piece)
        return piece

    def sendall(self, data: bytes, flags: int = 0, /) -> None:  # type: ignore[override]
        """Send all of it; who does not read it in time counts as gone."""
        self.settimeout(READING_SECONDS)
        try:
            super().sendall(data, flags)
        except TimeoutError as fault:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from fault
        finally:
            self.settimeout(None)
