"""A sound file leaves with its label, its mark and its papers, or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speeches import built
from vivant.errors import ConsentError, InputError
from vivant.film.sound_streaming import PapersCannotFollowError, stream_sound
from vivant.film.sound_verifying import verify_sound
from vivant.film.sounding import LabelledSpeech, make_sound
from vivant.media.loudness import measure
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import read_credentials
from vivant.provenance.sound_label import REPEATED_S, read_tones
from vivant.voice.speaking import speak
from vivant.voice.speech import Person, Speech
from voices_allowed import VOICE_CONSENT, keep_record, voice_of

PERSON = voice_of(VOICE_CONSENT, encoder=0.712345, spectral=0.65)
PHONES = (("", 0.1), ("h", 0.1), ("ə", 0.2), ("l", 0.1), ("oʊ", 0.3), ("", 0.2))


@pytest.fixture
def places(own_home: Path) -> Places:
    home = Places(data=own_home / "data", cache=own_home / "cache")
    keep_record(VOICE_CONSENT, home)
    return home


@cache
def spoken() -> Speech:
    return speak("Yes. I do remember the house by the river.")


def lines(count: int = 3, *, person: Person | None = None, voice: str = "hibari") -> list[Speech]:
    line = built(PHONES)
    return [replace(line, person=person, voice=voice, language="en-US") for _ in range(count)]


def read(path: Path) -> Sound:
    samples, rate_hz = soundfile.read(path, dtype="float32")
    return Sound(samples=samples, sample_rate_hz=rate_hz)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3"])
def test_a_sound_is_made_with_label_and_papers(tmp_path: Path, places: Places, suffix: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    made = make_sound(iter(lines()), out / f"a{suffix}", places=places)
    sound = read(made.path)
    verification = verify_sound(made.path, places=places)

    assert verification.ok
    assert verification.sound_id == made.record.sound_id
    assert [claim.name for claim in verification.claims] == ["label", "aigc", "credentials"]
    assert read_tones(sound).present
    assert measure(sound).lufs == pytest.approx(-16.0, abs=0.5)
    assert measure(sound).true_peak_dbtp <= -1.0
    assert [one.name for one in out.iterdir()] == [made.path.name]


def test_the_same_lines_make_the_same_sound_and_others_another(
    tmp_path: Path, places: Places
) -> None:
    ids = [
        make_sound(lines(count), tmp_path / "a.wav", places=places).record.sound_id
        for count in (2, 2, 3)
    ]

    assert ids[0] == ids[1] != ids[2]


def test_the_ledger_knows_the_sound(tmp_path: Path, places: Places) -> None:
    made = make_sound(lines(), tmp_path / "a.wav", places=places)
    entry = list(Ledger.in_places(places).entries())[-1]

    assert entry.event == "sound.made"
    assert entry.facts["sound_id"] == made.record.sound_id
    assert Ledger.in_places(places).verify().ok


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3"])
def test_one_changed_byte_of_sound_is_found(tmp_path: Path, places: Places, suffix: str) -> None:
    path = make_sound(lines(), tmp_path / f"a{suffix}", places=places).path
    data = bytearray(path.read_bytes())
    data[-3000 if suffix == ".mp3" else len(data) // 2] ^= 1
    path.write_bytes(bytes(data))

    verification = verify_sound(path, places=places)

    assert not verification.ok
    assert not verification.credentials.ok


def test_a_sound_without_papers_fails_each_claim(tmp_path: Path, places: Places) -> None:
    soundfile.write(tmp_path / "plain.wav", lines()[0].sound.samples, 24_000)

    verification = verify_sound(tmp_path / "plain.wav", places=places)

    assert verification.verdict == "failed"
    assert [claim.ok for claim in (verification.label, verification.aigc, verification.credentials)] == [False] * 3  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\xff\xff\xff\xffWAVE"])
def test_what_is_no_sound_fails_with_reasons(
    tmp_path: Path, places: Places, content: bytes
) -> None:
    (tmp_path / "a.wav").write_bytes(content)

    assert not verify_sound(tmp_path / "a.wav", places=places).ok


@pytest.mark.models
def test_a_persons_voice_is_marked_and_its_consent_named(tmp_path: Path, places: Places) -> None:
    said = replace(spoken(), person=PERSON, voice="grandmother@hibari")
    made = make_sound([said], tmp_path / "a.wav", places=places)
    credentials = read_credentials(made.path, places=places)
    person = made.record.recipe.person_voice

    assert made.verification.ok
    assert [claim.name for claim in made.verification.claims] == [
        "label",
        "aigc",
        "credentials",
        "watermark",
        "sound",
        "consent",
    ]
    assert credentials.consent_id == credentials.voice_consent_id == PERSON.consent_id
    assert person is not None
    assert person.watermark
    assert made.record.recipe.label == "tones, notice"
    assert b"grandmother" not in made.path.read_bytes()


def test_without_the_marks_model_the_papers_promise_no_mark(tmp_path: Path) -> None:
    bare = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    keep_record(VOICE_CONSENT, bare)
    made = make_sound(lines(person=PERSON, voice="x"), tmp_path / "a.wav", places=bare)

    assert made.verification.ok
    assert made.record.recipe.person_voice is not None
    assert made.record.recipe.person_voice.watermark == ""
    assert made.verification.watermark is None


@pytest.mark.models
def test_papers_promise_no_mark_that_cannot_be_read(tmp_path: Path, places: Places) -> None:
    """A hum of a second is no speech; the mark does not hold in it, and that is said, not refused."""
    made = make_sound(lines(1, person=PERSON), tmp_path / "a.wav", places=places)

    person = made.record.recipe.person_voice
    assert made.verification.ok
    assert person is not None
    assert bool(person.watermark) == (made.verification.watermark is not None)


def test_a_withdrawn_consent_stops_it(tmp_path: Path, places: Places) -> None:
    ledger = Ledger.in_places(places)
    ledger.append("consent.withdrawn", {"record_id": PERSON.consent_id})

    with pytest.raises(ConsentError, match="withdrawn"):
        make_sound(lines(person=PERSON), tmp_path / "a.wav", places=places)

    assert not (tmp_path / "a.wav").exists()


def test_a_consent_withdrawn_later_is_told(tmp_path: Path, places: Places) -> None:
    made = make_sound([replace(spoken(), person=PERSON)], tmp_path / "a.wav", places=places)
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": PERSON.consent_id})

    verification = verify_sound(made.path, places=places)

    assert not verification.ok
    assert verification.consent is not None
    assert "withdrawn" in verification.consent.why


@pytest.mark.parametrize("breaks", [KeyboardInterrupt, InputError])
def test_nothing_is_left_when_it_breaks_off(
    tmp_path: Path, places: Places, breaks: type[BaseException]
) -> None:
    out = tmp_path / "out"
    out.mkdir()

    def some() -> Iterator[Speech]:
        yield lines()[0]
        raise breaks

    with pytest.raises(breaks):
        make_sound(some(), out / "a.wav", places=places)

    assert list(out.iterdir()) == []


def test_an_old_sound_stays_when_the_new_one_breaks_off(tmp_path: Path, places: Places) -> None:
    made = make_sound(lines(), tmp_path / "a.wav", places=places)
    before = made.path.read_bytes()

    with pytest.raises(InputError, match="several voices"):
        make_sound([*lines(1), *lines(1, voice="other")], made.path, places=places)

    assert made.path.read_bytes() == before


def test_a_long_piece_is_labelled_again(places: Places) -> None:
    line = built((("", 0.1), ("ə", 58.8), ("", 1.1)))
    labelled = LabelledSpeech(
        (replace(line, voice="x", language="en-US") for _ in range(21)), places=places
    )

    found = [len(read_tones(sound).starts_s) for sound in labelled]

    assert REPEATED_S == 600.0
    assert found == [1] + [0] * 9 + [1] + [0] * 9 + [1]


def test_a_stream_is_a_wav_that_is_labelled_and_told(places: Places) -> None:
    stream = io.BytesIO()
    sent = stream_sound(lines(5), stream, places=places)
    data = stream.getvalue()
    at = data.index(b"data") + 8
    sound = Sound(
        samples=(np.frombuffer(data[at:], "<i2") / 32768).astype(np.float32), sample_rate_hz=48_000
    )

    assert data[:4] == b"RIFF"
    assert b"AIGC" in data[:at]
    assert sound.seconds == pytest.approx(sent.seconds, abs=1e-6)
    assert read_tones(sound).present
    assert measure(sound).lufs == pytest.approx(-16.0, abs=1.0)
    assert list(Ledger.in_places(places).entries())[-1].event == "sound.made"


def test_a_persons_voice_does_not_leave_as_a_stream(places: Places) -> None:
    stream = io.BytesIO()

    with pytest.raises(PapersCannotFollowError, match="papers"):
        stream_sound(lines(person=PERSON), stream, places=places)

    assert stream.getvalue() == b""
