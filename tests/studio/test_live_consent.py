"""A person reads a passcode to a camera: who and what is told from who and what is not.

The clips are films of a public-domain portrait that speaks, without labels and marks, as a camera's would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image
from skimage import data

from full_consents import collected
from vivant.errors import InputError
from vivant.film.encoding import SOUND_RATE_HZ, Encoder
from vivant.film.making import make_film
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.taking import take_photos
from vivant.media.hearing import resampled
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.performance.performing import perform
from vivant.places import Places
from vivant.provenance.consent import Consent, attest, read_consent
from vivant.provenance.consent_events import withdraw
from vivant.provenance.consent_history import Person, new_person
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.provenance.passcodes import ChallengeError, new_challenge
from vivant.provenance.record import Source
from vivant.provenance.safekeeping import utc_now
from vivant.render.rendering import render
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig
from vivant.studio.live_consent import LiveCheckError, check_live
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech

pytestmark = [pytest.mark.models, pytest.mark.slow]
PHOTO = Path(get_sample_data("grace_hopper.jpg", asfileobj=False))
RATE = Fraction(25)
LISTENER = new_person(name="Lia Example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clips:
    """What a camera might have filmed."""

    talking: Path
    mute: Path
    silent: Path
    still: Path
    dubbed: Path
    two: Path
    ours: Path


def written(path: Path, frames: Iterator[Frame], sound: Sound | None, *, width: int = 320) -> Path:
    with Encoder(path, width_px=width, height_px=320, rate=RATE, sound=sound) as encoder:
        for frame in frames:
            encoder.write(frame)
    return path


def side_by_side(frame: Frame) -> Frame:
    y, u, v = (np.concatenate([plane, plane], axis=1) for plane in (frame.y, frame.u, frame.v))
    return Frame(index=frame.index, y=y, u=u, v=v)


def heard_under(frames: int, speech: Speech) -> Sound:
    loud = resampled(speech.sound, sample_rate_hz=SOUND_RATE_HZ).samples
    track = np.zeros(round(frames / RATE * SOUND_RATE_HZ), np.float32)
    begins = round(0.4 * SOUND_RATE_HZ)
    track[begins : begins + len(loud)] = loud[: len(track) - begins]
    return Sound(samples=track, sample_rate_hz=SOUND_RATE_HZ)


@pytest.fixture(scope="module")
def engine() -> MediapipeFaces:
    return MediapipeFaces()


@pytest.fixture(scope="module")
def rig(engine: MediapipeFaces) -> Rig:
    return build_rig(take_photos([PHOTO], consent=attest("public-domain"), engine=engine))


@pytest.fixture(scope="module")
def clips(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Clips:
    folder = tmp_path_factory.mktemp("clips")
    speech = speak("Coffee. Circle. Basket.", voice="hibari", language="en-US")
    performance = perform(speech, rate=RATE)
    frames = list(render(rig, performance, width_px=320, height_px=320))
    sound = heard_under(len(frames), speech)
    noise = 0.1 * np.random.default_rng(0).standard_normal(len(sound.samples))
    another = Sound(samples=noise.astype(np.float32), sample_rate_hz=SOUND_RATE_HZ)
    nothing = Sound(samples=np.zeros_like(sound.samples), sample_rate_hz=SOUND_RATE_HZ)
    first = frames[0]
    stills = [Frame(index=i, y=first.y, u=first.u, v=first.v) for i in range(len(frames))]
    home = Places(data=folder / "data", cache=Places().cache)
    made = make_film(
        rig,
        speech,
        folder / "ours.mp4",
        consent=attest("public-domain"),
        width_px=320,
        height_px=320,
        photos=(Source(sha256="ab" * 32, mime="image/jpeg"),),
        places=home,
    )
    return Clips(
        talking=written(folder / "talking.mp4", iter(frames), sound),
        mute=written(folder / "mute.mp4", iter(frames), None),
        silent=written(folder / "silent.mp4", iter(frames), nothing),
        still=written(folder / "still.mp4", iter(stills), sound),
        dubbed=written(folder / "dubbed.mp4", iter(frames), another),
        two=written(folder / "two.mp4", map(side_by_side, frames), sound, width=640),
        ours=made.path,
    )


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=Places().cache)


@pytest.fixture
def consent(places: Places) -> Consent:
    return collected(places)


Checking = Callable[..., object]


@pytest.fixture
def checked(places: Places, consent: Consent, engine: MediapipeFaces) -> Checking:
    """Ask for a passcode, and check a clip in which the words given were heard; the passcode when none are."""

    def check(
        clip: Path,
        *,
        said: str | None = "the passcode",
        photo: Path = PHOTO,
        by: Person | None = None,
    ) -> object:
        challenge = new_challenge(consent.record_id, places=places)
        words = " ".join(challenge.passcode) if said == "the passcode" else said
        return check_live(
            clip,
            consent=consent,
            challenge_id=challenge.challenge_id,
            photos=[photo],
            places=places,
            confirmed_by=by,
            engine=engine,
            hear=lambda *_: words,
        )

    return check


def test_the_person_of_the_photo_is_told_by_face_mouth_and_words(
    clips: Clips, checked: Checking, places: Places, consent: Consent
) -> None:
    checked(clips.talking)

    told = read_consent(kept_path(consent.record_id, places=places))
    check = told.events[-1].check
    assert check is not None
    assert check.method == "recognised"
    assert check.similarity > 0.95
    assert check.frames >= 8
    assert told.state_at(told.events[-1].event_time) == "given"
    line = list(Ledger.in_places(places).entries())[-1]
    assert line.event == "consent.checked"
    assert line.facts["clip_sha256"] == check.clip_sha256
    assert line.facts["similarity"] == check.similarity


def test_without_a_recogniser_a_person_confirms(
    clips: Clips, checked: Checking, places: Places, consent: Consent
) -> None:
    with pytest.raises(LiveCheckError, match="a person must listen"):
        checked(clips.talking, said=None)
    checked(clips.talking, said=None, by=LISTENER)

    check = read_consent(kept_path(consent.record_id, places=places)).events[-1].check
    assert check is not None
    assert (check.method, check.confirmed_by) == ("confirmed", LISTENER.entity_id)


def test_another_person_is_refused(clips: Clips, checked: Checking, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(data.astronaut()).save(other)

    with pytest.raises(LiveCheckError, match=r"0\.\d{3} like the one in the photos"):
        checked(clips.talking, photo=other)


@pytest.mark.parametrize(
    ("clip", "said", "why"),
    [
        ("talking", "coffee circle wooden winter basket mustard", "not the passcode"),
        ("talking", "", "not the passcode"),
        ("silent", "the passcode", "is silent"),
        ("still", "the passcode", "stand still"),
        ("dubbed", "the passcode", "does not move as one that speaks"),
        ("two", "the passcode", "up to 2 faces"),
        ("ours", "the passcode", "a machine made it"),
    ],
)
def test_what_does_not_show_consent_is_refused(
    clips: Clips,
    checked: Checking,
    places: Places,
    consent: Consent,
    clip: str,
    said: str,
    why: str,
) -> None:
    with pytest.raises(LiveCheckError, match=why):
        checked(getattr(clips, clip), said=said, by=LISTENER)

    assert read_consent(kept_path(consent.record_id, places=places)) == consent


def test_a_clip_without_sound_is_refused(clips: Clips, checked: Checking) -> None:
    with pytest.raises(InputError, match="no sound"):
        checked(clips.mute)


def test_a_passcode_is_not_good_twice_nor_late(
    clips: Clips, places: Places, consent: Consent, engine: MediapipeFaces
) -> None:
    now = utc_now()

    def check(challenge_id: str, *, later: timedelta = timedelta()) -> object:
        return check_live(
            clips.silent,
            consent=consent,
            challenge_id=challenge_id,
            photos=[PHOTO],
            places=places,
            engine=engine,
            now=now + later,
        )

    one = new_challenge(consent.record_id, places=places, now=now)
    with pytest.raises(LiveCheckError, match="silent"):
        check(one.challenge_id)
    with pytest.raises(ChallengeError, match="used already"):
        check(one.challenge_id)
    late = new_challenge(consent.record_id, places=places, now=now)
    with pytest.raises(ChallengeError, match="15 minutes"):
        check(late.challenge_id, later=timedelta(minutes=16))


def test_a_passcode_is_not_wasted_on_what_cannot_be_checked(
    clips: Clips, places: Places, engine: MediapipeFaces, tmp_path: Path
) -> None:
    child = collected(places, "guardians")
    taken_back = collected(places)
    withdraw(taken_back.record_id, places=places)
    taken_back = read_consent(kept_path(taken_back.record_id, places=places))
    mine = collected(places)
    (tmp_path / "no.mp4").write_bytes(b"no film")
    cases = [
        (child, clips.talking, [PHOTO], InputError, "living adults"),
        (taken_back, clips.talking, [PHOTO], LiveCheckError, "withdrawn"),
        (mine, clips.talking, [], InputError, "at least one photo"),
        (mine, tmp_path / "no.mp4", [PHOTO], InputError, "."),
        (mine, tmp_path / "none.mp4", [PHOTO], InputError, "."),
    ]
    for consent, clip, photos, error, why in cases:
        challenge = new_challenge(consent.record_id, places=places)
        with pytest.raises(error, match=why):
            check_live(
                clip,
                consent=consent,
                challenge_id=challenge.challenge_id,
                photos=photos,
                places=places,
                engine=engine,
            )
        assert (places.data / "challenges" / f"{challenge.challenge_id}.json").is_file()
