"""Requests the server cannot read never reach the pages: whoever sent one is told why, in the words of the pages.

Nor do those that never come to their end.
"""

from contextlib import suppress
from http import HTTPStatus
from socket import socket
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from web.unhurried import Connection
from web.visits.headers import FILE
from web.visits.refusals import OF_HTTP

STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (errors.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (errors.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (errors.ParseException, HTTPStatus.BAD_REQUEST),
)
_PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>没有办成 · 绩效</title></head>'
    '<body><h1>没有办成</h1><p>{sentence}</p><p><a href="/">回到首页</a></p></body></html>'
)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, with our words for what it refuses by itself, and our patience."""

    def handle(self, conn: Any) -> Any:
        """Serve a request; the connection is closed here when it is over, for that can take a while too."""
        conn.sock = Connection.of(conn.sock)
        conn.sock.begins()
        goes_on = super().handle(conn)
        if not goes_on:
            conn.close(graceful=True)
        return goes_on

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End at once; a second signal (Ctrl-C is followed by the parent's own) leaves the tidying up in peace."""
        if self.alive:
            super().handle_quit(sig, frame)

    def handle_error(self, req: Any, client: socket, addr: Any, exc: Exception) -> None:
        """Answer a request that cannot be read; everything else stays gunicorn's."""
        status = next((status for kind, status in STATUS if isinstance(exc, kind)), None)
        if status is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("%s from %s: %s", status.phrase, addr[0] if addr else "", str(exc)[:200])
        with suppress(OSError):
            client.sendall(answer_of(status))


def answer_of(status: HTTPStatus) -> bytes:
    """The whole answer: the sentence for that status on a page of its own, which runs nothing and is kept nowhere."""
    page = _PAGE.format(sentence=OF_HTTP[status]).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}", "Connection: close", "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}", f"Content-Security-Policy: {FILE}", "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY", "Cache-Control: no-store",
    )  # fmt: skip
    return "\r\n".join((*head, "", "")).encode("ascii") + page
