"""A film that speaks with a person's made voice is marked, and says under whose consent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from jaxtyping import Float32
from matplotlib.cbook import get_sample_data

from vivant.errors import ConsentError
from vivant.film.decoding import read_sound
from vivant.film.making import make_film
from vivant.film.person_voice import voice_in_papers
from vivant.film.verifying import verify_film
from vivant.intake.taking import take_photos
from vivant.media.hearing import resampled
from vivant.media.picture import Frame
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import read_credentials
from vivant.provenance.sound_mark import MARK_NAME
from vivant.render.engine import RenderTraits
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech
from voices_allowed import VOICE_CONSENT, keep_record, voice_of

pytestmark = pytest.mark.models
SIDE_PX = 256
PERSON = voice_of(VOICE_CONSENT, encoder=0.7, spectral=0.65)


class StillStage:
    """A picture that stands still."""

    folded = 0

    def draw(
        self,
        index: int,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
    ) -> Frame:
        del shapes, head, breath
        picture = skimage.data.astronaut()[::2, ::2].mean(axis=2) * 0.8 + 20
        half = np.full((SIDE_PX // 2, SIDE_PX // 2), 128, np.uint8)
        return Frame(index=index, y=picture.astype(np.uint8), u=half, v=half.copy())

    def close(self) -> None:
        """Hold nothing."""


class StillEngine:
    """Draws one picture, quickly."""

    traits = RenderTraits(
        name="still",
        version="1",
        licence="Apache-2.0",
        needs_gpu=False,
        yaw_limit_deg=0.0,
        pitch_limit_deg=0.0,
    )

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> StillStage:
        del rig, width_px, height_px, threads
        return StillStage()


@pytest.fixture
def places(own_home: Path) -> Places:
    home = Places(data=own_home / "data", cache=own_home / "cache")
    keep_record(VOICE_CONSENT, home)
    return home


@pytest.fixture(scope="module")
def consent() -> Consent:
    return attest("public-domain", note="public domain portrait; demonstration")


@pytest.fixture(scope="module")
def rig(consent: Consent) -> Rig:
    photo = Path(get_sample_data("grace_hopper.jpg", asfileobj=False))
    return build_rig(take_photos([photo], consent=consent))


@pytest.fixture(scope="module")
def speech() -> Speech:
    return replace(speak("It is good to see you again."), voice="granny@hibari", person=PERSON)


def test_the_voice_is_marked_and_both_consents_are_in_the_papers(
    rig: Rig, speech: Speech, consent: Consent, places: Places, tmp_path: Path
) -> None:
    film = make_film(
        rig,
        speech,
        tmp_path / "film.mp4",
        consent=consent,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        engine=StillEngine(),
        places=places,
    )
    credentials = read_credentials(film.path, places=places)
    verification = verify_film(film.path, places=places)

    assert verification.ok
    assert verification.voice is not None
    assert verification.voice.ok
    assert credentials.consent_id == consent.record_id
    assert credentials.voice_consent_id == PERSON.consent_id
    assert credentials.voice_watermark == MARK_NAME
    assert PERSON.consent_id in verification.consent.why
    assert film.record.recipe.person_voice is not None
    assert film.record.recipe.voice == "person@hibari"
    assert b"granny" not in film.path.read_bytes()
    facts = list(Ledger.in_places(places).entries())[-1].facts
    assert facts["voice_consent_id"] == PERSON.consent_id
    _is_in_time(film.path, speech, film.speech_starts)


def _is_in_time(film: Path, speech: Speech, starts: int) -> None:
    heard = read_sound(film).samples[starts * 1920 :]
    said = resampled(speech.sound, sample_rate_hz=48_000).samples
    count = min(len(heard), len(said))
    lags = np.arange(-480, 481)
    middle = slice(4_800, count - 4_800)
    alike = [float(np.dot(np.roll(heard[:count], lag)[middle], said[middle])) for lag in lags]
    assert abs(int(lags[int(np.argmax(alike))])) <= 24


def test_a_voice_whose_consent_was_withdrawn_makes_no_film(
    rig: Rig, speech: Speech, consent: Consent, places: Places, tmp_path: Path
) -> None:
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": PERSON.consent_id})

    with pytest.raises(ConsentError, match="withdrawn"):
        make_film(
            rig,
            speech,
            tmp_path / "film.mp4",
            consent=consent,
            width_px=SIDE_PX,
            height_px=SIDE_PX,
            engine=StillEngine(),
            places=places,
        )


def test_papers_never_name_a_voice_as_people_name_persons(speech: Speech) -> None:
    assert voice_in_papers(speech) == "person@hibari"
    assert voice_in_papers(replace(speech, voice="granny")) == "person"
    assert voice_in_papers(replace(speech, person=None, voice="kokoro:emma")) == "kokoro:emma"
