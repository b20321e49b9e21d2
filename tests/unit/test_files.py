"""What the product gives out is there whole or not at all, and never where somebody planted something."""

import errno
import os
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.files import AlreadyThere, NotWritable, append_whole, new_file, new_set
from tests.integration.refusals import must_be_a_sentence

NAMES = ("results.json", "cases.jsonl")


def write(path: Path, content: str = "new\n", *, force: bool = False) -> None:
    with new_file(path, force=force) as file:
        file.write(content)


def write_set(folder: Path, content: str = "new\n", *, force: bool = False) -> None:
    with new_set(folder, NAMES, force=force) as prepared:
        for name in NAMES:
            prepared.write(name, content)


def refusal(path: Path, *, force: bool = True) -> str:
    with pytest.raises(EngineError) as refused:
        write(path, force=force)
    must_be_a_sentence(refused.value.message)
    return refused.value.message


def refusal_of_set(folder: Path, *, force: bool = True) -> str:
    """Of a set that is refused before anybody worked for it."""
    with pytest.raises(EngineError) as refused, new_set(folder, NAMES, force=force):
        pytest.fail("begun all the same")
    must_be_a_sentence(refused.value.message)
    assert "没有开始" in refused.value.message or "没有写出" in refused.value.message
    return refused.value.message


@pytest.fixture
def mask() -> Iterator[None]:
    """New files are readable for everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_file_has_the_rights_of_every_new_file_and_nothing_beside_it(tmp_path: Path, mask: None) -> None:
    write(tmp_path / "结果.txt", "一\n二\n")

    assert (tmp_path / "结果.txt").read_text("utf-8") == "一\n二\n"
    assert stat.S_IMODE((tmp_path / "结果.txt").stat().st_mode) == 0o644
    assert len(list(tmp_path.iterdir())) == 1


def test_while_it_is_written_nobody_else_can_read_it(tmp_path: Path, mask: None) -> None:
    with new_file(tmp_path / "a") as file:
        file.write("x")
        (beside,) = tmp_path.iterdir()

        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
        assert beside.name != "a"


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    place = tmp_path / "a"
    place.write_text("old")

    assert "已经存在，没有覆盖" in refusal(place, force=False)
    assert place.read_text() == "old"

    write(place, force=True)

    assert place.read_text() == "new\n"


def test_a_replaced_file_keeps_its_rights_and_owner(tmp_path: Path, mask: None) -> None:
    place = tmp_path / "a"
    place.write_text("old")
    place.chmod(0o600)
    before = place.stat()

    write(place, force=True)

    after = place.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o600, before.st_uid, before.st_gid)


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")

    assert "是一个链接" in refusal(tmp_path / "link")
    assert "是一个链接" in refusal(tmp_path / "dangling")
    assert (tmp_path / "target").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "link").is_symlink()


def test_devices_pipes_sockets_and_folders_are_no_place_for_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")

        for name in ("pipe", "socket", "/dev/null", "/dev/full"):
            assert "不是普通文件" in refusal(tmp_path / name)
        for name in (".", "..", "/", str(tmp_path)):
            assert "是一个文件夹" in refusal(Path(name))

    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("没有这个文件夹/a", "所在的文件夹不存在"),
        ("file/a", "不是文件夹"),
        ("长" * 100, "名称太长"),
        ("loop/a", "不是文件夹|绕成了?圈"),
    ],
)
def test_a_place_that_cannot_be_is_refused_in_words(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(NotWritable, match=why):
        write(tmp_path / name)

    assert sorted(tmp_path.iterdir()) == before


def test_what_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "a"

    def race() -> None:
        with new_file(place) as file:
            file.write("late")
            place.write_text("first")

    with pytest.raises(AlreadyThere):
        race()
    assert place.read_text() == "first"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("accident", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_whatever_stops_the_writing_leaves_the_place_as_it_was(tmp_path: Path, accident: type[BaseException]) -> None:
    place = tmp_path / "a"
    place.write_text("old")

    def stopped() -> None:
        with new_file(place, force=True) as file:
            file.write("half")
            raise accident

    with pytest.raises(accident):
        stopped()

    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize(
    ("step", "number", "why"),
    [
        ("fsync", errno.ENOSPC, "磁盘满了"),
        ("fsync", errno.EIO, "磁盘出错"),
        ("fchmod", errno.EROFS, "文件系统是只读的"),
        ("rename", errno.EXDEV, "不能把写好的文件改名到位"),
        ("rename", errno.ENOTSUP, "不能把写好的文件改名到位"),
        ("rename", errno.EPERM, "没有写入的权限"),
        ("rename", 9999, "系统错误 9999"),
    ],
)
def test_a_failure_at_the_last_moment_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, why: str
) -> None:
    place = tmp_path / "a"
    place.write_text("old")

    def fails(*given: object, **how: object) -> None:
        raise OSError(number, "made up")

    monkeypatch.setattr(os, step, fails)

    assert why in refusal(place)
    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_a_file_system_without_second_names_takes_files_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: object, **how: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", fails)

    write(tmp_path / "a")

    assert (tmp_path / "a").read_text() == "new\n"


def test_a_set_appears_in_a_new_folder_all_at_once(tmp_path: Path, mask: None) -> None:
    out = tmp_path / "deep" / "结果"

    with new_set(out, NAMES) as prepared:
        prepared.write("results.json", "{}")
        assert not (tmp_path / "deep").exists()

    assert [path.name for path in out.iterdir()] == ["results.json"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o755
    assert stat.S_IMODE((out / "results.json").stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [tmp_path / "deep"]


def test_a_set_that_is_there_is_refused_before_the_work_unless_it_may_be_replaced(tmp_path: Path) -> None:
    write_set(tmp_path)
    (tmp_path / "mine.txt").write_text("keep")

    assert "里已经有results.json、cases.jsonl，没有开始" in refusal_of_set(tmp_path, force=False)

    write_set(tmp_path, force=True)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.jsonl", "mine.txt", "results.json"]


@pytest.mark.parametrize("renaming", [1, 2])
def test_an_earlier_set_is_put_back_whole_when_a_file_cannot_be_put_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renaming: int
) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("old")
    replace, left = Path.replace, iter(range(renaming))

    def fails_once(self: Path, target: Path) -> Path:
        if next(left, None) == renaming - 1:
            raise OSError(errno.EIO, "made up")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)

    with pytest.raises(NotWritable, match="磁盘出错"):
        write_set(tmp_path, force=True)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(NAMES, "old")


def test_a_new_set_that_cannot_be_put_in_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Path, target: Path) -> Path:
        raise OSError(errno.EXDEV, "made up")

    monkeypatch.setattr(Path, "rename", fails)

    with pytest.raises(NotWritable, match="改名到位"):
        write_set(tmp_path / "deep" / "out")

    assert list(tmp_path.iterdir()) == []


def test_a_place_where_no_set_can_be_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "taken" / "results.json").mkdir(parents=True)
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "cases.jsonl").symlink_to(tmp_path / "file")
    before = sorted(tmp_path.rglob("*"))

    assert "不是文件夹" in refusal_of_set(tmp_path / "file")
    assert "不是文件夹" in refusal_of_set(tmp_path / "file" / "out")
    assert "是一个链接" in refusal_of_set(tmp_path / "dangling")
    assert "是一个链接" in refusal_of_set(tmp_path / "link")
    assert "不是文件夹" in refusal_of_set(tmp_path / "dangling" / "out")
    assert "名称太长" in refusal_of_set(tmp_path / ("长" * 100))
    assert "名称太长" in refusal_of_set(tmp_path / "neu" / ("长" * 100))
    assert "是一个文件夹" in refusal_of_set(tmp_path / "taken")
    assert "是一个链接" in refusal_of_set(tmp_path / "planted")
    assert refusal_of_set(Path("/proc/nowhere/out"))
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(OSError(errno.ENOSPC, "made up")))
    assert "磁盘满了，没有开始" in refusal_of_set(tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB; only root can make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no right to mount a file system here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_leaves_what_was_there_and_nothing_else(small_disk: Path) -> None:
    write(small_disk / "a")
    write_set(small_disk / "set")

    with pytest.raises(NotWritable, match="磁盘满了，没有写出。请腾出空间"):
        write(small_disk / "a", "x" * 200_000, force=True)
    with pytest.raises(NotWritable, match="磁盘满了"):
        write_set(small_disk / "set", "x" * 30_000, force=True)

    assert (small_disk / "a").read_text() == "new\n"
    assert (small_disk / "set" / "results.json").read_text() == "new\n"
    assert sorted(path.name for path in small_disk.rglob("*")) == ["a", "cases.jsonl", "results.json", "set"]


def test_a_read_only_disk_is_called_so(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    assert "只读" in refusal(small_disk / "a")
    assert "只读" in refusal_of_set(small_disk / "out")


def test_what_cannot_be_added_whole_is_not_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = os.open(tmp_path / "log", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    append_whole(file, b"first\n")
    write, parts = os.write, iter([3])

    def fills_up(descriptor: int, content: bytes) -> int:
        if (room := next(parts, None)) is None:
            raise OSError(errno.ENOSPC, "made up")
        return write(descriptor, content[:room])

    monkeypatch.setattr(os, "write", fills_up)

    with pytest.raises(OSError, match="made up"):
        append_whole(file, b"second\n")

    os.close(file)
    assert (tmp_path / "log").read_text() == "first\n"
