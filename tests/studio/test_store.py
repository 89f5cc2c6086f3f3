"""The store: whole things or none, oldest out first, never a reason to fail."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import ConsentWithdrawnError
from vivant.provenance.consent_events import withdraw
from vivant.provenance.standing import Standing, while_standing
from vivant.studio.run import run_stage
from vivant.studio.stage import Form
from vivant.studio.store import Store, key_of


def read_text(path: Path) -> str:
    text = path.read_text()
    if text.startswith("damaged"):
        message = "This is damaged."
        raise InputError(message)
    return text


def _write_text(text: str, path: Path) -> None:
    path.write_text(text)


def _write_bytes(path: Path) -> None:
    path.write_bytes(bytes(100))


TEXT: Form[str] = Form(suffix=".txt", write=_write_text, read=read_text)


class Shout:
    """A stage that counts how often it works."""

    name = "shout"

    def __init__(self) -> None:
        self.calls = 0

    def key(self, given: str, /) -> str:
        return key_of(("shout", given))

    def __call__(self, given: str, /, *, watch: Watch = unwatched) -> str:
        self.calls += 1
        watch("shouting", 1, 1)
        return given.upper()


def test_work_is_done_once(tmp_path: Path) -> None:
    store, stage = Store(tmp_path), Shout()

    results = [run_stage(stage, "hello", form=TEXT, store=store) for _ in range(3)]

    assert results == ["HELLO"] * 3
    assert stage.calls == 1


def test_another_input_is_other_work(tmp_path: Path) -> None:
    store, stage = Store(tmp_path), Shout()

    run_stage(stage, "a", form=TEXT, store=store)
    run_stage(stage, "b", form=TEXT, store=store)

    assert stage.calls == 2


def test_without_a_store_nothing_is_kept() -> None:
    stage = Shout()

    for _ in range(2):
        run_stage(stage, "a", form=TEXT, store=None)

    assert stage.calls == 2


def test_a_damaged_result_is_made_again(tmp_path: Path) -> None:
    store, stage = Store(tmp_path), Shout()
    run_stage(stage, "a", form=TEXT, store=store)
    kept = store.find(stage.key("a"), suffix=".txt")
    assert kept is not None
    kept.write_text("damaged")

    assert run_stage(stage, "a", form=TEXT, store=store) == "A"
    assert stage.calls == 2
    assert kept.read_text() == "A"


def test_what_is_half_written_is_never_found(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def break_off(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.keep("ab" * 32, break_off, suffix=".txt")

    assert store.find("ab" * 32, suffix=".txt") is None
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_disk_costs_time_and_not_the_film(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def disk_is_full(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    assert Store(tmp_path).keep("ab" * 32, disk_is_full, suffix=".txt") is None
    assert "could not keep" in caplog.text
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit_bytes=250)
    for number, name in enumerate(("aa", "bb")):
        path = store.keep(name * 32, _write_bytes, suffix="")
        assert path is not None
        os.utime(path, (number, number))
    store.find("aa" * 32, suffix="")  # used just now
    store.keep("cc" * 32, _write_bytes, suffix="")

    assert store.find("aa" * 32, suffix="") is not None
    assert store.find("bb" * 32, suffix="") is None
    assert store.size_bytes == 200


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a matter of POSIX")
def test_likenesses_are_read_by_their_owner_only(tmp_path: Path) -> None:
    path = Store(tmp_path / "studio").keep("ab" * 32, _write_bytes, suffix=".rig")

    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_different_parts_give_different_keys(one: list[str], other: list[str]) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


def test_what_belongs_to_somebody_is_found_whoever_used_it_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "studio")
    one, other = "1" * 32, "2" * 32

    run_stage(Shout(), "quiet", form=TEXT, store=store, owners=[one])
    run_stage(Shout(), "quiet", form=TEXT, store=store, owners=[one, other])
    store.keep("b" * 64, _write_bytes, suffix=".x", owners=[other])

    assert len(store.owned_by(one)) == 1
    assert {kept.path.suffix for kept in store.owned_by(other)} == {".txt", ".x"}
    assert store.owned_by("3" * 32) == ()
    assert len(list(store.everything())) == 2

    for kept in store.owned_by(other):
        kept.path.unlink()
    store.disown(other)
    assert store.owned_by(one) == store.owned_by(other) == ()
    assert not (tmp_path / "studio" / "owners" / other).exists()


def test_what_is_made_while_a_consent_is_taken_back_is_not_kept(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path)
    store = Store.in_places(places)
    whose = "1" * 32
    watch = while_standing(unwatched, Standing([whose], places=places))

    class Slow(Shout):
        def __call__(self, given: str, /, *, watch: Watch = unwatched) -> str:
            withdraw(whose, places=places, even_unknown=True)
            watch("shouting", 1, 1)
            return super().__call__(given)

    with pytest.raises(ConsentWithdrawnError):
        run_stage(Slow(), "quiet", form=TEXT, store=store, owners=[whose], watch=watch)

    assert list(store.everything()) == []
