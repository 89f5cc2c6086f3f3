"""The register finds what was made here, and nothing else."""

from __future__ import annotations

import sqlite3
import stat
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import UInt8

from register_entries import entry_of
from vivant.errors import ResourceError
from vivant.provenance.register.entry import Fingerprints, Query
from vivant.provenance.register.facts import RegisterError, WithdrawnFilmError
from vivant.provenance.register.register import Register
from vivant.provenance.register.stacking import stack

SECONDS = 12


def prints_of(number: int, *, seconds: int = SECONDS) -> Fingerprints:
    random = np.random.default_rng(number)
    return Fingerprints(
        pictures=random.integers(0, 256, (seconds, 32), dtype=np.uint8),
        seconds=np.arange(seconds, dtype=np.uint32),
        sound=random.integers(1, 1 << 32, seconds * 86, dtype=np.uint32),
    )


def worn(
    prints: Fingerprints, *, bits: int, first: int = 0, last: int = SECONDS, firm: bool = False
) -> Query:
    """A copy, or a part of one, in which some bits of each picture and one of sixteen of the sound are wrong.

    The wrong bits are those that are hardly firm, as copying has it; or any, as another picture has it.
    """
    random = np.random.default_rng(99)
    pictures: UInt8[np.ndarray, "n 256"] = np.unpackbits(prints.pictures[first:last], axis=1)
    firmness = np.sqrt(np.abs(random.normal(0, 1, pictures.shape))).astype(np.float32)
    firmness /= firmness.sum(axis=1, keepdims=True)
    for one, how_firm in zip(pictures, firmness, strict=True):
        hardly = np.argsort(how_firm)[:64]
        one[random.choice(256 if firm else hardly, bits, replace=False)] ^= 1
    sound = prints.sound[first * 86 : last * 86]
    noise = np.packbits(random.random((len(sound), 32)) < 1 / 16, axis=1).view("<u4")[:, 0]
    return Query(
        pictures=np.packbits(pictures, axis=1),
        firmness=firmness,
        is_plain=np.zeros(last - first, bool),
        seconds=np.arange(last - first, dtype=np.uint32),
        sound=sound ^ noise.astype(np.uint32),
    )


def exact(prints: Fingerprints) -> Query:
    """The very film."""
    return replace(worn(prints, bits=0, last=len(prints.pictures)), sound=prints.sound)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = Register(folder=tmp_path / "register")
    for number in range(1, 21):
        made.note(entry_of(number), prints_of(number))
    return made


def test_an_empty_register_knows_nothing_and_writes_nothing(tmp_path: Path) -> None:
    register = Register(folder=tmp_path / "register")

    assert register.count == 0
    assert register.by_id("0" * 16) is None
    assert register.by_file("0" * 64) is None
    assert register.find(exact(prints_of(1))) == ()
    assert not register.set_state("0" * 16, "withdrawn")
    assert not (tmp_path / "register").exists()


def test_a_film_is_found_by_its_id_and_by_each_of_its_files(register: Register) -> None:
    again = replace(entry_of(3), file_sha256="ab" * 32)
    register.note(again, prints_of(3))

    assert register.by_id(entry_of(3).made_id) == again
    assert register.by_file(entry_of(3).file_sha256) == again
    assert register.by_file("ab" * 32) == again
    assert register.count == 20


def test_a_worn_copy_and_a_part_of_it_are_found_first(register: Register) -> None:
    for first, last in ((0, SECONDS), (2, 9)):
        matches = register.find(worn(prints_of(5), bits=15, first=first, last=last))

        assert [one.entry.made_id for one in matches] == [entry_of(5).made_id]
        assert matches[0].by == "pictures"
        assert matches[0].score == 1.0


def test_a_stranger_is_not_found(register: Register) -> None:
    assert register.find(exact(prints_of(1000))) == ()


def test_sound_alone_is_found(register: Register) -> None:
    copy = worn(prints_of(7), bits=0)
    heard = replace(_unseen(copy), sound=copy.sound[86:800])

    matches = register.find(heard)

    assert [(one.entry.made_id, one.by) for one in matches] == [(entry_of(7).made_id, "sound")]
    assert matches[0].score == pytest.approx(15 / 16, abs=0.01)
    assert not matches[0].sure  # another film may have the same words or music
    register.note(replace(entry_of(60), kind="sound"), alike(60, sound_of=60))
    assert register.find(replace(heard, sound=prints_of(60).sound))[0].sure


def alike(number: int, *, sound_of: int) -> Fingerprints:
    """Another film of the same photo: the same pictures, other words."""
    return replace(prints_of(number), sound=prints_of(sound_of).sound)


def test_films_of_one_photo_are_told_apart_by_their_sound(register: Register) -> None:
    register.note(entry_of(50), alike(5, sound_of=50))

    for number in (5, 50):
        found = register.find(worn(alike(5, sound_of=number), bits=10))
        assert [(one.entry.made_id, one.sure) for one in found] == [(f"{number:016x}", True)]
        assert "sound is the film's too" in found[0].why


def test_without_sound_all_films_that_look_the_same_are_told_and_none_is_sure(
    register: Register,
) -> None:
    register.note(entry_of(50), alike(5, sound_of=50))

    found = register.find(_silent(worn(prints_of(5), bits=10)))

    assert {one.entry.made_id for one in found} == {entry_of(5).made_id, entry_of(50).made_id}
    assert not any(one.sure for one in found)
    assert all("fit equally well" in one.why for one in found)


def test_a_film_that_is_not_ours_but_of_the_same_photo_is_never_sure(register: Register) -> None:
    for sound in (prints_of(77).sound, prints_of(77).sound[:0]):
        found = register.find(replace(worn(prints_of(5), bits=10), sound=sound))

        assert [one.sure for one in found] == [False]
        assert "another" in found[0].why
        assert found[0].score == (0.5 if len(sound) else 1.0)


def _silent(query: Query) -> Query:
    return replace(query, sound=query.sound[:0])


def _unseen(query: Query) -> Query:
    return replace(
        query,
        pictures=query.pictures[:0],
        firmness=query.firmness[:0],
        is_plain=query.is_plain[:0],
        seconds=query.seconds[:0],
    )


def test_shelves_find_the_same_as_none(register: Register) -> None:
    copies = [worn(prints_of(number), bits=18) for number in (1, 6, 13, 20)]
    before = [register.find(copy) for copy in copies]

    stack(register.facts, register.folder / "shelves", smallest=4)

    assert len(list((register.folder / "shelves").iterdir())) == 5
    assert [Register(folder=register.folder).find(copy) for copy in copies] == before
    assert all(before)


def test_many_shelves_of_one_size_become_one(tmp_path: Path) -> None:
    register = Register(folder=tmp_path / "register")
    for number in range(1, 36):
        register.note(entry_of(number), prints_of(number))
        stack(register.facts, tmp_path / "register" / "shelves", smallest=2)

    names = sorted(path.name for path in (tmp_path / "register" / "shelves").iterdir())
    assert names == [
        "000000000001-000000000016.shelf2",
        "000000000017-000000000032.shelf2",
        "000000000033-000000000034.shelf2",
    ]
    assert register.find(worn(prints_of(20), bits=12))[0].entry.made_id == entry_of(20).made_id


def test_a_damaged_shelf_is_passed_over(register: Register) -> None:
    stack(register.facts, register.folder / "shelves", smallest=4)
    shelf = sorted((register.folder / "shelves").iterdir())[1]
    shelf.write_bytes(shelf.read_bytes()[:-200])

    assert Register(folder=register.folder).find(worn(prints_of(13), bits=12))


def test_only_the_owner_may_read_the_register(register: Register) -> None:
    stack(register.facts, register.folder / "shelves", smallest=4)

    for path in register.folder.rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_of_an_erased_film_nothing_stays_in_the_file_but_id_hashes_and_state(
    register: Register,
) -> None:
    erased = entry_of(9)
    assert register.set_state(erased.made_id, "erased")

    bytes_left = b"".join(
        path.read_bytes() for path in register.folder.rglob("*") if path.is_file()
    )
    assert erased.consent_ids[0].encode() not in bytes_left
    assert erased.record_sha256.encode() not in bytes_left
    assert erased.made_id.encode() in bytes_left
    entry = register.by_id(erased.made_id)
    assert entry is not None
    assert (entry.state, entry.consent_ids, entry.record_sha256) == ("erased", (), "")
    assert register.find(worn(prints_of(9), bits=10))[0].entry == entry


def test_a_state_never_goes_back_and_what_was_withdrawn_is_not_made_again(
    register: Register,
) -> None:
    made_id = entry_of(4).made_id
    assert register.set_state(made_id, "erased")
    assert register.set_state(made_id, "withdrawn")

    entry = register.by_id(made_id)
    assert entry is not None
    assert entry.state == "erased"
    with pytest.raises(WithdrawnFilmError, match=made_id):
        register.note(entry_of(4), prints_of(4))


def test_many_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    register = Register(folder=tmp_path / "register")

    def write(first: int) -> None:
        for number in range(first, first + 8):
            Register(folder=tmp_path / "register").note(entry_of(number), prints_of(number))

    writers = [threading.Thread(target=write, args=[first]) for first in (100, 200, 300, 400)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    assert register.count == 32


def test_a_damaged_or_newer_register_is_told_and_left_alone(register: Register) -> None:
    path = register.facts.path
    with sqlite3.connect(path) as tables:
        tables.execute("PRAGMA user_version = 9")
    tables.close()
    with pytest.raises(RegisterError, match="newer"):
        register.by_id("0" * 16)

    whole = path.read_bytes()
    path.write_bytes(b"not a database, however long one looks at it" * 100)
    with pytest.raises(RegisterError, match="damaged"):
        register.note(entry_of(1), prints_of(1))
    assert path.read_bytes() != whole


FIRST = Path(__file__).parent / "first-version.sqlite3"
"""Two films of six pictures, six larger inner parts and three seconds of sound; the second was withdrawn."""


def of_first_version(number: int) -> Query:
    random = np.random.default_rng(number)
    pictures = random.integers(0, 256, (6, 32), dtype=np.uint8)
    sound = random.integers(1, 1 << 32, 3 * 86, dtype=np.uint32)
    prints = Fingerprints(pictures=pictures, seconds=np.arange(6, dtype=np.uint32), sound=sound)
    return worn(prints, bits=10, last=6)


def test_a_register_of_the_first_version_is_read_as_it_is_and_brought_up_to_date_when_written(
    tmp_path: Path,
) -> None:
    register = Register(folder=tmp_path / "register")
    (register.folder / "shelves").mkdir(parents=True)
    old_shelf = register.folder / "shelves" / "000000000001-000000000002.shelf"
    old_shelf.write_bytes(b"VIVANTSHELF1\n\0\0\0")
    path = register.facts.path
    path.write_bytes(FIRST.read_bytes())

    found = [register.find(of_first_version(number)) for number in (1, 2)]
    assert [[one.entry.made_id for one in told] for told in found] == [
        [f"{n:016x}"] for n in (1, 2)
    ]
    assert [told[0].entry.state for told in found] == ["made", "withdrawn"]
    assert all(not len(film.prints.inners) for film in register.facts.after(0))
    assert path.read_bytes() == FIRST.read_bytes()

    register.note(
        entry_of(7),
        replace(prints_of(7), inners=prints_of(8).pictures, inner_seconds=prints_of(8).seconds),
    )
    stack(register.facts, register.folder / "shelves", smallest=3)

    kept = [
        (len(film.prints.pictures), len(film.prints.inners)) for film in register.facts.after(0)
    ]
    assert kept == [(6, 0), (6, 0), (SECONDS, SECONDS)]
    assert not old_shelf.exists()
    assert Register(folder=register.folder).find(of_first_version(2)) == found[1]
    with pytest.raises(WithdrawnFilmError):
        register.note(replace(entry_of(2)), prints_of(2))


def test_a_register_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "register" / "register.sqlite3").mkdir(parents=True)
    with pytest.raises(ResourceError, match="cannot be"):
        Register(folder=tmp_path / "register").note(entry_of(90), prints_of(90))
