"""`jixiao`: what an operator can ask of the product from a terminal.

With `--json` one JSON document goes to standard output and nothing else; messages go to standard error. Exit 0: done.
1: refused, or found wrong. 2: the command itself was misspelt.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from engine.clock import SystemClock
from engine.errors import EngineError
from web.settings import Settings

as_json = click.option("--json", "json_", is_flag=True, help="结果以一份 JSON 文档写到标准输出。")


def answering(command: Callable[..., Any]) -> Callable[..., None]:
    """A command that gives a document (and whether all is well), or refuses in a sentence."""

    @wraps(command)
    def run(*, json_: bool = False, **given: Any) -> None:
        try:
            answer, text, fine = command(**given)
        except EngineError as refusal:
            if json_:
                error = {"code": refusal.code, "message": refusal.message, **_plain(refusal.facts)}
                click.echo(json.dumps({"error": error}, ensure_ascii=False, default=_told))
            click.echo(refusal.message, err=True)
            sys.exit(1)
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str) if json_ else text)
        sys.exit(0 if fine else 1)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """绩效：地方财政预算绩效管理流程引擎。"""


@main.command()
@click.argument("jurisdiction")
@click.argument("decision")
@click.option(
    "--input", "input_", required=True, metavar="JSON", help='例如 \'{"score": "90", "object_kind": "project"}\'。'
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天的规则，默认今天。")
@as_json
@answering
def decide(jurisdiction: str, decision: str, input_: str, on: datetime | None) -> tuple[Any, str, bool]:
    """按本地区的决策表判定一次：结果、命中的行、依据和签核状态，或“本区未规定”。"""
    from engine.policies import decide_json, load_policies
    from web.answers import decision_words, read_object

    inputs = read_object(input_)
    policies = load_policies(Settings.from_environment().bpmn)
    answer = decide_json(policies, jurisdiction, decision, inputs, on.date() if on else None)
    return answer, decision_words(answer), True


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@as_json
@answering
def check(paths: tuple[Path, ...]) -> tuple[Any, str, bool]:
    """检查流程图、决策表和地区包：文件、行、元素、该怎么改。不给路径就检查全部 bpmn/。"""
    from web.checking import check_paths, findings_words

    findings = check_paths(paths, Settings.from_environment().bpmn)
    fine = not any(finding["severity"] == "error" for finding in findings)
    return {"ok": fine, "findings": findings}, findings_words(findings), fine


@main.command()
@as_json
@answering
def migrate() -> tuple[Any, str, bool]:
    """把数据库升级到本程序需要的结构，登记流程、规则和工作日历的版本。"""
    from web.wiring import database_url, open_database

    settings = Settings.from_environment()
    url = database_url(settings)
    open_database(url, settings.bpmn, SystemClock().now()).close()
    return {"migrated": True}, "数据库已是最新结构。", True


@main.command()
@as_json
@answering
def doctor() -> tuple[Any, str, bool]:
    """检查数据库、工作日历、流程和规则是否就绪。"""
    from web.doctor import examine

    results = examine(Settings.from_environment(), SystemClock().now())
    fine = all(result["ok"] for result in results)
    words = "\n".join(f"{'✓' if result['ok'] else '✕'} {result['what']}：{result['words']}" for result in results)
    return {"ok": fine, "results": results}, words, fine


@main.command()
@click.argument("jurisdiction")
@click.option("--year", type=click.IntRange(2000, 2100), required=True, help="资金年度。")
@click.option("--departments", type=click.Path(path_type=Path), help="部门整体评价结果表（agency,unit,score,grade）。")
@click.option("--projects", type=click.Path(path_type=Path), help="重点项目评价结果表（一行一笔资金）。")
@click.option("--published", type=click.Path(path_type=Path), help="已公布的汇总数，用来对照。")
@click.option("--seed", type=int, default=1, show_default=True, help="演练人员的随机种子；同一种子结果相同。")
@click.option("--processes", type=click.IntRange(1, 64), help="用几个进程，默认按处理器个数；结果与进程数无关。")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="结果写到这个文件夹。")
@click.option("--force", is_flag=True, help="文件夹里已有上次的结果时换成新的。")
@as_json
@answering
def rehearse(
    jurisdiction: str,
    year: int,
    departments: Path | None,
    projects: Path | None,
    published: Path | None,
    seed: int,
    processes: int | None,
    out: Path,
    force: bool,
) -> tuple[Any, str, bool]:
    """年度演练：让这些对象按本地区的流程图、决策表和期限走完一年，算出汇总数，并指出与公布数的差别。"""
    from web.rehearsing import rehearsal_words, rehearse_year

    result = rehearse_year(
        Settings.from_environment(),
        jurisdiction,
        year,
        departments=departments,
        projects=projects,
        published=published,
        seed=seed,
        processes=processes,
        out=out,
        force=force,
    )
    return result, rehearsal_words(result, out), True


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="网页的端口。")
@click.option("--no-serve", is_flag=True, help="只准备数据，不开网页。")
@click.option("--fresh", is_flag=True, help="重新建立演示库，原有的演示数据不再保留。")
@as_json
@answering
def demo(port: int, no_serve: bool, fresh: bool) -> tuple[Any, str, bool]:
    """准备演示库：花溪真实数据，演示时钟停在 2022 年 10 月 12 日，每个环节都有案卷。"""
    from web.demo import demo_words, demonstrate

    shown = demonstrate(Settings.from_environment(), fresh=fresh)
    return shown | {"served": False}, demo_words(shown, serve=not no_serve), True


@main.group()
def audit() -> None:
    """审计记录。"""


@audit.command()
@click.option("--jurisdiction", help="只校验一个地区，默认全部。")
@click.option("--anchors", type=click.Path(path_type=Path), help="库外留存锚点的文件，与库里的锚点对照。")
@as_json
@answering
def verify(jurisdiction: str | None, anchors: Path | None) -> tuple[Any, str, bool]:
    """重新计算每一条审计链，指出改动、缺失和截断。"""
    from web.auditing import verify_all

    result = verify_all(Settings.from_environment(), jurisdiction, SystemClock().now(), anchors)
    return result, result["words"], result["ok"]


@audit.command()
@click.argument("jurisdiction")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--with-papers", is_flag=True, help="把报送件、得分、意见和各笔资金一并导出，离线脚本可以重算它们。")
@click.option("--force", is_flag=True, help="文件已经存在时换成新的。")
@as_json
@answering
def export(jurisdiction: str, file: Path, with_papers: bool, force: bool) -> tuple[Any, str, bool]:
    """导出一个地区的审计链，离线脚本 tools/verify_journal.py 可以单独校验。"""
    from web.auditing import export_journal

    settings, at = Settings.from_environment(), SystemClock().now()
    count = export_journal(settings, jurisdiction, file, at, with_papers=with_papers, force=force)
    return {"entries": count, "file": str(file)}, f"已导出 {count} 条记录到 {file}。", True


def _told(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in ("code", "message")}


if __name__ == "__main__":
    main()
