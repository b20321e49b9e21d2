"""Files no row names leave the store after a while, whoever uploads or is killed meanwhile; all others stay."""

import hashlib
import io
import os
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from engine.clock import shanghai
from engine.submissions.file_clearing import TooManyUnnamed, clear
from engine.submissions.file_store import FileStore

BEFORE = shanghai(2022, 10, 5)
LONG_AGO = (BEFORE - timedelta(days=1)).timestamp()
Asked = Callable[[Sequence[str]], Collection[str]]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def pdf(number: int) -> bytes:
    return b"%PDF-1.7\n" + str(number).encode()


def sent(store: FileStore, number: int) -> str:
    """A file that was sent long ago."""
    sha256 = store.keep(io.BytesIO(pdf(number)), "批复.pdf").sha256
    os.utime(store.place(sha256), (LONG_AGO, LONG_AGO))
    return sha256


def but(*named: str) -> Asked:
    """What the database says whose rows name these files."""
    return lambda hashes: set(hashes) - set(named)


def lying(store: FileStore) -> set[str]:
    return {path.name for path in store.folder.rglob("*") if path.is_file()}


def test_what_a_row_names_stays_and_the_rest_goes(store: FileStore) -> None:
    kept, left = sent(store, 1), sent(store, 2)

    counts = [clear(store, but(kept), BEFORE) for _ in range(2)]

    assert counts == [1, 0]
    assert lying(store) == {kept}
    assert left != kept


def test_what_was_sent_of_late_stays(store: FileStore) -> None:
    young = store.keep(io.BytesIO(pdf(1)), "批复.pdf").sha256

    assert clear(store, but(), BEFORE) == 0
    assert lying(store) == {young}


def test_the_same_bytes_sent_again_are_young_again(store: FileStore) -> None:
    sha256 = sent(store, 1)
    store.keep(io.BytesIO(pdf(1)), "批复.pdf")

    assert clear(store, but(), BEFORE) == 0
    assert lying(store) == {sha256}


def test_an_upload_that_broke_off_leaves_nothing_for_ever(store: FileStore) -> None:
    sent(store, 1)
    broken, under_way = (store.folder / "incoming" / name for name in ("a", "b"))
    broken.write_bytes(b"%PDF")
    under_way.write_bytes(b"%PDF")
    os.utime(broken, (LONG_AGO, LONG_AGO))

    clear(store, but(), BEFORE)

    assert lying(store) == {"b"}


def test_bytes_that_are_sent_while_their_file_is_put_aside_are_kept(store: FileStore) -> None:
    sha256 = sent(store, 1)

    def sends_meanwhile(hashes: Sequence[str]) -> Collection[str]:
        if (store.aside / sha256).exists():
            store.keep(io.BytesIO(pdf(1)), "批复.pdf")
            return set()  # and the row is written
        return set(hashes)

    assert clear(store, sends_meanwhile, BEFORE) == 0
    assert store.read(sha256) == pdf(1)
    assert lying(store) == {sha256}


def test_bytes_that_are_sent_just_before_their_file_is_put_aside_are_kept(store: FileStore) -> None:
    sha256 = sent(store, 1)

    def sends_first(hashes: Sequence[str]) -> Collection[str]:
        if not (store.aside / sha256).exists():
            store.keep(io.BytesIO(pdf(1)), "批复.pdf")
        return set(hashes)

    assert clear(store, sends_first, BEFORE) == 0
    assert store.read(sha256) == pdf(1)


@pytest.mark.parametrize("named", [True, False])
def test_what_a_machine_that_was_killed_left_aside_is_seen_to(store: FileStore, named: bool) -> None:
    sha256 = sent(store, 1)
    store.aside.mkdir()
    store.place(sha256).replace(store.aside / sha256)

    clear(store, but(*[sha256] * named), BEFORE)

    assert store.place(sha256).exists() is named
    assert lying(store) == {sha256} if named else lying(store) == set()


def test_a_store_most_of_which_is_unknown_is_left_alone(store: FileStore) -> None:
    files = {sent(store, number) for number in range(50)}
    named = sorted(files)[:10]

    with pytest.raises(TooManyUnnamed, match="50 个文件，有 40 个本库没有登记"):
        clear(store, but(*named), BEFORE)

    assert lying(store) == files


def test_a_store_that_was_never_used_has_nothing_to_clear(store: FileStore) -> None:
    assert clear(store, but(), BEFORE) == 0


def test_the_hash_of_a_file_is_its_place(store: FileStore) -> None:
    sha256 = sent(store, 1)

    assert sha256 == hashlib.sha256(pdf(1)).hexdigest()
    assert dict(store.places()) == {sha256: store.place(sha256)}
