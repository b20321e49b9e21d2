"""`jixiao`: what an operator can ask of the product from a terminal. How answers are told is in `web.terminal`."""

from contextlib import closing
from datetime import date
from pathlib import Path

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from engine.clock import SystemClock, day_of
from web.names import DecisionName, Facts, Jurisdiction
from web.settings import Settings
from web.signals import ending_in_order
from web.terminal import COMPLETING, EXIT_CODES, PROGRAM, Answer, Program, Shown
from web.usage import Day, OneOf, Place, Whole

SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


def _show_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from web.versions import versions, versions_words

        found = versions()
        raise Shown(Answer(found, versions_words(found)))


@click.group(
    cls=Program,
    epilog=f'{EXIT_CODES}\n\n命令补全：eval "$(jixiao completion bash)"，写进 ~/.bashrc 就一直有效。',
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="显示各部分的版本。"
)
def main() -> None:
    """绩效：地方财政预算绩效管理流程引擎。"""
    click.get_current_context().with_resource(ending_in_order())


@main.command()
@click.argument("jurisdiction", metavar="地区", type=Jurisdiction(), help="地区的名称，中文或拼音。")
@click.argument("decision", metavar="判定", type=DecisionName(), help="要做的判定，中文或英文名。")
@click.option(
    "--input", "input_", required=True, metavar="JSON", type=Facts(),
    help='判定要的输入，例如 \'{"score": "90", "object_kind": "project"}\'；不知道要什么就先不写，会列出来。',
)  # fmt: skip
@click.option("--on", type=Day(), metavar="日期", help="哪一天的规则，默认今天。")
def decide(jurisdiction: str, decision: str, input_: str, on: date | None) -> Answer:
    """按本地区的决策表判定一次：结果、命中的行、依据和签核状态，或“本区未规定”。"""
    from engine.policies import decide_json, load_policies
    from web.answers import decision_words, in_identifiers, read_object

    inputs = read_object(input_)
    policies = load_policies(Settings.from_environment().bpmn)
    policy = policies.named(jurisdiction)
    name = policy.decision_named(decision)
    inputs = in_identifiers(policy.table(name).signature, inputs)
    answer = decide_json(policies, policy.name, name, inputs, on or day_of(SystemClock().now()))
    return Answer(answer, decision_words(answer))


@main.command()
@click.argument("paths", metavar="路径", nargs=-1, type=Place(), help="流程图（.bpmn）、决策表（.dmn）或文件夹。")
def check(paths: tuple[Path, ...]) -> Answer:
    """检查流程图、决策表和地区包：文件、行、元素、该怎么改。不给路径就检查全部 bpmn/。"""
    from web.checking import check_paths, findings_words, steps_counted

    bpmn = Settings.from_environment().bpmn
    findings, steps = check_paths(paths, bpmn), steps_counted(paths, bpmn)
    fine = not any(finding["severity"] == "error" for finding in findings)
    return Answer({"ok": fine, "findings": findings, "steps": steps}, findings_words(findings, steps), fine)


@main.command()
def rules() -> Answer:
    """135 条规则各由哪些场景说明；各地文件写到的能力哪些可用、哪些部分可用、哪些还没有做。"""
    from web.rule_book import book_json, book_words, read_rule_book

    book = read_rule_book()
    return Answer(book_json(book), book_words(book))


@main.command()
def migrate() -> Answer:
    """把数据库升级到本程序需要的结构，登记流程、规则和工作日历的版本。"""
    from web.wiring import logins_of, open_database

    settings = Settings.from_environment()
    open_database(logins_of(settings), settings.bpmn, SystemClock().now()).close()
    return Answer({"migrated": True}, "数据库已是最新结构。")


@main.command()
def doctor() -> Answer:
    """检查能不能好好工作：数据库、结构、权限、磁盘、日历、规则、字体、时间、各部分版本。"""
    from web.doctor import examine, examined_words, is_fit

    results = examine(Settings.from_environment(), SystemClock().now())
    return Answer({"ok": is_fit(results), "results": results}, examined_words(results), is_fit(results))


@main.command()
@click.argument("jurisdiction", metavar="地区", type=Jurisdiction(), help="地区的名称，中文或拼音。")
@click.option("--year", type=Whole(2000, 2100), required=True, metavar="年度", help="资金年度。")
@click.option("--departments", type=Place(), metavar="文件", help="部门整体评价结果表（agency,unit,score,grade）。")
@click.option("--projects", type=Place(), metavar="文件", help="重点项目评价结果表（一行一笔资金）。")
@click.option("--published", type=Place(), metavar="文件", help="已公布的汇总数，用来对照。")
@click.option(
    "--seed", type=Whole(), metavar="整数", default=1, show_default=True, help="演练人员的随机种子；同一种子结果相同。"
)
@click.option("--processes", type=Whole(1, 64), metavar="个数", help="用几个进程，默认按处理器个数；结果与进程数无关。")
@click.option("--out", type=Place(folder=True), required=True, metavar="文件夹", help="结果写到这个文件夹。")
@click.option("--force", is_flag=True, help="文件夹里已有上次的结果时换成新的。")
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
) -> Answer:
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
    return Answer(result, rehearsal_words(result, out))


@main.command()
@click.option("--host", metavar="地址", default="127.0.0.1", show_default=True, help="在哪个地址上等浏览器。")
@click.option("--port", type=Whole(1, 65535), metavar="端口", default=8000, show_default=True, help="网页的端口。")
@click.option("--workers", type=Whole(1, 64), metavar="个数", default=2, show_default=True, help="用几个进程。")
@click.option("--https", is_flag=True, help="前面有代理提供 HTTPS：登录凭证只经 HTTPS 传送。")
def serve(host: str, port: int, workers: int, https: bool) -> Answer:
    """开网页，直到按 Ctrl-C。"""
    from web.serving import Serving, must_be_servable, serve, site_of
    from web.wiring import logins_of

    settings, clock = Settings.from_environment(), SystemClock()
    logins, serving = logins_of(settings), Serving(host, port, workers, https)
    must_be_servable(logins, settings, clock.now())
    serve(
        serving,
        lambda: site_of(logins, settings, clock=clock, secure=https),
        lambda: click.echo(f"网页已开：{serving.address}", err=True),
    )
    return Answer({"served": serving.address}, "网页已停止。")


@main.command()
def worker() -> Answer:
    """后台进程：到期的期限几秒内触发、按期催办、发通知，每天锚定、清理；可以开几个，在几台机器上，直到按 Ctrl-C。"""
    from threading import Event

    from engine.audit.keeping import FileKeeper
    from engine.notifications.robots import RobotHosts
    from engine.submissions.file_store import FileStore
    from web.keyring import keys_of_installation
    from web.wiring import logins_of, open_database
    from web.worker.carrying import carrier_for
    from web.worker.jobs import Worker
    from web.worker.posting import Post, mail_server_of
    from web.worker.talking import Robots

    settings, clock = Settings.from_environment(), SystemClock()
    with closing(open_database(logins_of(settings), settings.bpmn, clock.now())) as database:
        clockwork = Worker(database, clock, FileKeeper(settings.anchors), FileStore(settings.files))
        server = mail_server_of(settings)
        robots = Robots(
            database, clock, keys_of_installation, RobotHosts.of(settings.robot_hosts or ""), settings.pages or ""
        )
        with carrier_for(database, mails=server is not None), Post(database, clock, server), robots:
            clockwork.work(Event(), lambda: click.echo(f"后台进程在运行：{clockwork.name}", err=True))
    return Answer({"worked": clockwork.name}, "后台进程已停止。")


@main.command()
@click.option("--port", type=Whole(1, 65535), metavar="端口", default=8000, show_default=True, help="网页的端口。")
@click.option("--no-serve", is_flag=True, help="只准备数据，不开网页。")
@click.option("--fresh", is_flag=True, help="重新建立演示库，原有的演示数据不再保留。")
def demo(port: int, no_serve: bool, fresh: bool) -> Answer:
    """演示：花溪真实数据，演示时钟停在 2022 年 10 月 12 日，每个阶段都有案卷；建好后开网页，后台进程随着开。"""
    from web.demo import demo_site, demo_words, demonstrate, open_accounts
    from web.serving import Serving, serve
    from web.worker.beside import worker_beside

    settings = Settings.from_environment()
    shown = demonstrate(settings, fresh=fresh)
    if no_serve:
        return Answer(shown | {"served": None}, demo_words(shown))
    serving = Serving(port=port)
    open_accounts(settings)
    click.echo(demo_words(shown), err=True)
    with worker_beside():
        serve(serving, lambda: demo_site(settings), lambda: click.echo(_opened(serving.address), err=True))
    return Answer(shown | {"served": serving.address}, "网页已停止。")


@main.command()
@click.argument("file", metavar="文件", type=Place(), help="备份写到这个文件。")
@click.option("--force", is_flag=True, help="文件已经有了就换成新的。")
def backup(file: Path, force: bool) -> Answer:
    """把数据库和附件备份成一个文件，备份时照常办理。"""
    from web.backing_up import backup_words, make_backup

    told = make_backup(Settings.from_environment(), file, SystemClock().now(), force=force)
    return Answer(told, backup_words(told), told["ok"])


@main.command()
@click.argument("file", metavar="文件", type=Place(), help="要恢复的备份。")
@click.option("--into", metavar="库名", help="恢复到同一台服务器上一个新的库，原来的库不动。")
def restore(file: Path, into: str | None) -> Answer:
    """从备份恢复到还没有案卷的数据库，最后重算审计链。"""
    from web.backing_up import restore_backup, restored_words

    told = restore_backup(Settings.from_environment(), file, SystemClock().now(), into)
    return Answer(told, restored_words(told, into), told["ok"])


@main.group()
def audit() -> None:
    """审计记录：校验、锚定、导出。"""


@audit.command()
@click.option("--jurisdiction", metavar="地区", type=Jurisdiction(), help="只校验一个地区，默认全部。")
@click.option("--anchors", type=Place(), metavar="文件", help="库外留存锚点的文件，默认 JIXIAO_ANCHORS。")
@click.option("--demo", is_flag=True, help="校验演示库（jixiao demo 建立的）。")
def verify(jurisdiction: str | None, anchors: Path | None, demo: bool) -> Answer:
    """重新计算每一条审计链，指出改动、缺失和截断。"""
    from web.auditing import verify_all

    result = verify_all(Settings.from_environment(), jurisdiction, SystemClock().now(), anchors, demo=demo)
    return Answer(result, result["words"], result["ok"])


@audit.command()
def anchor() -> Answer:
    """把过完的日子锚定：各地区每天全部记录算成一个校验值，库里库外（JIXIAO_ANCHORS）各存一份。后台进程每天自己办。"""
    from web.auditing import anchor_all

    result = anchor_all(Settings.from_environment(), SystemClock().now())
    return Answer(result, result["words"])


@audit.command()
@click.argument("jurisdiction", metavar="地区", type=Jurisdiction(), help="地区的名称，中文或拼音。")
@click.argument("file", metavar="文件", type=Place(), help="导出到这个文件。")
@click.option("--with-papers", is_flag=True, help="把报送件、得分、意见和各笔资金一并导出，离线脚本可以重算它们。")
@click.option("--force", is_flag=True, help="文件已经存在时换成新的。")
@click.option("--demo", is_flag=True, help="从演示库导出（jixiao demo 建立的）。")
def export(jurisdiction: str, file: Path, with_papers: bool, force: bool, demo: bool) -> Answer:
    """导出一个地区的审计链，离线脚本 tools/verify_journal.py 可以单独校验。"""
    from web.auditing import export_journal

    settings, at = Settings.from_environment(), SystemClock().now()
    done = export_journal(settings, jurisdiction, file, at, with_papers=with_papers, force=force, demo=demo)
    return Answer(done, done["words"])


@main.group()
def account() -> None:
    """账号：开设第一位管理员。"""


@account.command()
@click.argument("login", metavar="账号", help="登录用的账号。")
@click.argument("name", metavar="姓名", help="本人的姓名。")
@click.option("--jurisdiction", required=True, metavar="地区", type=Jurisdiction(), help="在哪个地区开设。")
@click.option(
    "--office", metavar="岗位", type=OneOf("系统管理员", "安全管理员", "审计管理员"), default="系统管理员",
    show_default=True, help="系统管理员、安全管理员或审计管理员。",
)  # fmt: skip
def first(login: str, name: str, jurisdiction: str, office: str) -> Answer:
    """开设一个地区的第一位管理员，显示一次性的登录密码；已有这个岗位的地区不再开设。"""
    from web.first_account import first_account_words, open_first_account

    told = open_first_account(Settings.from_environment(), jurisdiction, login, name, office)
    return Answer(told, first_account_words(told))


def _opened(address: str) -> str:
    return f"网页已开：{address}（按 Ctrl-C 停止）"


@main.command()
@click.argument("shell", metavar="外壳", type=OneOf(*SHELLS), help="bash、zsh 或 fish。")
def completion(shell: str) -> Answer:
    """打印命令补全脚本：eval "$(jixiao completion bash)" 之后，按 Tab 补全命令、地区和判定。"""
    script = ShellComplete.source(SHELLS[shell](main, {}, PROGRAM, COMPLETING))
    return Answer({"shell": shell, "script": script}, script)


if __name__ == "__main__":
    main()
