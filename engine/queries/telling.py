"""The journal in Chinese: one sentence for each kind of event, out of the facts it was recorded with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.policies import DECISIONS, Column
from engine.queries.vocabulary import said_answer, said_deadline
from engine.results.publication import DELIBERATIONS
from engine.stages import STAGE_NAMES
from engine.submissions.forms import FORMS
from engine.submissions.forms.result_application import EFFECTS

Facts = Mapping[str, Any]

KINDS = {"project": "项目", "whole_department": "部门整体", "policy": "政策"}
SCORE_KINDS = {"self": "自评", "spot_review": "复核", "third_party": "第三方评价", "department": "部门评价"}
CONSEQUENCES = {
    "remind": "继续催办",
    "mark_overdue": "记逾期",
    "escalate": "提级督办",
    "close": "截止关闭",
    "suspend": "暂停",
}
DISPOSALS = {
    "continue": "继续执行",
    "adjust": "调整目标",
    "cut": "调减预算",
    "stop": "停止执行",
    "candidate": "列入重点评价备选",
}
ADJUSTMENTS = {"supplement": "追加", "cut": "调减", "transfer": "调剂"}
LINKAGES = {
    "guarantee": "优先保障",
    "normal": "正常安排",
    "strict": "从严从紧",
    "cut": "调减",
    "cancel": "撤销",
    "quota_cut": "扣减公用经费定额",
    "stop_payment": "停止拨款",
    "undefined": "本区未规定，待认定",
}
OTHER_PROCESSES = {
    "case": "案卷",
    "budget_adjustment": "预算调整",
    "policy_expiry": "到期政策再评估",
    "rectification_item": "单项整改",
}
DOCUMENTS = DECISIONS["publication_gate"].inputs["document_kind"].words


@dataclass(frozen=True, slots=True)
class Words:
    """How ids are said: `step` gives the Chinese name of process.element as the case's diagrams have it."""

    step: Callable[[str], str]


def tell(type_: str, facts: Facts, words: Words) -> str:
    """What happened, as a sentence without who and when."""
    return SENTENCES[type_](facts, words)


def _started(facts: Facts, words: Words) -> str:
    return f"建立{KINDS[facts['object_kind']]}案卷，编码{facts['code']}，资金{facts['amount_wan']}万元"


def _stage(facts: Facts, words: Words) -> str:
    return f"进入“{stage_name(facts['stage'])}”"


def _launched(facts: Facts, words: Words) -> str:
    return f"部署{facts['fiscal_year']}年度“{stage_name(facts['stage'])}”"


def _done(verb: str) -> Callable[[Facts, Words], str]:
    def sentence(facts: Facts, words: Words) -> str:
        version = f"（第{facts['version']}稿）" if "version" in facts else ""
        return f"{verb}“{words.step(facts['step'])}”{_item(facts)}{version}{_answers(facts)}"

    return sentence


def _late(verb: str) -> Callable[[Facts, Words], str]:
    def sentence(facts: Facts, words: Words) -> str:
        if "step" in facts:
            return f"“{words.step(facts['step'])}”{_item(facts)}{verb}"
        return f"期限“{said_deadline(facts.get('deadline', ''))}”已过，{verb}"

    return sentence


def _with_reason(verb: str) -> Callable[[Facts, Words], str]:
    return lambda facts, words: verb + _because(facts)


def _corrected(facts: Facts, words: Words) -> str:
    return f"移动到“{facts['name']}”，经第二人同意{_because(facts)}"


def _frozen(facts: Facts, words: Words) -> str:
    amount = f"，资金调整为{facts['amount_wan']}万元" if "amount_wan" in facts else ""
    return f"{FORMS[facts['form']].title}第{facts['version']}稿批复生效{amount}"


def _adjusted(facts: Facts, words: Words) -> str:
    kind = ADJUSTMENTS.get(str(facts.get("kind")), "调整")
    return f"预算{kind}：{facts['from_wan']}万元→{facts['to_wan']}万元{_because(facts)}"


def _decided(facts: Facts, words: Words) -> str:
    return "按规则判定 " + "；".join(_ruling(name, answer) for name, answer in facts["answers"].items())


def _ruling(name: str, answer: Mapping[str, Any] | None) -> str:
    """What a table answered, in the words of its columns."""
    decision = DECISIONS[name]
    if answer is None:
        return f"{decision.title}：本区未规定"
    columns = {output: column for output, column in decision.outputs.items() if answer.get(output) is not None}
    parts = {column.label: _in_words(answer[output], column) for output, column in columns.items()}
    if len(decision.outputs) == 1:
        return f"{decision.title}：{''.join(parts.values())}"
    return f"{decision.title}：{'，'.join(f'{label} {said}' for label, said in parts.items())}"


def _in_words(value: Any, column: Column) -> str:
    words = str(value).split() if column.words else [_said(value)]
    return "、".join(column.words.get(word, word) for word in words)


def _extended(facts: Facts, words: Words) -> str:
    before = f"由{facts['before']}" if "before" in facts else ""
    return f"期限“{said_deadline(facts['deadline'])}”{before}延长至{facts['after']}{_because(facts)}"


def _fired(facts: Facts, words: Words) -> str:
    what = CONSEQUENCES.get(facts["consequence"], facts["consequence"])
    return f"期限“{said_deadline(facts['deadline'])}”（{_day(facts['due_on'])}）届满，{what}"


def _drawn(facts: Facts, words: Words) -> str:
    if "frame" not in facts:
        return f"第{facts['sample']}号抽样：{'抽中' if facts.get('sampled') or facts.get('selected') else '未抽中'}"
    drawn = f"从{facts['candidates']}个备选中抽取{len(facts['chosen'])}个"
    return f"第{facts['sample']}号抽样：{drawn}，见证人{facts['witness']}"


def _skipped(facts: Facts, words: Words) -> str:
    return f"第{facts['sample']}号：本年不抽{_because(facts)}"


def _planned(facts: Facts, words: Words) -> str:
    if "frame" not in facts:
        if not facts.get("selected"):
            return "未列入年度评价计划"
        return f"列入年度评价计划，{'部门自主' if facts.get('organizer') == 'department' else '财政牵头'}"
    return f"确定{facts['fiscal_year']}年度评价计划：{facts['candidates']}个备选，列入{len(facts['chosen'])}个"


def _assigned(facts: Facts, words: Words) -> str:
    return f"委托{facts['agency']}办理“{stage_name(facts['stage'])}”，主评人{facts['lead_evaluator']}"


def _accepted(verb: str) -> Callable[[Facts, Words], str]:
    def sentence(facts: Facts, words: Words) -> str:
        result = f"，得分{facts['score']}，等级{facts['grade'] or '待认定'}" if "score" in facts else ""
        return f"评价报告第{facts['version']}稿{verb}{result}{_because(facts)}"

    return sentence


def _scored(facts: Facts, words: Words) -> str:
    return f"{SCORE_KINDS[facts['kind']]}得分{facts['total']}，等级{facts['grade'] or '本区未规定'}"


def _letter(facts: Facts, words: Words) -> str:
    items = f"，整改事项{len(facts['items'])}项" if facts["items"] else "，不要求整改"
    return f"发出反馈意见函{facts['number']}：得分{facts['score']}，等级{facts['grade']}{items}"


def _opened(facts: Facts, words: Words) -> str:
    return f"整改立项{len(facts['items'])}项，期限{_day(facts['due_on'])}"


def _struck_off(facts: Facts, words: Words) -> str:
    rules = f"，完善制度{facts['rules_improved']}项" if facts.get("rules_improved") else ""
    money = f"，追回{facts['recovered_wan']}万元" if facts.get("recovered_wan") else ""
    return f"整改事项{facts['item']}核验销号{rules}{money}"


def _proposed(facts: Facts, words: Words) -> str:
    return f"建议{LINKAGES.get(facts['effect'], facts['effect'])}，依据{facts['source']}"


def _result(facts: Facts, words: Words) -> str:
    effects = "、".join(EFFECTS[effect]["label"] for effect in facts["effects"]) or "不调整"
    exceptions = f"；例外：{'；'.join(facts['exceptions'])}" if facts["exceptions"] else ""
    return f"审定结果应用：{effects}{exceptions}"


def _sitting(facts: Facts, words: Words) -> str:
    verdict = "通过" if facts["passed"] else "须修改"
    opinion = f"，意见：{facts['opinion']}" if facts.get("opinion") else ""
    document = DOCUMENTS.get(facts["document_kind"], facts["document_kind"])
    return f"{document}{DELIBERATIONS[facts['body']]}（{_day(facts['held_on'])}）：{verdict}{opinion}"


def _published(facts: Facts, words: Words) -> str:
    document = DOCUMENTS.get(facts["document_kind"], facts["document_kind"])
    return f"公开{document}（{_day(facts['published_on'])}），网址{facts['address']}"


def _withheld(facts: Facts, words: Words) -> str:
    return f"{DOCUMENTS.get(facts['document_kind'], facts['document_kind'])}不予公开{_because(facts)}"


SENTENCES: dict[str, Callable[[Facts, Words], str]] = {
    "attachment.added": lambda facts, words: f"上传附件“{facts['name']}”（{facts['slot']}）",
    "case.started": _started,
    "case.suspended": _with_reason("暂停办理"),
    "case.resumed": _with_reason("恢复办理"),
    "case.cancelled": _with_reason("取消案卷"),
    "case.closed": lambda facts, words: "办结归档",
    "case.migrated": _with_reason("换用新版流程和规则"),
    "case.corrected": _corrected,
    "stage.entered": _stage,
    "stage.launched": _launched,
    "task.completed": _done("办结"),
    "task.claimed": lambda facts, words: "签收任务",
    "task.transferred": _with_reason("转办任务"),
    "task.overdue": _late("逾期"),
    "task.escalated": _late("逾期，提请上级督办"),
    "submission.filled": _done("填报"),
    "submission.submitted": _done("报送"),
    "submission.returned": _done("退回"),
    "submission.approved": _done("通过"),
    "submission.withdrawn": lambda f, w: f"撤回{FORMS[f['form']].title}第{f['version']}稿{_because(f)}",
    "target.frozen": _frozen,
    "budget.adjusted": _adjusted,
    "decision.made": _decided,
    "monitoring.disposed": lambda f, w: f"监控处置：{DISPOSALS.get(str(f.get('disposal')), '已落实')}",
    "candidate.added": lambda f, w: f"列入{f['for_year']}年度重点评价备选",
    "deadline.extended": _extended,
    "deadline.fired": _fired,
    "deadline.not_laid_down": lambda f, w: f"期限“{said_deadline(f['deadline'])}”本区未规定，不设截止日",
    "sample.drawn": _drawn,
    "sample.skipped": _skipped,
    "evaluation.planned": _planned,
    "agency.assigned": _assigned,
    "evaluation.accepted": _accepted("验收通过"),
    "evaluation.returned": _accepted("退回机构"),
    "score.given": _scored,
    "feedback.issued": _letter,
    "feedback.signed": lambda facts, words: "签收反馈意见函",
    "rectification.opened": _opened,
    "rectification.reported": lambda f, w: f"报送整改事项{f['item']}的整改情况",
    "rectification.returned": lambda f, w: f"退回整改事项{f['item']}{_because(f)}",
    "rectification.closed": _struck_off,
    "rectification.replaced": lambda f, w: f"原函整改事项{len(f['items'])}项由新函代替",
    "result.proposed": _proposed,
    "result.decided": _result,
    "payment.stop_proposed": lambda f, w: f"整改事项{f.get('item', '')}逾期，提请停止拨款或调减",
    "deliberation.recorded": _sitting,
    "disclosure.published": _published,
    "disclosure.withheld": _withheld,
    "incident.raised": lambda f, w: f"自动步骤异常（第{f['incident']}号）{_because(f)}",
    "incident.resolved": lambda f, w: f"异常消除（第{f['incident']}号，{f['how']}）",
    "note.recorded": lambda f, w: str(f.get("text", "备注")),
}


def stage_name(process: str) -> str:
    """A stage, or another process, as people call it."""
    return STAGE_NAMES.get(process) or OTHER_PROCESSES.get(process, process)


def _because(facts: Facts) -> str:
    return f"：{facts['reason']}" if facts.get("reason") else ""


def _item(facts: Facts) -> str:
    return f"（{facts['item']}）" if facts.get("item") else ""


def _answers(facts: Facts) -> str:
    said = "，".join(said_answer(name, _said(value)) for name, value in facts.get("answers", {}).items())
    return f"：{said}" if said else ""


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%Y-%m-%d")
