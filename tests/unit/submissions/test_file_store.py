import hashlib
import io
import threading
from pathlib import Path

import pytest

from engine.packed import Limits
from engine.submissions.attachments import AttachmentRefused
from engine.submissions.file_store import FileDamaged, FileNotKept, FileStore

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1000
HASH = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def files_in(store: FileStore) -> list[str]:
    return sorted(str(path.relative_to(store.folder)) for path in store.folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_the_hash_of_its_bytes_and_read_back(store: FileStore) -> None:
    kept = store.keep(io.BytesIO(PDF), "资料/批复.pdf")

    assert (kept.sha256, kept.file.name, kept.file.size_bytes) == (HASH, "批复.pdf", len(PDF))
    assert files_in(store) == [f"{HASH[:2]}/{HASH[2:4]}/{HASH}"]
    assert store.read(HASH) == PDF


def test_the_same_bytes_under_another_name_are_stored_once(store: FileStore) -> None:
    store.keep(io.BytesIO(PDF), "批复.pdf")
    written = (store.folder / HASH[:2] / HASH[2:4] / HASH).stat().st_ino

    again = store.keep(io.BytesIO(PDF), "副本.pdf")

    assert again.sha256 == HASH
    assert len(files_in(store)) == 1
    assert (store.folder / HASH[:2] / HASH[2:4] / HASH).stat().st_ino == written


@pytest.mark.parametrize(("name", "content"), [("批复.exe", PDF), ("批复.pdf", b"MZ"), ("空.pdf", b"")])
def test_a_refused_file_leaves_nothing_behind(store: FileStore, name: str, content: bytes) -> None:
    with pytest.raises(AttachmentRefused):
        store.keep(io.BytesIO(content), name)

    assert not store.folder.exists() or files_in(store) == []


def test_no_more_is_read_than_the_limit_allows(store: FileStore) -> None:
    endless = io.BytesIO(PDF * 50)

    with pytest.raises(AttachmentRefused, match="超过 1 MB"):
        store.keep(endless, "批复.pdf", Limits(size_bytes=1024 * 1024))

    assert endless.tell() < 1024 * 1024 + 128 * 1024
    assert files_in(store) == []


def test_a_file_changed_on_the_disk_is_not_handed_out_and_is_mended_by_the_next_upload(store: FileStore) -> None:
    store.keep(io.BytesIO(PDF), "批复.pdf")
    path = store.folder / HASH[:2] / HASH[2:4] / HASH
    path.chmod(0o640)
    path.write_bytes(PDF[:-1] + b"x")

    with pytest.raises(FileDamaged, match="已损坏，不能打开"):
        store.read(HASH)

    store.keep(io.BytesIO(PDF), "批复.pdf")
    assert store.read(HASH) == PDF


@pytest.mark.parametrize("number", ["0" * 64, "../../etc/passwd", "", HASH.upper()])
def test_a_number_that_is_not_kept_is_refused(store: FileStore, number: str) -> None:
    store.keep(io.BytesIO(PDF), "批复.pdf")

    with pytest.raises(FileNotKept):
        store.read(number)


def test_a_stream_that_breaks_off_leaves_nothing_behind(store: FileStore) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100_000:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.keep(Broken(PDF), "批复.pdf")

    assert files_in(store) == []


def test_many_uploads_of_one_file_at_once_keep_it_whole(store: FileStore) -> None:
    threads = [threading.Thread(target=lambda: store.keep(io.BytesIO(PDF), "批复.pdf")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.read(HASH) == PDF
    assert len(files_in(store)) == 1
