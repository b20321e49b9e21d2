"""The names of events as call sites still write them; `engine.audit.events` has one class for each."""

from dataclasses import dataclass, field
from typing import Any

EVENTS: dict[str, str] = {
    "case.started": "案卷建立",
    "case.suspended": "案卷暂停",
    "case.resumed": "案卷恢复",
    "case.cancelled": "案卷取消",
    "case.closed": "案卷归档",
    "case.migrated": "案卷换用新版流程",
    "case.corrected": "运维更正",
    "stage.entered": "进入环节",
    "stage.launched": "工作部署",
    "task.completed": "任务办结",
    "task.claimed": "任务签收",
    "task.transferred": "任务转办",
    "task.overdue": "任务逾期",
    "task.escalated": "逾期上报",
    "submission.filled": "填报",
    "submission.submitted": "报送",
    "submission.returned": "退回",
    "submission.approved": "通过",
    "submission.withdrawn": "撤回",
    "attachment.added": "上传附件",
    "target.frozen": "目标定稿",
    "budget.adjusted": "预算调整",
    "decision.made": "规则判定",
    "monitoring.disposed": "监控处置",
    "candidate.added": "列入重点评价备选",
    "deadline.extended": "期限延长",
    "deadline.fired": "期限届满",
    "deadline.not_laid_down": "期限本区未规定",
    "sample.drawn": "抽样",
    "sample.skipped": "本年不抽",
    "evaluation.planned": "评价计划",
    "agency.assigned": "委托第三方",
    "evaluation.accepted": "评价报告验收",
    "evaluation.returned": "评价报告退回",
    "score.given": "评分",
    "feedback.issued": "发出反馈意见函",
    "feedback.signed": "签收反馈意见函",
    "rectification.opened": "整改立项",
    "rectification.reported": "报送整改情况",
    "rectification.returned": "退回整改",
    "rectification.closed": "整改销号",
    "rectification.replaced": "整改事项由新函代替",
    "result.proposed": "结果应用建议",
    "result.decided": "结果应用决定",
    "payment.stop_proposed": "提出停止拨款",
    "deliberation.recorded": "审议记录",
    "disclosure.published": "公开",
    "disclosure.withheld": "不予公开",
    "incident.raised": "自动步骤异常",
    "incident.resolved": "异常消除",
    "note.recorded": "备注",
}
"""Wire name → what the journal page calls it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, in the words of `EVENTS`; `facts` are JSON values."""

    type: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.type not in EVENTS:
            raise ValueError(f"unknown event {self.type}")
