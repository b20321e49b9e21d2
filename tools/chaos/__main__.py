"""`python -m tools.chaos`: prints what was done and what came of it; ends with 1 where anything was lost or doubled."""

import json
import os
import platform
import random
import sys
import time
from dataclasses import asdict
from importlib.metadata import version

import click
from sqlalchemy import text

from engine.clock import SHANGHAI, SystemClock
from tools.chaos.checker import examined, fired_in, left_in
from tools.chaos.clerks import clerks_of
from tools.chaos.place import Place, a_place
from tools.chaos.programs import programs_of
from tools.chaos.report import Run, in_words
from tools.chaos.storm import Blow, rage
from web.signals import ending_in_order

PATIENCE_SECONDS = 1200
"""So long the programs get, once nobody disturbs them, to let the rest take effect."""
CLERKS = 2


@click.command()
@click.option("--cases", default=1500, show_default=True, help="几份案卷；每份有一个期限已过。")
@click.option("--workers", default=3, show_default=True, help="同时开几个后台进程。")
@click.option("--kills", default=40, show_default=True, help="随机杀掉（kill -9）后台进程几次。")
@click.option("--pages", default=8, show_default=True, help="随机杀掉网页进程几次。")
@click.option("--crashes", default=4, show_default=True, help="数据库突然停机、重新启动几次。")
@click.option("--clocks", default=8, show_default=True, help="机器的时钟跳变几次，往前或往后。")
@click.option("--disks", default=2, show_default=True, help="数据库的磁盘写满几次；只有 Linux 的 root 能试。")
@click.option("--seed", default=1, show_default=True, help="随机种子。")
@click.option("--json", "as_json", is_flag=True, help="只打印一个 JSON 文档。")
def main(cases: int, workers: int, seed: int, as_json: bool, **blows: int) -> None:
    """一边到期、一边报送，同时杀进程、停数据库、写满磁盘、拨乱时钟，最后核对全部经过。"""
    wanted = {
        Blow.KILL: blows["kills"], Blow.PAGES: blows["pages"], Blow.CRASH: blows["crashes"],
        Blow.CLOCK: blows["clocks"], Blow.DISK: blows["disks"],
    }  # fmt: skip
    click.get_current_context().with_resource(ending_in_order())
    dice = random.Random(seed)  # noqa: S311 - when somebody is killed is no secret
    began, at = time.monotonic(), SystemClock().now()
    _say(f"正在建库和 {cases} 份案卷。")
    with a_place(cases) as place:
        if not place.own_disk:
            del wanted[Blow.DISK]
        _say(f"开 {workers} 个后台进程和网页，风波 {sum(wanted.values())} 次。")
        with programs_of(place, workers) as running:
            with clerks_of(place, CLERKS) as clerks:
                storm = rage(place, running, wanted, dice)
                undisturbed = fired_in(place)
            end = time.monotonic() + PATIENCE_SECONDS
            while left_in(place) and time.monotonic() < end:
                running.fill_up()
                time.sleep(1)
        found = examined(place, [clerk.said for clerk in clerks])
        run = Run(
            at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), _machine(place), workers, seed, undisturbed,
            round(time.monotonic() - began), place.own_disk,
        )  # fmt: skip
    told = {"run": asdict(run), "storm": asdict(storm), "found": asdict(found), "ok": found.is_sound}
    print(json.dumps(told, ensure_ascii=False) if as_json else in_words(run, storm, found))
    sys.exit(not found.is_sound)


def _machine(place: Place) -> str:
    with place.database.upkeep() as session:
        server = session.scalar(text("SHOW server_version"))
    return f"jixiao {version('jixiao')}，PostgreSQL {server}，{platform.system()}，处理器 {os.cpu_count()} 个"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
