"""`python -m tools.chaos`: prints what was done and what came of it; ends with 1 where anything was lost or doubled."""

import json
import random
import sys
import time
from dataclasses import asdict

import click

from tools.chaos.checker import examined, fired_in, left_in
from tools.chaos.place import a_place
from tools.chaos.storm import CHUNK, PAUSE, rage, workers_of

PATIENCE_SECONDS = 600
"""So long the workers get, once nobody disturbs them, to let the rest take effect."""


@click.command()
@click.option("--cases", default=1500, show_default=True, help="几份案卷。")
@click.option("--workers", default=3, show_default=True, help="同时开几个后台进程。")
@click.option("--kills", default=40, show_default=True, help="随机杀掉（kill -9）后台进程几次。")
@click.option("--crashes", default=4, show_default=True, help="数据库突然停机、重新启动几次。")
@click.option("--seed", default=1, show_default=True, help="随机种子。")
@click.option("--json", "as_json", is_flag=True, help="只打印一个 JSON 文档。")
def main(cases: int, workers: int, kills: int, crashes: int, seed: int, as_json: bool) -> None:
    """一边到期、一边杀进程、停数据库，最后核对全部经过：每个期限恰好触发一次，审计链连续。"""
    dice = random.Random(seed)  # noqa: S311 - when somebody is killed is no secret
    began = time.monotonic()
    _say(f"正在建库和 {cases} 份案卷。")
    with a_place(cases) as place:
        _say(f"开 {workers} 个后台进程，杀 {kills} 次，停数据库 {crashes} 次。")
        with workers_of(place, workers) as running:
            storm = rage(place, running, kills, crashes, dice, lambda: fired_in(place))
            undisturbed = fired_in(place)
            end = time.monotonic() + PATIENCE_SECONDS
            while left_in(place) and time.monotonic() < end:
                running.fill_up()
                time.sleep(0.5)
        found = examined(place)
    sound = not (found.lost or found.doubled or found.faults)
    told = asdict(found) | asdict(storm) | {"fired_meanwhile": undisturbed, "seconds": round(time.monotonic() - began)}
    print(json.dumps(told | {"ok": sound}, ensure_ascii=False) if as_json else _words(told, sound))
    sys.exit(not sound)


def _words(told: dict[str, object], sound: bool) -> str:
    lines = [
        f"案卷 {told['cases']} 份，到期触发 {told['fired']} 个，杀进程、停数据库期间 {told['fired_meanwhile']} 个。",
        f"杀后台进程 {told['kills']} 次；数据库突然停机 {told['crashes']} 次，共停 {told['away_seconds']:.1f} 秒。",
        f"后台进程自行退出 {told['ended_by_themselves']} 次，由管理服务的程序重新开。",
        f"丢失 {told['lost']} 个，重复 {told['doubled']} 个；核对审计记录 {told['entries']} 条。",
        *(f"✕ {fault}" for fault in told["faults"]),  # type: ignore[attr-defined]
        "✓ 全部期限恰好触发一次，审计链连续。" if sound else "✕ 有丢失、重复或不一致，见上。",
        f"用时 {told['seconds']} 秒。为了让杀落在办理途中，每笔事务只办 {CHUNK} 份案卷，办完停 {PAUSE} 秒；",
        "其他与 jixiao worker 相同。没有试：杀网页进程、时钟跳变、磁盘写满。",
    ]
    return "\n".join(lines)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
