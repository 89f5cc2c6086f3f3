"""Another process takes a consent back while a film is made: the work stops at once, and leaves nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from paper_trail import JUDGE
from vivant.film.telling import Piece, lay_out, make_story_film
from vivant.media.picture import Frame
from vivant.media.watch import unwatched
from vivant.places import Places
from vivant.provenance.consent import ConsentWithdrawnError, attest
from vivant.provenance.consent_events import hold, release, withdraw
from vivant.provenance.ledger import Ledger
from vivant.provenance.record import SILENT, Recipe
from vivant.provenance.standing import ASKED_EVERY_S, Standing, while_standing

RATE = Fraction(25)
SIDE = 256
FRAMES = 40_000
"""Far more than are ever drawn."""
WITHDRAWS = """
import sys, time
from pathlib import Path
from vivant.places import Places
from vivant.provenance.consent_events import withdraw
places = Places(data=Path(sys.argv[2]), cache=Path(sys.argv[3]))
print("ready", flush=True)
sys.stdin.readline()
withdraw(sys.argv[1], places=places, even_unknown=True)
print(time.monotonic(), flush=True)
"""


def frames() -> Iterator[Frame]:
    for index in range(FRAMES):
        y = np.full((SIDE, SIDE), 60 + index % 100, np.uint8)
        half = np.full((SIDE // 2, SIDE // 2), 128, np.uint8)
        yield Frame(index=index, y=y, u=half, v=half.copy())


def test_a_film_stops_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    consent = attest("self")
    recipe = Recipe(
        photos=(),
        speech_sha256="a" * 64,
        voice=SILENT,
        seed=0,
        width_px=SIDE,
        height_px=SIDE,
        rate=RATE,
        consent_id=consent.record_id,
        consent_sha256=consent.sha256,
        versions={},
    )
    words = [consent.record_id, str(places.data), str(places.cache)]
    other = subprocess.Popen(
        [sys.executable, "-c", WITHDRAWS, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == b"ready\n"
    last: list[int] = []

    def heard(what: str, done: int, total: int, /) -> None:
        del what, total
        last.append(done)
        if done == 50 and other.stdin is not None:
            other.stdin.write(b"now\n")
            other.stdin.flush()

    out = tmp_path / "out"
    out.mkdir()
    cut = lay_out([Piece(name="a", frames=FRAMES, open=frames)], rate=RATE)
    with pytest.raises(ConsentWithdrawnError, match="withdrawn by now"):
        make_story_film(
            cut,
            out / "film.mp4",
            recipe=recipe,
            consents=[consent],
            sound=None,
            places=places,
            watch=heard,
        )
    stopped_s = time.monotonic()
    taken_back_s = float(other.communicate()[0])

    # Half a second where nobody else uses the machine; all frames would take a minute and more.
    assert stopped_s - taken_back_s < 10
    assert 50 <= last[-1] < FRAMES
    assert list(out.iterdir()) == []
    assert not (places.data / "films").exists()
    assert "film.made" not in [entry.event for entry in Ledger.in_places(places).entries()]


def test_work_is_stopped_wherever_it_tells_where_it_is(tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    clock_s = [100.0]
    heard: list[int] = []
    watch = while_standing(
        lambda _what, done, _total: heard.append(done),
        Standing(["a" * 32], places=places),
        clock=lambda: clock_s[0],
    )

    watch("light", 0, 9)
    hold("b" * 32, by=JUDGE, places=places, even_unknown=True)
    watch("light", 1, 9)
    withdraw("a" * 32, places=places, even_unknown=True)
    clock_s[0] += ASKED_EVERY_S / 2
    watch("light", 2, 9)  # asked too short a time ago
    clock_s[0] += ASKED_EVERY_S / 2
    with pytest.raises(ConsentWithdrawnError):
        watch("light", 3, 9)

    assert heard == [0, 1, 2]


def test_nothing_is_finished_after_a_consent_was_taken_back(tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    watch = while_standing(unwatched, Standing(["a" * 32], places=places), clock=lambda: 100.0)

    watch("rig", 0, 2)
    withdraw("a" * 32, places=places, even_unknown=True)
    watch("rig", 1, 2)
    with pytest.raises(ConsentWithdrawnError):
        watch("rig", 2, 2)


def test_a_hold_stops_work_and_its_release_lets_it_begin_again(tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    standing = Standing(["a" * 32], places=places)

    hold("a" * 32, by=JUDGE, places=places, even_unknown=True)
    with pytest.raises(ConsentWithdrawnError, match="held"):
        standing.insist()
    release("a" * 32, by=JUDGE, places=places)

    standing.insist()
