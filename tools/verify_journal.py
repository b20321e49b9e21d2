#!/usr/bin/env python3
"""Verify an exported journal without the system that wrote it: python verify_journal.py EXPORT.jsonl

Needs Python 3.9 and nothing else. Exit 0: everything holds; 1: something was altered; 2: no file that can be read.
An entry's hash is SHA-256 over the hash before it (32 zero bytes at first) and the entry as canonical JSON; an anchor
is SHA-256 over all heads [case, sequence, hash] at the end of that day (Beijing time) as canonical JSON. A digest of a
paper, a score (named by its paper), an opinion, an execution figure or the fund lines of a case is the first 16 bytes
of SHA-256 over the content as canonical JSON, in base64url. `amount_wan` in an entry is the amount of the
case from then on.
"""

import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal

FORMATS = ("jixiao-journal/1", "jixiao-journal/2")
KINDS = ("journal", "entry", "head", "anchor", "case", "paper", "score", "opinion", "figure", "end")
HASHED = ("jurisdiction", "case_id", "seq", "type", "payload", "by", "acting_for", "at")
THINGS = {"paper": "报送件", "score": "得分", "opinion": "意见", "figure": "执行数"}
BEIJING = timezone(timedelta(hours=8))
NOTHING = (0, "00" * 32)


def canonical(content):
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(canonical(content)).digest()[:16]).decode().rstrip("=")


def read(path):
    kinds = {kind: [] for kind in KINDS}
    with open(path, encoding="utf-8") as file:
        for document in map(json.loads, file):
            kinds[document["kind"]].append(document)
    if len(kinds["journal"]) != 1 or kinds["journal"][0]["format"] not in FORMATS:
        raise ValueError("不是日志导出文件")
    return kinds


def chain_breaks(entries, heads):
    ends = {}
    for entry in entries:
        case, seq, kind = entry["case_id"], entry["seq"], entry["type"]
        before, head = ends.get(case, NOTHING)
        versioned = ("version", "stage") if entry.get("version") is not None else ()
        content = canonical({name: entry[name] for name in (*HASHED, *versioned)})
        if seq != before + 1:
            yield f"案卷{case}第{before}条之后是第{seq}条，中间的记录缺失"
        elif hashlib.sha256(bytes.fromhex(head) + content).hexdigest() != entry["hash"]:
            yield f"案卷{case}第{seq}条（{kind}）与校验值不符，内容被改动过"
        ends[case] = (seq, entry["hash"])
    known = {head["case_id"]: (head["seq"], head["hash"]) for head in heads}
    for case in sorted(ends.keys() | known.keys()):
        if ends.get(case, NOTHING) != known.get(case):
            yield f"案卷{case}的记录链末尾与登记的不符，有记录被截断、添加，或整案被删除"


def anchor_breaks(entries, anchors):
    dated = [(datetime.fromisoformat(entry["at"]).astimezone(BEIJING).date().isoformat(), entry) for entry in entries]
    for anchor in anchors:
        standing = [entry for day, entry in dated if day <= anchor["day"]]
        heads = {entry["case_id"]: [entry["case_id"], entry["seq"], entry["hash"]] for entry in standing}
        found = hashlib.sha256(canonical([heads[case] for case in sorted(heads)])).hexdigest()
        if (len(standing), found) != (anchor["entries"], anchor["hash"]):
            yield f"{anchor['day']}的锚点与记录不符，锚定后有记录被改写、删除或补入"


def named(entry):
    """What an entry names, with its digest, or None where it only points to it."""
    payload = entry["payload"]
    submitted = "score" if entry["type"] in ("score.given", "grade.settled") else "paper"
    if entry.get("version") is not None:
        for what, key, said in ((submitted, "submission", "digest"), ("paper", "filed", "filed_digest")):
            if key in payload:
                yield what, payload[key], payload.get(said)
        for what in ("opinion", "figure"):
            if f"{what}_digest" in payload:
                yield what, payload[what], payload[f"{what}_digest"]


def content_breaks(kinds):
    found = {}
    for what in THINGS:
        for thing in kinds[what]:
            key = (what, thing["case_id"], thing["id"])
            found[key] = found.get(key, "") + digest(thing["content"])  # a second score of one paper fits no digest
    unnamed = dict(found)
    old = {entry["case_id"] for entry in kinds["entry"] if entry.get("version") is None}
    replaced = {(entry["payload"].get("submission"), entry["payload"].get("before")) for entry in kinds["entry"]}
    for entry in kinds["entry"]:
        for what, name, said in named(entry):
            now = found.get((what, entry["case_id"], name))
            unnamed.pop((what, entry["case_id"], name), None)
            if now is None or (said not in (None, now) and (name, said) not in replaced):
                yield f"案卷{entry['case_id']}第{entry['seq']}条提到的{THINGS[what]}与校验值不符，被改动或删除过"
    for what, case, _ in unnamed:
        if case not in old:
            yield f"案卷{case}有一份{THINGS[what]}在记录里没有提到，是绕过系统添加的"


def case_breaks(kinds):
    told = {entry["case_id"]: entry["payload"] for entry in kinds["entry"] if "amount_wan" in entry["payload"]}
    known = {entry["case_id"] for entry in kinds["entry"]}
    for case in kinds["case"]:
        number, last = case["case_id"], told.get(case["case_id"])
        if number not in known:
            yield f"案卷{number}一条记录也没有，记录被删除过"
        elif last is not None and Decimal(last["amount_wan"]) != Decimal(case["amount_wan"]):
            yield f"案卷{number}金额是{case['amount_wan']}万元，记录里最后一次确定的是{last['amount_wan']}万元"
        elif last is not None and "lines" in case and last.get("lines", digest(case["lines"])) != digest(case["lines"]):
            yield f"案卷{number}的各笔资金与校验值不符，资金明细被改动过"


def ends_well(kinds):
    counts = {kind: len(documents) for kind, documents in kinds.items() if documents and kind != "end"}
    if kinds["journal"][0]["format"] == FORMATS[0]:
        said = {"entries": "entry", "heads": "head", "anchors": "anchor"}
        counts = {name: len(kinds[kind]) for name, kind in said.items()}
        return kinds["end"] == [{"kind": "end", **counts}]
    return kinds["end"] == [{"kind": "end", "counts": counts}]


def main(path):
    try:
        kinds = read(path)
        breaks = [*chain_breaks(kinds["entry"], kinds["head"]), *anchor_breaks(kinds["entry"], kinds["anchor"])]
        breaks += case_breaks(kinds)
        with_papers = kinds["journal"][0].get("with_papers", False)
        breaks += content_breaks(kinds) if with_papers else []
        breaks += [] if ends_well(kinds) else ["文件不完整：末行登记的条数与实际不符"]
        digests = sum(1 for entry in kinds["entry"] for _, _, said in named(entry) if said is not None)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as reason:
        print(f"读不了{path}：{reason}", file=sys.stderr)
        return 2
    entries, heads, anchors = (len(kinds[kind]) for kind in ("entry", "head", "anchor"))
    print("\n".join(breaks) or f"{entries}条记录、{heads}条记录链、{anchors}个锚点，全部相符。")
    if digests:
        print(f"{digests}份报送件、得分和意见{'也重算过了' if with_papers else '没有重算：导出时没有带上它们'}。")
    return 1 if breaks else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
