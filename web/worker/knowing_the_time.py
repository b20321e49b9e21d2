"""Nothing is done by a clock that is wrong: each machine's is held against the database's, which all of them share."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from engine.clock import SECONDS_TOO_FAR, Clock, SystemClock
from engine.errors import Unavailable
from engine.store import Database


class ClockWrong(Unavailable):
    """The clock of this machine and that of the database say different times."""

    code = "clock.wrong"


def must_know_the_time(database: Database, clock: Clock) -> None:
    """Refuses when the machine's clock is off: days would fall due early, or mail lie for as long as it ran ahead.

    A clock that is put by hand, as the demo's, is its own time.
    """
    if not isinstance(clock, SystemClock):
        return
    with database.lookout() as session:
        theirs: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    apart = clock.now() - theirs
    if abs(apart) > timedelta(seconds=SECONDS_TOO_FAR):
        way = "快" if apart > timedelta(0) else "慢"
        raise ClockWrong(
            f"本机时钟比数据库的{way} {_told(abs(apart))}，校准以前这台机器不办理到期的事，由别的机器办。"
            "请在两边启用网络校时（timedatectl set-ntp true）。"
        )


def _told(apart: timedelta) -> str:
    minutes = round(apart.total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    return " ".join(f"{many} {unit}" for many, unit in ((days, "天"), (hours, "小时"), (minutes, "分钟")) if many)
