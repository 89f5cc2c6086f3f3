"""A storyboard becomes a film: nothing is made that may not be, and nothing is made twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from vivant.errors import ConsentError, InputError
from vivant.film.decoding import probe, read_sound
from vivant.film.verifying import verify_film
from vivant.media.loudness import measure
from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.performance.performing import perform_idle
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.ledger import Ledger
from vivant.render.shooting import Players
from vivant.scene.shot import Shot
from vivant.scene.storyboard import (
    CastMember,
    Line,
    LineTooLongError,
    Music,
    PhotoSource,
    ShotPlan,
    Storyboard,
    StoryboardError,
    Title,
)
from vivant.scene.words_story import UndignifiedWordsError
from vivant.studio.casting import photos_needed
from vivant.studio.casting_checks import CastConsentError
from vivant.studio.casting_lines import (
    exactly,
    part_of,
    parts_of,
)
from vivant.studio.previewing import preview
from vivant.studio.saying import SpeechStage
from vivant.studio.scenery import FINE
from vivant.studio.speeches import SPEECH_FORM
from vivant.studio.telling import ShotsFailedError, Told, hash_of_storyboard, tell
from vivant.testing.standins import PaintedFaces, ToneVoice

SIZE = (256, 256)
RATE = Fraction(10)


class FlatShooter:
    """Paints even frames with a little grain, and remembers what it was asked for."""

    def __init__(self, *, breaks_in: str = "", stops_in: str = "") -> None:
        self.drawn: list[str] = []
        self._breaks_in, self._stops_in = breaks_in, stops_in

    def __call__(
        self,
        shot: Shot,
        *,
        players: Players,
        frames: Sequence[int] | None = None,
        coarse: int = FINE,
        threads: int = 2,
        places: Places | None = None,
        watch: Watch = unwatched,
    ) -> Iterator[Frame]:
        del players, coarse, threads, places
        self.drawn.append(shot.name)
        if shot.name == self._breaks_in:
            message = "the stand-in cannot draw this; take another set"
            raise InputError(message)
        rng = np.random.default_rng(len(shot.name))
        wanted = range(shot.frames) if frames is None else frames
        for index in wanted:
            if shot.name == self._stops_in and index > shot.frames // 2:
                raise KeyboardInterrupt
            y = 60 + 10 * len(shot.name) + rng.normal(0, 3, (shot.height_px, shot.width_px))
            half = np.full((shot.height_px // 2, shot.width_px // 2), 128, np.uint8)
            yield Frame(index=index, y=np.clip(y, 16, 235).astype(np.uint8), u=half, v=half.copy())
            watch("frames", index + 1, shot.frames)


def shot_plan(name: str, **more: object) -> ShotPlan:
    facts: dict[str, object] = {
        "name": name, "set": "stairway", "look": "clouds", "hour": "golden", "action": "gates-close",
        "length_s": 3.6,
    }  # fmt: skip
    return ShotPlan(**(facts | more))  # type: ignore[arg-type]


def said(words: str, by: str = "mother", after_s: float | None = None) -> Line:
    return Line(by=by, say=words, after_s=after_s)


@pytest.fixture
def storyboard() -> Storyboard:
    return Storyboard(
        title="Farewell",
        cast={"mother": CastMember(voice="tone", in_memory=True)},
        rate=RATE,
        shots=(
            shot_plan("one", lines=(said("Thank you for it all."),)),
            shot_plan("second", options={"transition": "dissolve"}),
            shot_plan("thirdly", options={"transition": "light"}),
        ),
        titles=(Title(text="Anna", over="second", seconds=2.0),),
    )


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def consents() -> dict[str, Consent]:
    return {"mother": attest("kin")}


def told(
    storyboard: Storyboard,
    to: Path,
    shooter: FlatShooter,
    *,
    consents: dict[str, Consent],
    places: Places,
    only: str | None = None,
) -> Told:
    return tell(
        storyboard,
        to,
        consents=consents,
        size=SIZE,
        only=only,
        threads=1,
        shooter=shooter,
        voice=ToneVoice(),
        faces=PaintedFaces([]),
        places=places,
    )


def test_a_story_becomes_one_film_with_papers_captions_and_sound(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    with_music = replace(storyboard, music=Music(piece="stillness"))
    made = told(with_music, tmp_path / "film.mp4", FlatShooter(), consents=consents, places=places)

    film = made.film
    facts = probe(film.path)
    assert verify_film(film.path, places=places).ok
    # the card lasts 4 s and mixes with the first shot for 0.8 s, the second dissolves in 1 s
    assert facts.frames == film.frames == 40 - 8 + 36 + 36 - 10 + 36
    loudness = measure(read_sound(film.path))
    assert loudness.lufs == pytest.approx(-16, abs=0.6)
    assert loudness.true_peak_dbtp <= -0.5
    assert [shot.kept for shot in made.shots] == [False, False, False]
    assert film.record.recipe.storyboard_sha256 == hash_of_storyboard(with_music)
    assert "-->" in made.captions[0].read_text()
    assert sorted(path.name for path in tmp_path.glob("film*")) == ["film.mp4", "film.srt"]
    assert Ledger.in_places(places).verify().ok


def test_only_what_changed_is_drawn_again(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    first, again, changed, forced = (FlatShooter() for _ in range(4))
    to = tmp_path / "film.mp4"
    told(storyboard, to, first, consents=consents, places=places)
    told(storyboard, to, again, consents=consents, places=places)
    longer = replace(storyboard.shots[1], length_s=4.0)
    other = replace(storyboard, shots=(storyboard.shots[0], longer, storyboard.shots[2]))
    told(other, to, changed, consents=consents, places=places)
    made = told(storyboard, to, forced, consents=consents, places=places, only="one")

    assert first.drawn == ["one", "second", "thirdly"]
    assert again.drawn == []
    assert changed.drawn == ["second"]
    assert forced.drawn == ["one"]
    assert [shot.kept for shot in made.shots] == [False, True, True]


def test_a_stopped_run_keeps_the_shots_it_finished(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    to = tmp_path / "film.mp4"
    with pytest.raises(KeyboardInterrupt):
        told(storyboard, to, FlatShooter(stops_in="second"), consents=consents, places=places)
    assert not to.exists()

    goes_on = FlatShooter()
    told(storyboard, to, goes_on, consents=consents, places=places)

    assert goes_on.drawn == ["second", "thirdly"]


def test_a_shot_that_fails_is_named_and_the_others_are_kept(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    to = tmp_path / "film.mp4"
    with pytest.raises(ShotsFailedError, match=r"Shot second: .*another set") as failed:
        told(storyboard, to, FlatShooter(breaks_in="second"), consents=consents, places=places)
    assert list(failed.value.failures) == ["second"]

    mended = FlatShooter()
    told(storyboard, to, mended, consents=consents, places=places)

    assert mended.drawn == ["second"]


def test_nothing_is_made_without_consent(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    shooter = FlatShooter()
    ledger = Ledger.in_places(places)
    ledger.append("consent.withdrawn", {"record_id": consents["mother"].record_id})

    with pytest.raises(ConsentError, match="withdrawn"):
        told(storyboard, tmp_path / "film.mp4", shooter, consents=consents, places=places)
    with pytest.raises(CastConsentError):
        told(storyboard, tmp_path / "film.mp4", shooter, consents={}, places=places)

    assert shooter.drawn == []
    assert not (places.cache / "studio").exists()


def test_words_that_should_not_be_said_are_refused_first(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    lie = replace(storyboard.shots[0], lines=(said("I am alive and I am watching you every day."),))
    board = replace(storyboard, shots=(lie, *storyboard.shots[1:]))

    with pytest.raises(UndignifiedWordsError):
        told(board, tmp_path / "film.mp4", FlatShooter(), consents=consents, places=places)


def test_a_line_longer_than_its_shot_is_named(storyboard: Storyboard, places: Places) -> None:
    long = replace(storyboard.shots[0], lines=(said("word " * 40),))
    board = replace(storyboard, shots=(long,))

    with pytest.raises(LineTooLongError) as refused:
        parts_of(board, rate=board.rate, engine=ToneVoice(), places=places)

    assert refused.value.shot == "one"


def test_a_line_without_a_voice_is_named(storyboard: Storyboard, places: Places) -> None:
    board = replace(storyboard, cast={"mother": CastMember(voice="none")})

    with pytest.raises(StoryboardError, match="shot one has a line"):
        parts_of(board, rate=board.rate, places=places)


def test_lips_speak_in_time_with_the_line(storyboard: Storyboard, places: Places) -> None:
    """The line begins with an exact frame, and the shot has exactly the frames that it was given."""
    plan = replace(storyboard.shots[0], action="with-us", who=("mother",), length_s=7.0)
    stage = SpeechStage(voice="tone", language="en", seed=0, engine=ToneVoice(), places=places)
    speech = stage("Thank you for it all.")

    part = part_of(storyboard, plan, [speech], rate=storyboard.rate, seed=1)

    assert part.lips == {"mother"}
    assert part.frames == part.performances["mother"].frames == 70
    assert 5 <= part.said[0].starts <= 14
    ((saying),) = part.sayings
    assert saying.speaker == "mother"
    assert part.said[0].starts <= saying.first < saying.last <= part.frames
    assert all(saying.first <= 10 * one.first_s <= saying.last for one in saying.phrases)


def test_two_people_speak_in_one_film_and_are_named_in_its_captions(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    cast = {
        "mother": CastMember(voice="tone", in_memory=True, called="Anna"),
        "son": CastMember(voice="tone"),
    }
    lines = (said("Thank you."), said("Yes, so we did.", by="son"), said("Good.", after_s=0.8))
    first = replace(storyboard.shots[0], lines=lines, length_s=None)
    board = replace(storyboard, cast=cast, shots=(first, *storyboard.shots[1:]), captions="vtt")

    made = told(board, tmp_path / "film.mp4", FlatShooter(), consents=consents, places=places)

    assert verify_film(made.film.path, places=places).ok
    shown = [
        block.split("\n", 1)[1] for block in made.captions[0].read_text().strip().split("\n\n")[1:]
    ]
    assert shown[0].startswith("<v Anna>Anna: Thank")
    assert shown[1].startswith("<v Son>Son: Yes")
    assert shown[-1].startswith("<v Anna>Anna: Good")


def test_a_speech_survives_the_store(places: Places, tmp_path: Path) -> None:
    stage = SpeechStage(voice="tone", language="en", seed=0, engine=ToneVoice(), places=places)
    speech = stage("Thank you.")

    SPEECH_FORM.write(speech, tmp_path / "a.speech")
    again = SPEECH_FORM.read(tmp_path / "a.speech")

    assert np.array_equal(again.sound.samples, speech.sound.samples)
    assert (again.phones, again.words, again.text) == (speech.phones, speech.words, speech.text)
    assert stage.key("Thank you.") != stage.key("Thank you!")


def test_a_performance_is_cut_or_held_to_its_shot() -> None:
    performance = perform_idle(2.0)

    assert exactly(performance, frames=30).frames == 30
    held = exactly(performance, frames=60)
    assert held.frames == 60
    assert np.array_equal(held.head[59], performance.head[-1])


def test_a_missing_second_photo_is_named_with_its_shot(tmp_path: Path) -> None:
    photo = PhotoSource(asked="a.png", path=tmp_path / "a.png")
    board = Storyboard(
        title="Two",
        cast={"father": CastMember(photos=(photo,))},
        shots=(shot_plan("wedding", action="become", who=("father",)),),
    )

    with pytest.raises(StoryboardError, match="shot wedding needs photo 2"):
        photos_needed(board)


def test_where_files_lie_does_not_change_a_storyboard(storyboard: Storyboard) -> None:
    here = replace(storyboard, music=Music(file=Path("/a/b.wav")))
    there = replace(storyboard, music=Music(file=Path("/c/d.wav")))

    assert hash_of_storyboard(here) == hash_of_storyboard(there)
    assert hash_of_storyboard(here) != hash_of_storyboard(storyboard)


def test_a_preview_shows_what_can_be_drawn_and_says_what_cannot(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    shown = preview(
        storyboard,
        tmp_path / "stills",
        consents=consents,
        size=(1280, 720),
        shooter=FlatShooter(breaks_in="second"),
        faces=PaintedFaces([]),
        places=places,
    )

    assert shown.sheet.is_file()
    assert [still.path is not None for still in shown.stills] == [True, False, True]
    assert "another set" in shown.failed[0].why
    assert sorted(path.name for path in (tmp_path / "stills").iterdir()) == [
        "01-one.png",
        "03-thirdly.png",
        "sheet.png",
    ]
