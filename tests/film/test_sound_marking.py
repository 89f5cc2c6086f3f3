"""Whatever leaves with sound tells by its sound which film it is: films, files, streams, and tracks ripped from them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from signed_films import SIDE_PX, record_of
from small_seal import seal_folder, seal_python
from sound_copies import babble, sound_of
from vivant.errors import ConsentError
from vivant.film.decoding import read_sound
from vivant.film.encoding import Packing
from vivant.film.making import encode_stamped
from vivant.film.sound_id_claim import (
    STRETCHES,
    sound_claim,
    sound_claims,
    sound_id_in,
    stretches_of,
)
from vivant.film.sound_marking import sound_with_id
from vivant.film.sound_streaming import stream_sound
from vivant.film.sounding import LabelledSpeech, make_sound
from vivant.film.verifying_any import verify_file
from vivant.media.hearing import resampled
from vivant.media.loudness import measure
from vivant.media.mastering import master
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.media.watch import unwatched
from vivant.places import Places
from vivant.provenance.engines.audioseal import AudioSealEngine
from vivant.provenance.ledger import Ledger
from vivant.provenance.sound_id import read_sound_id
from vivant.provenance.sound_label import read_tones
from vivant.voice.speech import Person, Phone, Speech
from voices_allowed import VOICE_CONSENT, keep_record, voice_of

RATE = Fraction(25)
PERSON = voice_of(VOICE_CONSENT, encoder=0.7, spectral=0.6)


@pytest.fixture
def places(own_home: Path) -> Places:
    home = Places(data=own_home / "data", cache=own_home / "cache")
    keep_record(VOICE_CONSENT, home)
    return home


def said(seconds: float = 4.0, *, seed: int = 0, person: Person | None = None) -> Speech:
    sound = resampled(babble(seconds, seed=seed), sample_rate_hz=24_000)
    phone = Phone(symbol="ə", first=0, last=len(sound.samples), stress=0)
    return Speech(
        sound=sound,
        words=(),
        phones=(phone,),
        text="",
        language="en-US",
        voice="built",
        synthetic=True,
        person=person,
    )


@cache
def mastered(seconds: float = 8.0) -> Sound:
    return master(babble(seconds))


def frames(count: int) -> Iterator[Frame]:
    half = SIDE_PX // 2
    for index in range(count):
        y, u, v = (np.full((side, side), 110, np.uint8) for side in (SIDE_PX, half, half))
        yield Frame(index=index, y=y, u=u, v=v)


@pytest.fixture
def film(tmp_path: Path, places: Places) -> Path:
    path = tmp_path / "film.mp4"
    encode_stamped(
        frames(200),
        path,
        count=200,
        rate=RATE,
        sound=mastered(),
        record=record_of(),
        packing=Packing(preset="ultrafast"),
        places=places,
        watch=unwatched,
    )
    return path


def test_a_films_sound_tells_which_film_it_is(film: Path) -> None:
    claim = sound_claim(film)

    assert claim is not None
    assert claim.ok
    assert claim.film_id == record_of().film_id


def test_lips_stay_in_time_and_loudness_stays(film: Path) -> None:
    heard = read_sound(film)
    size = 1 << 19
    whole = np.fft.rfft(heard.samples, size) * np.conj(np.fft.rfft(mastered().samples, size))
    lag = int(np.argmax(np.fft.irfft(whole, size)))
    loudness = measure(heard)

    assert min(lag, size - lag) <= 1
    assert loudness.lufs == pytest.approx(-16.0, abs=0.5)
    assert loudness.true_peak_dbtp <= -0.5  # AAC itself moves peaks


def test_a_track_ripped_from_a_film_and_coded_again_tells_it_too(
    film: Path, tmp_path: Path
) -> None:
    sound = read_sound(film)
    ripped = tmp_path / "ripped.mp3"
    soundfile.write(ripped, sound.samples, sound.sample_rate_hz, format="MP3")
    claim = sound_claim(ripped)

    assert claim is not None
    assert claim.film_id == record_of().film_id


def test_sounds_of_two_films_put_together_tell_both(tmp_path: Path, places: Places) -> None:
    ids = [record_of().film_id, record_of(seed=1).film_id]
    parts = [sound_with_id(mastered(), one) for one in ids]
    joined = tmp_path / "joined.wav"
    samples = np.concatenate([one.samples for one in parts for _ in range(2)])
    soundfile.write(joined, samples, parts[0].sample_rate_hz)

    claims = sound_claims(joined)

    assert {claim.film_id for claim in claims} == set(ids)
    assert sound_claim(joined) == claims[0]
    for withdrawn in ids:
        here = Places(data=tmp_path / withdrawn, cache=places.cache)
        Ledger.in_places(here).append("film.withdrawn", {"film_id": withdrawn})
        found = verify_file(joined, places=here)
        assert found.finding == "ours-withdrawn"
        assert found.origin is not None
        assert found.origin.made_id == withdrawn


def test_the_marked_sound_keeps_its_ceiling() -> None:
    before = measure(mastered())
    after = sound_with_id(mastered(), record_of().film_id)
    loudness = measure(after)

    assert len(after.samples) == len(mastered().samples)
    assert loudness.true_peak_dbtp <= -1.0
    assert loudness.lufs == pytest.approx(before.lufs, abs=0.25)
    assert read_sound_id(after).made_id == record_of().film_id


def test_other_marks_stand_beside_the_built_in_one_under_the_same_ceiling(tmp_path: Path) -> None:
    engine = AudioSealEngine(
        weights=seal_folder(tmp_path / "seal"), python=seal_python(tmp_path / "python")
    )
    after = sound_with_id(mastered(12.0), record_of().film_id, engines=[engine])
    found = engine.read(after).film_id
    engine.close()

    assert found == record_of().film_id
    assert read_sound_id(after).made_id == record_of().film_id
    assert measure(after).true_peak_dbtp <= -1.0


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3"])
def test_a_sound_file_tells_which_sound_it_is(tmp_path: Path, places: Places, suffix: str) -> None:
    made = make_sound([said(), said(seed=1)], tmp_path / f"a{suffix}", places=places)
    claim = sound_claim(made.path)
    samples, rate_hz = soundfile.read(made.path, dtype="float32")

    assert claim is not None
    assert claim.film_id == made.record.sound_id
    assert measure(sound_of(samples, rate_hz)).lufs == pytest.approx(-16.0, abs=0.5)
    assert measure(sound_of(samples, rate_hz)).true_peak_dbtp <= -1.0
    assert read_tones(sound_of(samples, rate_hz)).present


def test_a_stream_tells_the_id_that_the_ledger_knows(places: Places) -> None:
    stream = io.BytesIO()
    sent = stream_sound([said(3.0), said(3.0, seed=1), said(3.0, seed=2)], stream, places=places)
    data = stream.getvalue()
    at = data.index(b"data") + 8
    heard = sound_of(np.frombuffer(data[at:], "<i2") / 32768)
    noted = list(Ledger.in_places(places).entries())[-1]

    assert read_sound_id(heard).made_id == sent.record.sound_id
    assert sent.record.sound_id in data[:at].decode("latin-1")
    assert sent.record.sound_id in str(noted)
    assert measure(heard).true_peak_dbtp <= -1.0


def test_two_streams_of_the_same_lines_have_ids_of_their_own(places: Places) -> None:
    ids = {stream_sound([said(1.0)], io.BytesIO(), places=places).record.sound_id for _ in range(2)}

    assert len(ids) == 2


def test_a_voice_whose_consent_is_taken_back_meanwhile_is_not_finished(
    tmp_path: Path, places: Places
) -> None:
    def some() -> Iterator[Speech]:
        yield said(0.5, person=PERSON)
        Ledger.in_places(places).append("consent.withdrawn", {"record_id": PERSON.consent_id})
        yield said(0.5, person=PERSON)

    with pytest.raises(ConsentError, match="withdrawn"):
        make_sound(some(), tmp_path / "a.wav", places=places)

    assert list(tmp_path.glob("a*")) == []


def test_nothing_is_claimed_of_a_film_without_sound(tmp_path: Path, places: Places) -> None:
    path = tmp_path / "film.mp4"
    encode_stamped(
        frames(30),
        path,
        count=30,
        rate=RATE,
        sound=None,
        record=record_of(),
        packing=Packing(preset="ultrafast"),
        places=places,
        watch=unwatched,
    )

    assert sound_claim(path) is None
    assert "no sound" in sound_id_in(path).why


@pytest.mark.parametrize("data", [b"", b"no sound at all", b"RIFF\0\0\0\0WAVE" + b"\xff" * 100])
def test_nothing_is_claimed_of_other_files(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)

    assert sound_claim(path) is None
    assert sound_claim(tmp_path / "missing.wav") is None


def test_of_a_long_sound_some_stretches_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros(16_000 * 200, np.float32), 16_000)
    stretches = list(stretches_of(path))

    assert len(stretches) == STRETCHES
    assert sum(one.seconds for one in stretches) < 90


def test_a_mark_late_in_a_long_track_is_found(tmp_path: Path) -> None:
    path = tmp_path / "long.m4a"
    quiet = np.random.default_rng(0).standard_normal(48_000 * 30) * 1e-3
    marked = sound_with_id(mastered(), record_of().film_id)
    samples = np.concatenate([quiet, np.tile(marked.samples, 4)]).astype(np.float32)
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("aac", rate=48_000, layout="mono")
        for first in range(0, len(samples), 1024):
            block = samples[None, first : first + 1024]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "mono")
            frame.sample_rate, frame.pts = 48_000, first
            frame.time_base = Fraction(1, 48_000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    claim = sound_claim(path)

    assert claim is not None
    assert claim.film_id == record_of().film_id


def test_a_stream_draws_its_id_and_a_file_does_not(places: Places) -> None:
    drawn, again, plain = (
        LabelledSpeech([said(0.5)], places=places, drawn=number).recipe().speech_sha256
        for number in ("1", "1", None)
    )

    assert drawn == again != plain
