"""`jixiao serve`: the pages over HTTP, by gunicorn where there is fork, by waitress where there is none."""

import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.clock import Clock
from engine.errors import EngineError, Unavailable, WrongState
from engine.notifications.robots import RobotHosts
from engine.store import Logins
from engine.store.fitness import DatabaseRefused
from engine.submissions.file_store import FileStore
from web.app import application, translate_templates
from web.elsewhere import provider_from
from web.keyring import keys_of_installation
from web.settings import Settings
from web.visits import Site, turns
from web.visits.site import Demo
from web.wiring import open_database, scanner_of
from web.worker.posting import mail_server_of

THREADS = 4
"""So many requests are worked on at once in a process."""
RECEIVERS = 32
"""So many are received, or sent their answer, at once; more wait until one of them is through, or hung up on."""
SECONDS = 60
"""A worker that has not answered for so long is replaced."""
PAUSE_SECONDS = 1
_log = logging.getLogger(__name__)


class PortTaken(WrongState):
    """Another program listens there already."""

    code = "serve.port_taken"


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and how: `host` and `port`, so many `workers` (processes), `secure` behind a proxy that speaks HTTPS."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    secure: bool = False

    @property
    def address(self) -> str:
        """What one opens in the browser."""
        return f"http://{self.host}:{self.port}/"


def site_of(
    logins: Logins,
    settings: Settings,
    *,
    clock: Clock,
    secure: bool = False,
    demo: Demo | None = None,
) -> Site:
    """The site over a database, opened for the process that asks."""
    database = open_database(logins, settings.bpmn, clock.now())
    database.be_waited_for_by_people()
    elsewhere = None if demo else provider_from(os.environ, database.parts["library"].policies.names())
    return Site(
        database, keys_of_installation(), clock, secure=secure, demo=demo, elsewhere=elsewhere,
        kept=FileStore(settings.files, scanner_of(settings)), mails=mail_server_of(settings) is not None,
        pages=(settings.pages or "").rstrip("/"), robots=None if demo else RobotHosts.of(settings.robot_hosts or ""),
    )  # fmt: skip


def must_be_servable(logins: Logins, settings: Settings, at: datetime) -> None:
    """Refuse before anybody comes what would be refused when they do: the database, and what stands in the settings."""
    database = open_database(logins, settings.bpmn, at)
    try:
        provider_from(os.environ, database.parts["library"].policies.names())
        scanner_of(settings)
        mail_server_of(settings)
        RobotHosts.of(settings.robot_hosts or "")
    finally:
        database.close()


def serve(serving: Serving, site: Callable[[], Site], ready: Callable[[], None] = lambda: None) -> None:
    """Serve until somebody says stop; `site` is called once in each process, `ready` when the port is taken.

    Refuses a port somebody else listens on.
    """
    _must_be_free(serving)
    translate_templates()
    if hasattr(os, "fork"):
        _by_gunicorn(serving, site, ready)
        return
    from waitress import serve as waitress

    ready()
    waitress(served(site(), serving), host=serving.host, port=serving.port, threads=2 * THREADS, ident=None)


def served(site: Site, serving: Serving) -> Flask:
    """The application as the outside meets it.

    Behind a proxy an address is the one it names last: what a browser itself puts there counts for nothing.
    """
    app = application(site)
    if serving.secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app


def _as_soon_as_possible(site: Callable[[], Site]) -> Site:
    """The site of a worker, which waits for its database: one that gave up would take the whole service along."""
    said = ""
    while True:
        try:
            return site()
        except (DatabaseRefused, Unavailable, DBAPIError) as reason:
            why = reason.message if isinstance(reason, EngineError) else type(reason).__name__
        if why != said:
            _log.warning("数据库还没有准备好，等它好了再开网页：%s", why)
            said = why
        time.sleep(PAUSE_SECONDS)


def _by_gunicorn(serving: Serving, site: Callable[[], Site], ready: Callable[[], None]) -> None:
    from gunicorn.app.base import BaseApplication

    from web.unreadable import Worker

    class Pages(BaseApplication):
        """Our application in gunicorn's hands; every worker opens the database for itself."""

        def load_config(self) -> None:
            told: dict[str, Any] = {
                "bind": f"{serving.host}:{serving.port}",
                "workers": serving.workers,
                "threads": RECEIVERS,
                "worker_class": Worker,
                "timeout": SECONDS,
                "graceful_timeout": 20,
                "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
                "loglevel": "warning",
                "when_ready": lambda server: ready(),
                "limit_request_line": 4094,
                "forwarded_allow_ips": "127.0.0.1",
            }
            for name, value in told.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            app = served(_as_soon_as_possible(site), serving)
            turns.guard(app, THREADS)
            return app

    Pages().run()


def _must_be_free(serving: Serving) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((serving.host, serving.port))
        except OSError as fault:
            raise PortTaken(
                f"{serving.host}:{serving.port} 不能用（已有程序在用，或不是本机的地址），没有启动。"
                "请用 --port 换一个端口。",
                port=serving.port,
            ) from fault
