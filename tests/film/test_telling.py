"""Cards, shots and titles become one film: every frame in its place, and every paper in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import ConsentError, EngineBrokeError
from vivant.film.captions import Spoken, cues_of_film, srt_of, webvtt_of
from vivant.film.cards import Words, plate_of
from vivant.film.decoding import probe, read_frames
from vivant.film.shots_kept import is_whole, read_shot, write_shot
from vivant.film.telling import Piece, frames_of, lay_out, make_story_film
from vivant.film.verifying import verify_film
from vivant.media.picture import Frame
from vivant.media.planes import psnr
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import read_credentials
from vivant.provenance.record import (
    PHOTO_DRIVEN,
    ConsentSource,
    MusicSource,
    Recipe,
    Source,
    film_id_of,
    record_film,
)
from vivant.voice.speech import Speech, Word

RATE = Fraction(25)
SIDE = 256


def grained(count: int, *, luma: int = 110, seed: int = 0) -> Iterator[Frame]:
    rng = np.random.default_rng(seed)
    ramp = np.linspace(-30, 30, SIDE)[None, :]
    for index in range(count):
        y = luma + ramp + rng.normal(0, 2.5, (SIDE, SIDE))
        half = np.full((SIDE // 2, SIDE // 2), 128, np.uint8)
        yield Frame(
            index=index, y=np.clip(y, 16, 235).astype(np.uint8), u=half.copy(), v=half.copy()
        )


def even(name: str, frames: int, luma: int, **more: object) -> Piece:
    def opened() -> Iterator[Frame]:
        for index in range(frames):
            half = np.full((8, 8), 128, np.uint8)
            yield Frame(index=index, y=np.full((16, 16), luma, np.uint8), u=half, v=half)

    return Piece(name=name, frames=frames, open=opened, **more)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30)), min_size=1, max_size=8))
def test_every_frame_is_shown_once_and_in_order(pieces: list[tuple[int, int]]) -> None:
    cut = lay_out(
        [even(str(n), frames, 100, overlap=lap) for n, (frames, lap) in enumerate(pieces)],
        rate=RATE,
    )

    frames = list(frames_of(cut))

    assert [frame.index for frame in frames] == list(range(cut.frames))
    assert cut.frames == sum(f for f, _ in pieces) - sum(p.overlap for p in cut.pieces)
    assert all(frame.y.flags.writeable for frame in frames)


def test_a_dissolve_goes_evenly_from_one_shot_to_the_next() -> None:
    cut = lay_out([even("a", 30, 50), even("b", 30, 200, overlap=10)], rate=RATE)

    lumas = [int(frame.y[0, 0]) for frame in frames_of(cut)]

    assert len(lumas) == 50
    assert lumas[19] == 50
    assert lumas[30] == 200
    assert lumas == sorted(lumas)
    assert cut.begin_of("b") == 20


def test_a_shot_that_breaks_off_is_noticed() -> None:
    short = Piece(name="a", frames=9, open=even("a", 5, 90).open)

    with pytest.raises(EngineBrokeError, match="frame 5 of 9"):
        list(frames_of(lay_out([short], rate=RATE)))


def test_a_title_comes_and_goes_over_its_shot() -> None:
    plate = plate_of([Words(text="Anna", size=20, centre_y=0.5)], width_px=SIDE, height_px=SIDE, language="en")  # fmt: skip
    piece = Piece(name="a", frames=100, open=partial(grained, 100), title=plate, title_frames=50)

    brightest = [int(frame.y.max()) for frame in frames_of(lay_out([piece], rate=RATE))]

    assert brightest[5] < 170
    assert brightest[40] > 200
    assert brightest[90] < 170


def test_a_kept_shot_loses_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.shot.mp4"
    write_shot(path, grained(20), count=20, width_px=SIDE, height_px=SIDE, rate=RATE)

    assert is_whole(path, count=20, width_px=SIDE, height_px=SIDE)
    assert not is_whole(path, count=21, width_px=SIDE, height_px=SIDE)
    for before, after in zip(grained(20), read_shot(path), strict=True):
        assert psnr(before.y, after.y) > 45
    assert next(read_shot(path, first=7)).index == 7


def said(text: str, seconds: float) -> Speech:
    hz = 16_000
    words = text.split()
    step = int(seconds * hz) // len(words)
    return Speech(
        sound=Sound(samples=np.zeros(int(seconds * hz), np.float32), sample_rate_hz=hz),
        words=tuple(
            Word(text=one, first=n * step, last=(n + 1) * step) for n, one in enumerate(words)
        ),
        phones=(),
        text=text,
        language="en-US",
        voice="hibari",
        synthetic=True,
    )


def test_captions_of_several_shots_stand_at_their_exact_times() -> None:
    lines = [
        Spoken(speech=said("Thank you all", 2.0), starts_s=Fraction(7, 2)),
        Spoken(speech=said("Farewell", 1.0), starts_s=Fraction(28, 5)),
    ]

    cues = cues_of_film(lines, ends_s=Fraction(13, 2))

    assert [(cue.first_ms, cue.last_ms) for cue in cues] == [(3500, 5600), (5600, 6500)]
    assert "00:00:03,500 --> 00:00:05,600" in srt_of(cues)
    assert "00:00:05.600 --> 00:00:06.500" in webvtt_of(cues)


def test_the_words_of_a_recording_that_could_not_be_laid_over_it_are_spread_over_it() -> None:
    speech = said("one two three four", 4.0)
    loose = Speech(
        sound=speech.sound, words=(), phones=(), text=speech.text, language="en-US",
        voice="recording", synthetic=False,
    )  # fmt: skip

    cues = cues_of_film([Spoken(speech=loose, starts_s=Fraction(2))], ends_s=Fraction(10))

    assert (cues[0].first_ms, cues[-1].last_ms) == (2000, 6000)


def recipe(**more: object) -> Recipe:
    return Recipe(
        photos=(
            Source(sha256="ab" * 32, mime="image/jpeg"),
            Source(sha256="cd" * 32, mime="image/png"),
        ),
        speech_sha256="0" * 64,
        voice="hibari",
        seed=0,
        width_px=SIDE,
        height_px=SIDE,
        rate=RATE,
        consent_id="1" * 32,
        consent_sha256="2" * 64,
        versions={"vivant": "0"},
        **more,  # type: ignore[arg-type]
    )


def of_people(made_of: Recipe, consents: Sequence[Consent]) -> Recipe:
    sources = tuple(ConsentSource(record_id=one.record_id, sha256=one.sha256) for one in consents)
    first = sources[0]
    return replace(
        made_of, consents=sources, consent_id=first.record_id, consent_sha256=first.sha256
    )


def test_what_stories_add_to_a_recipe_changes_no_older_film() -> None:
    assert film_id_of(recipe()) == film_id_of(recipe(storyboard_sha256=None, consents=None))
    assert film_id_of(recipe()) != film_id_of(recipe(storyboard_sha256="3" * 64))
    assert "music" not in recipe().to_facts()


def test_a_story_film_proves_all_it_owes(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    consents = [attest("kin"), attest("self")]
    music = MusicSource(kind="composed", sha256="4" * 64, piece="stillness")
    made_of = of_people(recipe(storyboard_sha256="3" * 64, music=music), consents)
    cut = lay_out(
        [
            Piece(name="a", frames=120, open=partial(grained, 120)),
            Piece(name="b", frames=120, open=partial(grained, 120, luma=60, seed=1), overlap=12),
        ],
        rate=RATE,
    )
    samples = cut.frames * 48_000 // 25
    sound = Sound(samples=np.zeros(samples, np.float32), sample_rate_hz=48_000)

    film = make_story_film(
        cut, tmp_path / "film.mp4", recipe=made_of, consents=consents, sound=sound, places=places
    )

    assert film.frames == 228
    assert probe(film.path).frames == 228
    credentials = read_credentials(film.path, places=places)
    assert credentials.digital_source_type == PHOTO_DRIVEN
    assert credentials.storyboard_sha256 == "3" * 64
    assert credentials.other_consents == (consents[1].record_id,)
    assert "music stillness" in credentials.ingredients
    assert {"photo " + "ab" * 6, "photo " + "cd" * 6} <= set(credentials.ingredients)
    assert verify_film(film.path, places=places).ok
    assert [frame.index for frame in read_frames(film.path)] == list(range(228))
    assert not list(tmp_path.glob("*unsigned*"))


def test_a_film_fails_when_anybody_in_it_withdraws(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    consents = [attest("kin"), attest("self")]
    made_of = of_people(recipe(), consents)
    cut = lay_out([Piece(name="a", frames=210, open=partial(grained, 210))], rate=RATE)
    film = make_story_film(
        cut, tmp_path / "film.mp4", recipe=made_of, consents=consents, sound=None, places=places
    )
    assert verify_film(film.path, places=places).ok

    Ledger.in_places(places).append("consent.withdrawn", {"record_id": consents[1].record_id})

    assert not verify_film(film.path, places=places).consent.ok
    again = tmp_path / "again.mp4"
    for some, rule in (
        (consents, "ledger.withdrawn"),
        (consents[:1], "record.missing"),
        ([consents[0], consents[1].model_copy(update={"note": "x"})], "record.changed"),
    ):
        with pytest.raises(ConsentError) as caught:
            make_story_film(cut, again, recipe=made_of, consents=some, sound=None, places=places)
        assert caught.value.rule == rule
    assert not again.exists()


def test_the_record_of_a_story_is_told_without_a_name() -> None:
    record = record_film(
        recipe(music=MusicSource(kind="file", sha256="5" * 64)),
        label_text="AI",
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        generator="vivant/0",
    )

    assert record.to_facts()["recipe"]["music"] == {"kind": "file", "sha256": "5" * 64}
