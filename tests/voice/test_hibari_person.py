"""The live voice, bent towards a person: the persons are the voice itself, changed by known amounts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfiltfilt

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.media.watch import unwatched
from vivant.voice.engine import Line, PersonalEngine
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.person import Character, Reference
from vivant.voice.pitch import pitch

LINES = (
    "Bob bought a big brown bag of apples at the market in Boston.",
    "She sells sea shells by the sea shore every summer.",
    "The judge asked the witness such a strange question yesterday.",
    "Grace Hopper was a computer pioneer and a Navy admiral.",
    "I am proud of you, and I will be beside you always.",
)
RATE_HZ = 24_000


def _played(voice: HibariVoice, *, faster: float) -> Reference:
    """The voice itself, played faster or slower: pitch and resonances move alike."""
    sounds, phones, at = [], [], 0
    for text in LINES:
        said = voice.say(Line(text=text, language="en-US"))
        sound = resample_poly(said.samples, 100, round(100 * faster)).astype(np.float32)
        for phone in said.phones:
            first, last = round(phone.first / faster) + at, round(phone.last / faster) + at
            phones.append(type(phone)(symbol=phone.symbol, first=first, last=last))
        sounds.append(sound)
        at += len(sound)
    return Reference(
        sound=Sound(samples=np.concatenate(sounds), sample_rate_hz=RATE_HZ),
        phones=tuple(phones),
        bandwidth_hz=11_000.0,
        snr_db=50.0,
    )


@pytest.fixture(scope="module")
def large(voice: HibariVoice) -> Reference:
    return _played(voice, faster=0.8)


@pytest.fixture(scope="module")
def character(voice: HibariVoice, large: Reference) -> Character:
    return voice.fit(large, watch=unwatched)


def test_the_live_voice_can_be_like_a_person(voice: HibariVoice) -> None:
    assert isinstance(voice, PersonalEngine)
    assert voice.traits.likeness == "matched"


def test_pitch_and_resonances_of_the_person_are_found(
    voice: HibariVoice, large: Reference, character: Character
) -> None:
    """Played at four fifths of its speed, the voice is that of a person larger by a quarter."""
    line = Line(text="We keep the memory of those who made us.", language="en-US")
    like = voice.say(Line(text=line.text, language="en-US", character=character))

    heard, wanted = (
        float(np.median(tone[tone > 0]))
        for tone in (
            pitch(Sound(samples=like.samples.copy(), sample_rate_hz=RATE_HZ)),
            pitch(large.sound),
        )
    )

    assert heard == pytest.approx(wanted, rel=0.12)
    assert float(character.arrays["ratio"][0]) == pytest.approx(0.8, abs=0.06)


def test_a_person_is_small(character: Character) -> None:
    assert sum(array.nbytes for array in character.arrays.values()) < 200_000


def test_the_same_person_is_learned_twice_alike(
    voice: HibariVoice, large: Reference, character: Character
) -> None:
    again = voice.fit(large, watch=unwatched)

    for name, array in character.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array)


def test_a_person_is_said_without_clipping_and_in_time(
    voice: HibariVoice, character: Character
) -> None:
    said = voice.say(Line(text=LINES[0], language="en-US", character=character))

    assert np.abs(said.samples).max() <= 0.99
    assert said.phones[0].first == 0
    assert said.phones[-1].last == len(said.samples)


def test_too_little_speech_is_refused_with_numbers(voice: HibariVoice, large: Reference) -> None:
    short = Reference(
        sound=Sound(samples=large.sound.samples[: 3 * RATE_HZ].copy(), sample_rate_hz=RATE_HZ),
        phones=(),
        bandwidth_hz=11_000.0,
        snr_db=50.0,
    )

    with pytest.raises(InputError, match=r"\d\.\d s of voiced speech"):
        voice.fit(short, watch=unwatched)


def test_a_word_with_weight_is_longer_and_louder_and_later_words_move_with_it(
    voice: HibariVoice, character: Character
) -> None:
    text = "Put the yellow box under the bench."
    for person in (None, character):
        plain = voice.say(Line(text=text, language="en-US", character=person))
        said = voice.say(
            Line(text=text, language="en-US", character=person, emphasis=frozenset({2}))
        )

        assert [word.text for word in said.words] == text.split()
        before, after = (words[2].last - words[2].first for words in (plain.words, said.words))
        assert after > 1.05 * before
        assert said.phones[-1].last == len(said.samples)
        assert all(a.last == b.first for a, b in zip(said.phones, said.phones[1:], strict=False))
        assert np.abs(np.diff(said.samples)).max() < 0.5


def test_a_telephone_does_not_darken_the_voice(voice: HibariVoice, large: Reference) -> None:
    """What the telephone took is not taken for the person's."""
    band = butter(4, (300.0, 3400.0), "band", fs=RATE_HZ, output="sos")
    thin = Reference(
        sound=Sound(
            samples=sosfiltfilt(band, large.sound.samples).astype(np.float32),
            sample_rate_hz=RATE_HZ,
        ),
        phones=large.phones,
        bandwidth_hz=3_400.0,
        snr_db=40.0,
    )
    line = "She sells sea shells by the sea shore."
    character = voice.fit(thin, watch=unwatched)

    bright = []
    for person in (None, character):
        samples = voice.say(Line(text=line, language="en-US", character=person)).samples
        power = np.abs(np.fft.rfft(samples)) ** 2
        bright.append(10 * np.log10(power[len(power) // 3 :].sum() / power.sum()))

    assert abs(bright[1] - bright[0]) < 6.0
