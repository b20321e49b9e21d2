#!/usr/bin/env python3
"""Verify an exported journal without the system that wrote it: python verify_journal.py EXPORT.jsonl

Needs Python 3.9 and nothing else. Exit 0: everything holds; 1: something was altered; 2: no such file.
An entry's hash is SHA-256 over the hash before it (32 zero bytes at first) and the entry as canonical JSON; an anchor
is SHA-256 over all heads [case, sequence, hash] at the end of that day (Beijing time) as canonical JSON.
"""

import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone

HASHED = ("jurisdiction", "case_id", "seq", "type", "payload", "by", "acting_for", "at")
BEIJING = timezone(timedelta(hours=8))
NOTHING = (0, "00" * 32)


def read(path):
    kinds = {kind: [] for kind in ("journal", "entry", "head", "anchor", "end")}
    with open(path, encoding="utf-8") as file:
        for document in map(json.loads, file):
            kinds[document["kind"]].append(document)
    if [opening["format"] for opening in kinds["journal"]] != ["jixiao-journal/1"]:
        raise ValueError("不是日志导出文件")
    return kinds


def chain_breaks(entries, heads):
    ends = {}
    for entry in entries:
        case, seq, kind = entry["case_id"], entry["seq"], entry["type"]
        before, head = ends.get(case, NOTHING)
        versioned = ("version", "stage") if entry.get("version") is not None else ()
        content = {name: entry[name] for name in (*HASHED, *versioned)}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if seq != before + 1:
            yield f"案卷{case}第{before}条之后是第{seq}条，中间的记录缺失"
        elif hashlib.sha256(bytes.fromhex(head) + text.encode()).hexdigest() != entry["hash"]:
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
        listed = json.dumps([heads[case] for case in sorted(heads)], separators=(",", ":"))
        digest = hashlib.sha256(listed.encode()).hexdigest()
        if (len(standing), digest) != (anchor["entries"], anchor["hash"]):
            yield f"{anchor['day']}的锚点与记录不符，锚定后有记录被改写、删除或补入"


def main(path):
    try:
        kinds = read(path)
        breaks = [*chain_breaks(kinds["entry"], kinds["head"]), *anchor_breaks(kinds["entry"], kinds["anchor"])]
    except (OSError, ValueError, KeyError, TypeError) as reason:
        print(f"读不了{path}：{reason}", file=sys.stderr)
        return 2
    entries, heads, anchors = (len(kinds[kind]) for kind in ("entry", "head", "anchor"))
    if kinds["end"] != [{"kind": "end", "entries": entries, "heads": heads, "anchors": anchors}]:
        breaks.append("文件不完整：末行登记的条数与实际不符")
    print("\n".join(breaks) or f"{entries}条记录、{heads}条记录链、{anchors}个锚点，全部相符。")
    return 1 if breaks else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
