"""Recordings are heard: phones in time, words where they are said, pauses where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from vivant.errors import InputError, MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.listening import Heard, hear, listen
from vivant.voice.phones import LIP_CLOSURES, PAUSE
from vivant.voice.speaking import speak
from vivant.voice.speech import Phone, Speech

pytestmark = pytest.mark.models


def louder(sound: Sound, gain: float) -> Sound:
    return Sound(
        samples=(sound.samples * gain).astype(np.float32), sample_rate_hz=sound.sample_rate_hz
    )


def closures_s(phones: Sequence[Phone], sample_rate_hz: int) -> list[float]:
    return [(p.first + p.last) / 2 / sample_rate_hz for p in phones if p.symbol in LIP_CLOSURES]


def errors_s(heard: Heard, spoken: Speech) -> list[float]:
    """Tell for each phone of the voice how far off the nearest same phone was heard."""
    rate = spoken.sound.sample_rate_hz
    errors = []
    for phone in spoken.phones:
        same = [
            abs(p.first - phone.first) / rate
            for p in heard.phones
            if p.symbol == phone.symbol != PAUSE
        ]
        errors += [min(same)] if same and min(same) < 0.15 else []
    return errors


@pytest.mark.parametrize("with_text", [True, False])
def test_phones_are_heard_when_the_voice_says_they_are(spoken: Speech, with_text: bool) -> None:
    heard = hear(spoken.sound, text=spoken.text if with_text else "")
    errors = errors_s(heard, spoken)
    edges = [0, *(p.last for p in heard.phones)]

    assert len(errors) > 0.7 * len(spoken.phones)
    assert np.mean(errors) < 0.025
    assert np.mean(np.array(errors) < 0.05) > 0.85
    assert all(p.first == e < p.last for p, e in zip(heard.phones, edges, strict=False))
    assert edges[-1] == len(spoken.sound.samples)


def test_the_lips_close_where_they_close_without_the_text(spoken: Speech) -> None:
    rate = spoken.sound.sample_rate_hz
    found = closures_s(hear(spoken.sound).phones, rate)
    wanted = closures_s(spoken.phones, rate)
    reached = [min(abs(f - w) for f in found) < 0.04 for w in wanted]

    assert np.mean(reached) >= 0.85


def test_words_are_found_where_they_are_said(voice: HibariVoice) -> None:
    text = "Dr. Smith paid $9.99 for it, I think. Was it too much?"
    speech = speak(text, engine=voice)
    heard = hear(speech.sound, text=text)
    off = [abs(a.first - b.first) / 24_000 for a, b in zip(heard.words, speech.words, strict=True)]

    assert [w.text for w in heard.words] == text.split()
    assert [w.ends for w in heard.words if w.ends] == ["phrase", "sentence", "sentence"]
    assert np.mean(off) < 0.04


def test_a_louder_recording_has_the_same_timings(spoken: Speech) -> None:
    quiet, loud = (hear(louder(spoken.sound, gain)) for gain in (0.2, 1.0))
    shared = {p.symbol: p.first for p in quiet.phones if p.symbol in LIP_CLOSURES}

    assert len(quiet.phones) == pytest.approx(len(loud.phones), abs=4)
    assert {s: pytest.approx(first, abs=480) for s, first in shared.items()} == {
        p.symbol: p.first for p in loud.phones if p.symbol in shared
    }


def test_a_recording_at_telephone_rate_with_noise_is_still_heard(spoken: Speech) -> None:
    phone_line = resampled(spoken.sound, sample_rate_hz=8_000)
    noise = 0.003 * np.random.default_rng(0).standard_normal(len(phone_line.samples))
    noisy = Sound(samples=(phone_line.samples + noise).astype(np.float32), sample_rate_hz=8_000)
    found = closures_s(hear(noisy).phones, 8_000)
    wanted = closures_s(spoken.phones, 24_000)

    assert np.mean([min(abs(f - w) for f in found) < 0.05 for w in wanted]) >= 0.6


def test_silence_between_sentences_is_a_pause(voice: HibariVoice) -> None:
    speech = speak("We wait. Then we go.", engine=voice)
    wanted = [p for p in speech.phones if p.symbol == PAUSE]
    found = [p for p in hear(speech.sound).phones if p.symbol == PAUSE]
    overlaps = [
        max(min(w.last, f.last) - max(w.first, f.first) for f in found) / (w.last - w.first)
        for w in wanted
    ]

    assert min(overlaps) > 0.7


def test_a_recording_becomes_speech_as_it_is(tmp_path: Path, spoken: Speech) -> None:
    soundfile.write(
        tmp_path / "a.wav", np.stack([spoken.sound.samples] * 2, axis=1), 24_000, subtype="PCM_24"
    )
    speech = listen(tmp_path / "a.wav")

    assert (speech.voice, speech.synthetic, speech.language, speech.text) == (
        "recording",
        False,
        "und",
        "",
    )
    assert len(speech.source_sha256) == 64
    np.testing.assert_allclose(speech.sound.samples, spoken.sound.samples, atol=1e-5)


def test_words_of_another_language_are_spread_over_the_sound(spoken: Speech) -> None:
    heard = hear(spoken.sound, text="Моя мама сделала карту мест.", language="tlh")

    assert [w.text for w in heard.words] == ["Моя", "мама", "сделала", "карту", "мест."]
    assert all(a.last <= b.first for a, b in zip(heard.words, heard.words[1:], strict=False))
    assert heard.words[-1].ends == "sentence"
    assert "'tlh' is not known" in heard.notes[0]


def test_a_long_recording_is_heard_in_pieces(voice: HibariVoice) -> None:
    text = "We keep the memory of those who made us what we are. " * 16
    speech = speak(text, engine=voice)
    heard = hear(speech.sound, text=text)
    off = [abs(a.first - b.first) / 24_000 for a, b in zip(heard.words, speech.words, strict=True)]

    assert speech.sound.seconds > 40
    assert np.mean(off) < 0.03


def hiss(level: float, seconds: float = 3.0) -> Sound:
    noise = np.random.default_rng(1).standard_normal(round(24_000 * seconds)) * level
    return Sound(samples=noise.astype(np.float32), sample_rate_hz=24_000)


def hum() -> Sound:
    wave = 0.3 * np.sin(2 * np.pi * 50 * np.arange(72_000) / 24_000)
    return Sound(samples=wave.astype(np.float32), sample_rate_hz=24_000)


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        (hiss(0.0), "No speech was found: the loudest part"),
        (hiss(0.0001), "No speech was found: the loudest part"),
        (Sound(samples=np.zeros(0, np.float32), sample_rate_hz=8_000), "No speech was found"),
        (hum(), "No speech was found: .* speech sounds"),
        (hiss(0.2), "No speech was found: .* speech sounds"),
    ],
)
def test_a_sound_without_speech_is_refused_with_its_level(sound: Sound, message: str) -> None:
    with pytest.raises(InputError, match=message):
        hear(sound)


def test_a_clipped_recording_is_noted_and_a_square_wave_refused(spoken: Speech) -> None:
    rough = Sound(samples=np.clip(spoken.sound.samples * 8, -1, 1), sample_rate_hz=24_000)
    ruined = Sound(samples=np.sign(spoken.sound.samples).astype(np.float32), sample_rate_hz=24_000)

    assert "clipped" in hear(rough).notes[0]
    assert hear(spoken.sound).notes == ()
    with pytest.raises(InputError, match="clipped beyond use"):
        hear(ruined)


def test_the_text_of_another_recording_is_refused(spoken: Speech) -> None:
    with pytest.raises(InputError, match="does not fit the recording"):
        hear(spoken.sound, text="Quick zebras jog vexingly through thick foggy orchards.")


def test_without_the_model_the_way_to_it_is_named(tmp_path: Path, spoken: Speech) -> None:
    with pytest.raises(MissingError, match="vivant models fetch"):
        hear(spoken.sound, places=Places(cache=tmp_path, data=tmp_path))


def test_no_closure_is_shorter_than_lips_can_make_it(spoken: Speech) -> None:
    for phones in (spoken.phones, hear(spoken.sound).phones):
        lengths = [(p.last - p.first) / 24_000 for p in phones if p.symbol in LIP_CLOSURES]

        assert min(lengths) > 0.015
        assert np.median(lengths) > 0.035
