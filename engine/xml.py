"""Reads XML nobody vouches for: UTF-8, no DOCTYPE, no entities, no network, at most 2 MB and 256 levels deep."""

import re

from lxml import etree

from engine.errors import DefinitionError

MAX_BYTES = 2 * 1024 * 1024

_DOCTYPE_IN_PROLOG = re.compile(r"(?>\s|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


class XmlRefused(DefinitionError):
    """A file is no XML, not well-formed, or might do harm; `file`, and `line` where there is one, say where."""

    code = "xml.refused"


def parse_xml(name: str, content: bytes) -> etree._Element:
    """The root element of a well-formed, harmless XML file, or XmlRefused; `name` is the file named in the refusal."""
    if len(content) > MAX_BYTES:
        raise XmlRefused(f"文件“{name}”超过2 MB，不予读取；请拆分或删去多余内容。", file=name, size=len(content))
    _refuse_doctype(name, _text(name, content))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise XmlRefused(
            f"文件“{name}”不是规范的XML（第{error.lineno or 1}行）：{error.msg}；请用建模工具重新导出。",
            file=name,
            line=error.lineno or 1,
        ) from error
    if root.getroottree().docinfo.doctype:
        raise _doctype_refused(name, 1)
    return root


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise XmlRefused(
            f"文件“{name}”不是UTF-8编码（第{line}行起无法识别）；请另存为UTF-8后再提交。", file=name, line=line
        ) from error


def _refuse_doctype(name: str, text: str) -> None:
    """Refuse a DOCTYPE before anything it declares is read."""
    if found := _DOCTYPE_IN_PROLOG.match(text):
        raise _doctype_refused(name, text.count("\n", 0, found.end()) + 1)


def _doctype_refused(name: str, line: int) -> XmlRefused:
    return XmlRefused(
        f"文件“{name}”含有DOCTYPE声明（第{line}行），为安全起见不予读取；请删去该声明。", file=name, line=line
    )
