"""The one file that imports procrastinate: carries the jobs that changes have left behind, until told to stop.

Any number of processes carry beside each other. A job that fails is tried again, with pauses that grow up to an hour,
for as long as it fails; one whose process was killed is taken up by another when that has been silent for a while.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from engine.store.serving import LOOKOUT

LOOK_SECONDS = 2.0
"""How often an idle carrier asks whether there is a job."""

SILENT_SECONDS = 30.0
"""A carrier says three times as often that it lives; one that has said nothing for so long is taken for dead, and its
jobs are taken up again."""

LONGEST_PAUSE_SECONDS = 3600
AT_ONCE = 2
"""Jobs one process does beside each other."""

AGAIN_SECONDS = 5.0
"""After so long a carrier that lost the database tries to come back."""

_log = logging.getLogger(__name__)
Work = Callable[..., object]


class Carrier:
    """Does jobs of a database by name: what stands in `work` is called with the arguments of the job."""

    def __init__(self, url: str, work: Mapping[str, Work], *, silent_seconds: float = SILENT_SECONDS) -> None:
        self._url, self._work, self._silent_seconds = url, work, silent_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._going_on: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Carrier":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, in a thread of its own; gives back at once."""
        begun = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._until_stopped(begun)), name="carrier")
        self._thread.start()
        begun.wait()

    def stop(self) -> None:
        """Take up nothing more; waits for the jobs under way."""
        if self._thread is None or self._loop is None or self._going_on is None:
            return
        self._loop.call_soon_threadsafe(self._going_on.cancel)
        self._thread.join()
        self._thread = None

    def carry_what_waits(self) -> None:
        """Do the jobs that are there now, those of dead carriers too, and come back; what fails stays for later."""
        with ThreadPoolExecutor(1) as aside:  # whoever asks may be in the midst of something asynchronous
            aside.submit(lambda: asyncio.run(self._once())).result()

    async def _until_stopped(self, begun: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._going_on = asyncio.create_task(self._on_and_on())
        begun.set()
        await asyncio.wait([self._going_on])

    async def _on_and_on(self) -> None:
        """A database that goes away comes back: then so do we."""
        while True:
            try:
                async with self._app().open_async() as app:
                    rescuing = asyncio.create_task(self._rescue_again_and_again(app))
                    try:
                        await self._work_at(app, wait=True)
                    finally:
                        rescuing.cancel()
            except Exception as fault:  # noqa: BLE001 - nothing may stop what carries
                _log.warning("后台任务没有走通，过几秒再试：%s", fault)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _once(self) -> None:
        async with self._app().open_async() as app:
            await self._rescue(app)
            await self._work_at(app, wait=False)

    async def _work_at(self, app: App, *, wait: bool) -> None:
        await app.run_worker_async(
            wait=wait, concurrency=AT_ONCE, install_signal_handlers=False, listen_notify=False,
            fetch_job_polling_interval=LOOK_SECONDS, update_heartbeat_interval=self._silent_seconds / 3,
            stalled_worker_timeout=self._silent_seconds, delete_jobs="successful",
        )  # fmt: skip

    async def _rescue_again_and_again(self, app: App) -> None:
        while True:
            try:
                await self._rescue(app)
            except Exception as fault:  # noqa: BLE001 - the next turn finds them too
                _log.warning("没有查到中断的后台任务，过一会儿再查：%s", fault)
            await asyncio.sleep(self._silent_seconds)

    async def _rescue(self, app: App) -> None:
        """What a carrier that died had in hands waits again."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._silent_seconds):
            await app.job_manager.retry_job(job)

    def _app(self) -> App:
        app = App(connector=_connector(self._url))
        for name, work in self._work.items():
            app.task(name=name, retry=_Patience())(_said_when_it_fails(name, work))
        return app


def _said_when_it_fails(name: str, work: Work) -> Work:
    def done(**args: Any) -> None:
        try:
            work(**args)
        except Exception as fault:
            _log.warning("后台任务“%s”没有办成，过一会儿再试：%s", name, fault)
            raise

    return done


class _Patience(BaseRetryStrategy):
    """Once more after 2, 4, 8 … seconds, in the end every hour."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts + 1, 12), LONGEST_PAUSE_SECONDS)})


def _connector(url: str) -> PsycopgConnector:
    """Connections that serve the clock; its rows of jobs are seen by nobody else."""
    plain = make_url(url).set(drivername="postgresql")
    told = plain.query.get("options", "")
    options = f"{told if isinstance(told, str) else ' '.join(told)} -c search_path=procrastinate,public".strip()
    conninfo = make_conninfo(plain.render_as_string(hide_password=False), options=options)
    return PsycopgConnector(conninfo=conninfo, configure=_serve_the_clock, min_size=1, max_size=4)


async def _serve_the_clock(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    await connection.execute("SELECT public.serve_tenant(%s::text, %s::bytea)", (LOOKOUT, token_bytes(32)))
    await connection.execute("SELECT set_config('app.jurisdiction', %s, false)", (LOOKOUT,))
