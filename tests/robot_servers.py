"""Servers of robots for tests, on loopback under TLS: they keep what they are told and answer what they are made to."""

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from engine.notifications.robots import RobotHosts
from engine.words import Robot

TAKEN = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}
PATHS = {
    Robot.WECOM: "/cgi-bin/webhook/send?key=geheim",
    Robot.DINGTALK: "/robot/send?access_token=geheim",
    Robot.FEISHU: "/open-apis/bot/v2/hook/geheim",
}


@dataclass
class Hearing:
    """What came, and how it is answered: `waits` before the answer, `drips` a byte of it at a time."""

    answer: dict[str, Any] = field(default_factory=lambda: dict(TAKEN))
    status: int = 200
    waits: float = 0
    drips: float = 0
    leads_to: str = ""
    came: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    port: int = 0

    @property
    def texts(self) -> list[str]:
        """What was said, in any of the three ways of writing it."""
        return [told["text"]["content"] if "text" in told else told["content"]["text"] for _, told in self.came]

    def url(self, robot: Robot) -> str:
        """Where a robot of that kind lives here."""
        return f"https://127.0.0.1:{self.port}{PATHS[robot]}"

    def hosts(self, robot: Robot) -> RobotHosts:
        """The setting that lets messages come here."""
        return RobotHosts.of(f"127.0.0.1:{self.port}={robot}")


@contextmanager
def robot_server(hearing: Hearing, certificate: Path) -> Iterator[Hearing]:
    """A server that goes by `hearing`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hearing.came.append((self.path, told))
            time.sleep(hearing.waits)
            content = json.dumps(hearing.answer).encode()
            self.send_response(hearing.status)
            if hearing.leads_to:
                self.send_header("Location", hearing.leads_to)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for number in range(len(content)):
                self.wfile.write(content[number : number + 1])
                if hearing.drips:
                    self.wfile.flush()
                    time.sleep(hearing.drips)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(certificate)
    server = _Quiet(("127.0.0.1", 0), Handler)
    server.socket = shown.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    hearing.port = server.server_port
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        yield hearing
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Who hangs up early is no news."""
