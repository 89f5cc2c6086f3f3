"""A file appears whole or not at all, and is read within limits."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vivant.errors import EngineBrokeError, InputError, ResourceError
from vivant.media.files import (
    DiskFullError,
    OutputTakenError,
    read_limited,
    sha256_of,
    unfinished,
)

HOLD = """
import sys
from pathlib import Path
from vivant.media.files import unfinished
with unfinished(Path(sys.argv[1])) as hidden:
    hidden.write_text("half")
    print("holding", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_gets_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"

    with unfinished(film) as hidden:
        hidden.write_bytes(b"whole")
        seen_meanwhile = film.exists()

    assert not seen_meanwhile
    assert film.read_bytes() == b"whole"
    assert names(tmp_path) == ["film.mp4"]


def test_the_hidden_file_is_beside_the_output_and_keeps_its_suffix(tmp_path: Path) -> None:
    with unfinished(tmp_path / "film.mp4") as hidden:
        hidden.touch()

        assert hidden.parent == tmp_path
        assert hidden.suffix == ".mp4"
        assert hidden.name.startswith(".")


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, SystemExit, ValueError, InputError])
def test_whatever_goes_wrong_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, trouble: type[BaseException]
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"old")

    def write(file: Path) -> None:
        file.write_bytes(b"half")
        raise trouble

    with pytest.raises(trouble), unfinished(film) as hidden:
        write(hidden)

    assert film.read_bytes() == b"old"
    assert names(tmp_path) == ["film.mp4"]


def test_two_runs_to_one_output_at_once_are_refused(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"

    with unfinished(film) as hidden:
        hidden.write_bytes(b"first")
        with pytest.raises(OutputTakenError, match=str(os.getpid())), unfinished(film):
            pass
    with unfinished(film) as hidden:
        hidden.write_bytes(b"second")

    assert film.read_bytes() == b"second"
    assert names(tmp_path) == ["film.mp4"]


def test_two_outputs_in_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    with unfinished(tmp_path / "a.mp4") as a, unfinished(tmp_path / "b.mp4") as b:
        a.write_text("a")
        b.write_text("b")

    assert names(tmp_path) == ["a.mp4", "b.mp4"]


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process in the middle of writing ``film.mp4``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "film.mp4")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    return process


def test_another_process_that_writes_there_is_named(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(OutputTakenError) as caught, unfinished(tmp_path / "film.mp4"):
        pass
    holder.communicate("")

    assert caught.value.process == holder.pid
    assert (tmp_path / "film.mp4").read_text() == "half"


def test_what_a_killed_process_left_is_taken_over_and_cleared(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.communicate()
    left = names(tmp_path)

    with unfinished(tmp_path / "film.mp4") as hidden:
        assert not hidden.exists()
        hidden.write_text("whole")

    assert len(left) == 2
    assert names(tmp_path) == ["film.mp4"]
    assert (tmp_path / "film.mp4").read_text() == "whole"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_leaves_nothing_and_says_how_much_is_free(
    tmp_path: Path, number: int
) -> None:
    def write(file: Path) -> None:
        file.write_bytes(bytes(3_000_000))
        raise OSError(number, os.strerror(number))

    with pytest.raises(DiskFullError) as caught, unfinished(tmp_path / "film.mp4") as hidden:
        write(hidden)

    assert "3.0 MB or more are needed" in str(caught.value)
    assert caught.value.free_mb > 0
    assert names(tmp_path) == []


def test_a_disk_without_room_is_noticed_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError), unfinished(tmp_path / "a.mp4", expected_bytes=2**62):
        pytest.fail("the work began")

    assert names(tmp_path) == []


def test_a_device_is_no_output() -> None:
    with pytest.raises(InputError, match="device"), unfinished(Path(os.devnull)):
        pass


def test_other_trouble_with_the_system_passes_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), unfinished(tmp_path / "film.mp4"):
        raise TimeoutError

    assert names(tmp_path) == []


def test_a_writer_that_writes_nothing_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(EngineBrokeError), unfinished(tmp_path / "film.mp4"):
        pass

    assert names(tmp_path) == []


def test_an_output_in_no_folder_or_on_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"), unfinished(tmp_path / "no" / "a.mp4"):
        pass
    with pytest.raises(InputError, match="is a folder"), unfinished(tmp_path):
        pass


def test_a_folder_that_takes_no_files_is_refused() -> None:
    """The kernel's own folder takes none, whoever asks."""
    folder = Path("/proc/self")
    if not folder.is_dir():
        return

    with pytest.raises(ResourceError, match="may not be written"), unfinished(folder / "a.mp4"):
        pass


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (Path.exists, "not found"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.touch(), "empty"),
        (lambda path: path.write_bytes(bytes(1001)), r"at most 0\.0 MB"),
        (os.mkfifo, "not a file"),
    ],
    ids=["missing", "folder", "empty", "large", "pipe"],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    tmp_path: Path, make: Callable[[Path], object], match: str
) -> None:
    path = tmp_path / "somebody.jpg"
    make(path)

    with pytest.raises(InputError, match=match) as caught:
        read_limited(path, at_most_bytes=1000, what="photo")

    assert "photo" in str(caught.value)
    assert "somebody" not in str(caught.value)


def test_a_file_within_the_limit_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(1000))

    assert read_limited(path, at_most_bytes=1000, what="photo") == bytes(1000)


def test_paths_that_no_system_takes_are_refused() -> None:
    with pytest.raises(InputError):
        read_limited(Path("a\0b"), at_most_bytes=1000, what="photo")
    with pytest.raises(InputError):
        read_limited(Path("a" * 5000), at_most_bytes=1000, what="photo")


def test_a_file_has_the_hash_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc" * 100_000)

    assert sha256_of(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()
    with pytest.raises(InputError):
        sha256_of(tmp_path / "b")


def test_errors_carry_their_numbers_across_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(DiskFullError(needed_mb=3.0, free_mb=1.0)))

    assert (error.needed_mb, error.free_mb) == (3.0, 1.0)
    assert "3.0 MB" in str(error)
