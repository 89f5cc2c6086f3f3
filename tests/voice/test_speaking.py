"""Speech is what was asked for, and every sample of it belongs to one phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import EngineBrokeError, InputError
from vivant.voice.choosing import voice_engine
from vivant.voice.engine import Line, Said, VoiceEngine, VoiceTraits
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.phones import ENGLISH_PHONES, PAUSE, plain
from vivant.voice.pronouncing import pronounce
from vivant.voice.speaking import join, speak, speak_parts
from vivant.voice.speech import Phone, Speech

WORDS = [
    "Bob",
    "papa's",
    "map,",
    "$9.99",
    "Dr.",
    "5:30",
    "—",
    "(maybe)",
    "three",
    "1906",
    "U.S.",
    "stop!",
    "so?",
    "Zoë",
]


def covers_exactly(phones: Sequence[Phone], samples: int) -> bool:
    edges = [0, *(phone.last for phone in phones)]
    return (
        all(p.first == e < p.last for p, e in zip(phones, edges, strict=False))
        and edges[-1] == samples
    )


class BrokenVoice:
    """Returns whatever it was given."""

    def __init__(self, said: Said, *, gives_timings: bool = False) -> None:
        self.said = said
        self.traits = VoiceTraits(
            name="broken",
            version="1",
            sample_rate_hz=16_000,
            languages=frozenset({"en-US"}),
            licence="Apache-2.0",
            gives_timings=gives_timings,
        )

    def say(self, _line: Line, /) -> Said:
        return self.said


def test_the_embedded_voice_is_an_engine(voice: HibariVoice) -> None:
    assert isinstance(voice, VoiceEngine)
    assert isinstance(voice_engine("hibari"), HibariVoice)


@settings(max_examples=12)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=9),
    rate=st.sampled_from([0.5, 1.0, 2.0]),
)
def test_phones_cover_any_sentence_without_gap_or_overlap(words: list[str], rate: float) -> None:
    text = " ".join(["Well", *words])
    speech = speak(text, rate=rate, engine=VOICE)

    assert covers_exactly(speech.phones, len(speech.sound.samples))
    assert {p.symbol for p in speech.phones} <= ENGLISH_PHONES | {PAUSE}
    assert all(a.last <= b.first for a, b in zip(speech.words, speech.words[1:], strict=False))
    assert [w.text for w in speech.words] == [w for w in text.split() if w != "—"]


VOICE = HibariVoice()


def test_the_words_of_a_line_are_the_written_ones(voice: HibariVoice) -> None:
    text = "On 12/9/1906 Dr. Smith paid $3.50, at 5:30 p.m. today."
    speech = speak(text, engine=voice)

    assert [w.text for w in speech.words] == text.split()
    assert [w.ends for w in speech.words][-1] == "sentence"
    assert speech.words[5].ends == "phrase"


def test_words_read_as_they_are_written_keep_their_own_sounds() -> None:
    text = "Congratulations! You have successfully installed a set of the sample sounds I gave you."
    sounds: dict[int, str] = {}
    for phone in pronounce(text):
        sounds[phone.word] = sounds.get(phone.word, "") + phone.symbol

    assert sounds[1] == "ju"
    assert [sounds[i] for i in (6, 7, 9)] == ["sɛt", "ʌv", "sæmpəl"]
    assert len(sounds) == len(text.split())


def test_twice_the_pace_takes_half_the_time(voice: HibariVoice, spoken: Speech) -> None:
    fast = speak(spoken.text, rate=2.0, engine=voice)

    assert 0.42 < fast.sound.seconds / spoken.sound.seconds < 0.6


def test_the_same_seed_gives_the_same_samples_and_another_only_other_noise(
    voice: HibariVoice, spoken: Speech
) -> None:
    again, other = (speak(spoken.text, seed=seed, engine=voice) for seed in (0, 7))

    np.testing.assert_array_equal(spoken.sound.samples, again.sound.samples)
    assert [p.symbol for p in spoken.phones] == [p.symbol for p in other.phones]
    assert not np.array_equal(spoken.sound.samples[:1000], other.sound.samples[:1000])


def test_lips_close_where_the_sound_is_weakest(spoken: Speech) -> None:
    """Each p, b and m between other sounds is quieter above 900 Hz than the loudest phone beside it."""
    spectrum_ratio = []
    for before, phone, after in zip(
        spoken.phones, spoken.phones[1:], spoken.phones[2:], strict=False
    ):
        if phone.symbol in {"p", "b", "m"} and PAUSE not in {before.symbol, after.symbol}:
            inside, outside = (
                high_power(spoken, p)
                for p in (phone, max((before, after), key=lambda p: p.last - p.first))
            )
            spectrum_ratio.append(inside / outside)

    assert len(spectrum_ratio) >= 5
    assert np.median(spectrum_ratio) < 0.1


def high_power(speech: Speech, phone: Phone) -> float:
    samples = speech.sound.samples[phone.first : phone.last]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    return float(
        spectrum[int(900 * len(samples) / speech.sound.sample_rate_hz) :].mean() / len(samples)
    )


def test_pauses_are_silent_and_follow_the_punctuation(voice: HibariVoice) -> None:
    speech = speak("First we wait. Then, after a while, we go.\n\nAt last.", engine=voice)
    pauses = [p for p in speech.phones if p.symbol == PAUSE]
    lengths = [(p.last - p.first) / speech.sound.sample_rate_hz for p in pauses]
    loudest = max(
        float(np.sqrt(np.mean(speech.sound.samples[p.first : p.last] ** 2))) for p in pauses
    )

    assert len(pauses) >= 4
    assert 0.3 < lengths[1] < 0.7
    assert max(lengths[1:-1]) > 0.7  # the paragraph
    assert loudest < 0.02 * float(np.abs(speech.sound.samples).max())


def test_parts_come_one_by_one_and_join_into_the_whole(voice: HibariVoice) -> None:
    text = "One is here. Two follows! And three?"
    heard: list[tuple[int, int]] = []
    parts = speak_parts(
        text, engine=voice, watch=lambda _what, done, total: heard.append((done, total))
    )
    first = next(parts)
    after_one = list(heard)
    whole = join([first, *parts])

    assert after_one == [(0, 3), (1, 3)]
    assert whole.text == text
    np.testing.assert_array_equal(whole.sound.samples, speak(text, engine=voice).sound.samples)
    assert covers_exactly(whole.phones, len(whole.sound.samples))
    assert not any(
        a.symbol == b.symbol == PAUSE for a, b in zip(whole.phones, whole.phones[1:], strict=False)
    )


def test_no_seam_is_louder_than_the_speech_around_it(voice: HibariVoice) -> None:
    speech = speak("Stop. Go on. Sit. Yes.", engine=voice)
    jumps = np.abs(np.diff(speech.sound.samples))
    seams = [p for p in speech.phones if p.symbol == PAUSE]

    assert max(float(jumps[p.first : p.last - 1].max(initial=0.0)) for p in seams) < 0.1 * float(
        jumps.max()
    )


def test_a_very_long_word_is_said_in_pieces(voice: HibariVoice) -> None:
    speech = speak("na" * 400, engine=voice)

    assert covers_exactly(speech.phones, len(speech.sound.samples))
    assert speech.sound.seconds > 20


@pytest.mark.parametrize("rate", [0.4, 2.5, float("nan")])
def test_a_pace_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(InputError, match="must lie between"):
        speak("Hello.", rate=rate)


def test_an_unknown_voice_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="hibari"):
        speak("Hello.", voice="nobody")


def test_nothing_cannot_be_joined(spoken: Speech) -> None:
    with pytest.raises(InputError, match="at least one"):
        join([])
    with pytest.raises(InputError, match="2 kinds"):
        join([spoken, replace(spoken, language="en-GB")])


@pytest.mark.parametrize(
    ("samples", "phones", "what"),
    [
        (np.full(800, 1.5, np.float32), (), "peak of 1.5"),
        (np.full(800, np.nan, np.float32), (), "peak of nan"),
        (np.zeros(0, np.float32), (), "no sound"),
        (np.zeros(800, np.float32), (), "no phones"),
        (np.zeros(800, np.float32), (Phone(symbol="a", first=0, last=799),), "exactly once"),
        (np.zeros(800, np.float32), (Phone(symbol="a", first=1, last=800),), "exactly once"),
    ],
)
def test_an_engine_that_breaks_its_contract_is_named(
    samples: np.ndarray, phones: tuple[Phone, ...], what: str
) -> None:
    engine = BrokenVoice(Said(samples=samples, phones=phones), gives_timings=True)

    with pytest.raises(EngineBrokeError, match=what):
        speak("Hello.", engine=engine)


@given(st.text(alphabet="pbmtʃdʒʤʧˈˌː͡ʰgɡaeiouɝᵻᵊ̃", max_size=6))
def test_writing_a_phone_plainly_twice_changes_nothing(symbol: str) -> None:
    assert plain(plain(symbol)) == plain(symbol)
    assert not set(plain(symbol)) & set("ˈˌː͡ʤʧ")
