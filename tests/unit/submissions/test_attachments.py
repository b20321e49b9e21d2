import doctest
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packed import Limits
from engine.submissions import attachments
from engine.submissions.attachments import AttachmentRefused, accept, clean_name

SMALL = Limits(size_bytes=200_000, unpacked_bytes=1_000_000, parts=20)
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": "<w>验收</w>".encode()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


Sent = Callable[[bytes], Path]


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    def write(content: bytes) -> Path:
        path = tmp_path / "sent"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("批复.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("现场.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("现场.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("截图.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        (
            "验收单.docx",
            packed(WORD),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "明细.xlsx",
            packed({"xl/workbook.xml": b"<workbook/>"}),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("发票.ofd", packed({"OFD.xml": b"<OFD/>"}), "application/ofd"),
    ],
)
def test_every_kind_on_the_list_is_taken(sent: Sent, name: str, content: bytes, media_type: str) -> None:
    accepted = accept(sent(content), name)

    assert (accepted.name, accepted.media_type, accepted.size_bytes) == (name, media_type, len(content))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("程序.exe", b"MZ", "“程序.exe”不是可以上传的类型。请另存为 pdf、docx、xlsx、ofd、png、jpg 之一"),
        ("资料.zip", packed(WORD), "不是可以上传的类型"),
        ("宏.docm", packed(WORD), "不是可以上传的类型"),
        ("空.pdf", b"", "“空.pdf”是空文件，没有上传。"),
        ("大.pdf", b"%PDF-" + bytes(200_000), "“大.pdf”超过 0.190735 MB，没有上传。请压缩图片或分成两个文件。"),
        ("改名.pdf", b"MZ\x90", "“改名.pdf”的内容不是 PDF，没有上传。请用原来的软件另存为"),
        ("改名.docx", packed({"xl/workbook.xml": b""}), "“改名.docx”的内容不是 Word 文档"),
        ("密码.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "“密码.docx”设有密码或是旧版格式"),
        ("宏.docx", packed(WORD | {"word/vbaProject.bin": b""}), "“宏.docx”含有宏"),
        ("出去.docx", packed(WORD | {"../../etc/cron.d/x": b""}), "“出去.docx”里面有指向别处的路径"),
        ("出去.docx", packed(WORD | {"/etc/passwd": b""}), "里面有指向别处的路径"),
        ("出去.docx", packed(WORD | {"C:\\windows\\x": b""}), "里面有指向别处的路径"),
        ("少见.docx", packed(WORD, zipfile.ZIP_LZMA), "用了办公软件不用的压缩方式"),
        ("多.docx", packed(WORD | {f"word/{n}": b"" for n in range(30)}), "“多.docx”里面超过 20 个部分"),
        ("截断.docx", packed(WORD)[:-30], "“截断.docx”已损坏，读不出内容，没有上传。"),
        ("截断.docx", packed(WORD)[:40], "已损坏"),
    ],
    ids=lambda part: part if isinstance(part, str) else "bytes",  # archives hold the time at which they were packed
)
def test_what_is_not_taken_is_told_why_and_what_to_do(sent: Sent, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        accept(sent(content), name, SMALL)

    assert sentence in refusal.value.message
    assert "。请" in refusal.value.message


def test_a_file_that_unpacks_to_too_much_is_refused_in_the_words_of_the_design(sent: Sent) -> None:
    bomb = packed(WORD | {"word/media/image1.bmp": bytes(201 * 1024 * 1024)})

    with pytest.raises(AttachmentRefused) as refusal:
        accept(sent(bomb), "验收单.docx")

    assert len(bomb) < 300_000
    assert refusal.value.message == ("“验收单.docx”解压后超过 200 MB，没有上传。请压缩图片或分成两个文件。")


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further_than_allowed(sent: Sent) -> None:
    honest = packed(WORD | {"word/media/image1.bmp": bytes(5_000_000)})
    lying = honest.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 10))

    assert lying != honest
    with pytest.raises(AttachmentRefused, match=r"已损坏|解压后超过"):
        accept(sent(lying), "验收单.docx", SMALL)


def test_parts_that_share_their_bytes_count_each_time(sent: Sent) -> None:
    """The overlapping kind of bomb: many entries of the directory point to one packed part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(300_000))
        archive.filelist.extend([archive.filelist[0]] * 9)

    with pytest.raises(AttachmentRefused, match="解压后超过"):
        accept(sent(buffer.getvalue()), "验收单.docx", SMALL)


def test_a_directory_of_endless_length_is_refused_before_it_is_read(sent: Sent) -> None:
    content = bytearray(packed(WORD))
    content[-10:-6] = struct.pack("<L", 2**32 - 1)
    zip64 = packed(WORD)[:-22] + b"PK\x06\x07" + bytes(16) + packed(WORD)[-22:]

    for each in (bytes(content), zip64):
        with pytest.raises(AttachmentRefused, match="里面超过 20 个部分"):
            accept(sent(each), "验收单.docx", SMALL)


@given(st.data())
def test_a_packed_file_with_any_bytes_changed_is_taken_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(packed(WORD))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "changed"
    path.write_bytes(content)

    try:
        outcome = accept(path, "验收单.docx", SMALL).name
    except AttachmentRefused as refusal:
        outcome = refusal.message[1:9]

    assert outcome.startswith("验收单.docx"[:8])


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("/etc/../验收单.pdf", "验收单.pdf"),
        ("C:\\资料\\验收单.pdf", "验收单.pdf"),
        (" 验收单 .pdf. ", "验收单.pdf"),
        ("a\u202efdp.docx", "afdp.docx"),
        ("行\n头\r.pdf", "行头.pdf"),
        ('<"甲|乙?*>.pdf', "__甲_乙___.pdf"),
        ("con.pdf", "_con.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("𠮷·甲.pdf", "𠮷·甲.pdf"),
        ("验收" * 100 + ".pdf", "验收" * 32 + "验.pdf"),
    ],
)
def test_a_name_is_cleaned_of_what_could_mislead(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize("name", ["", ".", "..", "/", ".pdf", "无扩展名", "\u202e", "目录/"])
def test_a_name_without_a_stem_or_an_extension_is_refused(name: str) -> None:
    with pytest.raises(AttachmentRefused, match="没有文件名或扩展名，没有上传。请改名后再上传。"):
        clean_name(name)


def test_the_example_in_the_cleaning_rule_holds() -> None:
    assert doctest.testmod(attachments) == doctest.TestResults(failed=0, attempted=1)
