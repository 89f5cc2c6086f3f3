"""The door for recordings: phones found from the sound itself, and words laid over them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError, MissingError
from vivant.media.hearing import SoundCondition, examine, read_sound
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.voice.cleaning import restore
from vivant.voice.ear import FRAME, RATE_HZ, phone_probabilities
from vivant.voice.landmarks import (
    HOP_S,
    SHORTEST_PAUSE_S,
    level_curve,
    settle_closures,
    settle_sibilants,
    silence_threshold_db,
)
from vivant.voice.onsets import (
    Onset,
    agreement,
    keep_words_together,
    read_along,
    read_freely,
    read_plainly,
)
from vivant.voice.phones import PAUSE, is_vowel
from vivant.voice.pronouncing import Pronounced, pronounce
from vivant.voice.script import looks_english
from vivant.voice.sentences import word_ends
from vivant.voice.speech import Phone, Speech, Word

logger = logging.getLogger(__name__)

LATE_S = 0.046
"""The ear marks a phone this long after it is heard to begin."""
LATE_TONGUE_S = 0.030
"""The same for the sounds of ``TONGUE``. Both are medians against the embedded voice's own timings."""
TONGUE = frozenset("tdnlɾkɡŋszʃʒviuɹjrxɣqχʁɽɻɖʈɳɲɕʑʂʐçʎ")
QUIETEST_DB = -55.0
"""Under this a recording is taken for silent."""
FEWEST_PHONES_A_SECOND = 0.4
WORST_CLIPPED = 0.2
NOTED_CLIPPED = 0.0005
LEAST_MATCH, LEAST_MATCH_ABROAD = 0.35, 0.15
"""Share of the phones of a text that must be heard, in English and in a language that the ear was not taught."""
PAUSE_FROM_S = 0.13
"""A silence at least this long is a pause; a shorter one may be the closure of a stop."""
TORN_S = 0.2
"""No word holds a silence as long as this."""
LONGEST_PHONE_S = {True: 0.45, False: 0.22}
"""How long a vowel, and a consonant, may last before the rest counts as something else."""
SHORTEST_PHONE_S = 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was found in a sound."""

    phones: tuple[Phone, ...]
    words: tuple[Word, ...]
    notes: tuple[str, ...]
    """What is wrong with the recording, for people to read."""


def listen(
    path: Path | str,
    *,
    text: str = "",
    language: str | None = None,
    clean: bool = False,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Speech:
    """Take a recording as speech: find its phones and, where the text is given, its words.

    Args:
        path: A sound file, see ``read_sound``; any language.
        text: What is said in it; empty when not known.
        language: BCP 47 tag; when None, English is told from the text, else ``"und"``.
        clean: Whether noise, hum and clicks are pushed back and its level is evened out, as by ``restore``.
        places: Where models are kept.
        watch: Told as it goes.

    Returns:
        The recording, mono, at its own sample rate, with phones in exact samples; its sound as it is unless
        ``clean``.

    Raises:
        InputError: It cannot be read, holds no speech, is clipped beyond use, or the text is of another recording.
        MissingError: The model that hears phones was not fetched.
    """
    sound = read_sound(path)
    notes: tuple[str, ...] = ()
    if clean:
        condition = examine(sound)
        _check_condition(condition, level_curve(sound.samples, sample_rate_hz=sound.sample_rate_hz))
        sound, done = restore(sound, places=places, watch=watch)
        notes = (*notes_on(condition), *done)
    heard = hear(sound, text=text, language=language, places=places, watch=watch)
    notes = (*notes, *(note for note in heard.notes if not clean))
    if notes:
        logger.warning("recording noted", extra={"notes": notes})
    with Path(path).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Speech(
        sound=sound,
        words=heard.words,
        phones=heard.phones,
        text=text.strip(),
        language=language or ("en-US" if looks_english(text) else "und"),
        voice="recording",
        synthetic=False,
        source_sha256=sha256,
    )


def notes_on(condition: SoundCondition) -> tuple[str, ...]:
    """Say what is wrong with a recording that can still be used."""
    notes = []
    if condition.clipped_share > NOTED_CLIPPED:
        notes.append(
            f"The recording is clipped: {condition.clipped_share:.1%} of its samples lie in flattened peaks. "
            "It will sound rough; the lips still follow it."
        )
    if condition.level_db < QUIETEST_DB + 10:
        notes.append(
            f"The recording is very quiet ({condition.level_db:.0f} dB); its noise is raised with it."
        )
    return tuple(notes)


def hear(
    sound: Sound,
    *,
    text: str = "",
    language: str | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Heard:
    """Find the phones of a sound, and the words when its text is given.

    Args:
        sound: Mono sound with speech in it.
        text: What is said in it; empty when not known.
        language: BCP 47 tag of the text; when None it is told from the text.
        places: Where models are kept.
        watch: Told as it goes.

    Returns:
        Phones that cover the sound without gap or overlap. English words are aligned, and those of another language
        where espeak-ng is installed; else words are spread over the phones by their length, and a note says so.

    Raises:
        InputError: The sound holds no speech, is clipped beyond use, or the text is of another sound.
        MissingError: The model that hears phones was not fetched.
    """
    condition = examine(sound)
    levels = level_curve(sound.samples, sample_rate_hz=sound.sample_rate_hz)
    _check_condition(condition, levels)
    probabilities = phone_probabilities(sound, places=places, watch=watch)
    found = read_plainly(probabilities)
    seconds = len(sound.samples) / sound.sample_rate_hz
    if len(found) < max(2.0, FEWEST_PHONES_A_SECOND * seconds):
        message = (
            f"No speech was found: {len(found)} speech sounds in {seconds:.1f} s (level {condition.level_db:.0f} dB). "
            "Give a recording of a person who speaks."
        )
        raise InputError(message)
    found = read_freely(probabilities)
    written = text.split()
    onsets, words = _placed(probabilities, found, _sounding(text, language, places))
    phones, places_of = _tile(onsets, sound, levels)
    phones = settle_closures(phones, samples=sound.samples, sample_rate_hz=sound.sample_rate_hz)
    phones = settle_sibilants(phones, samples=sound.samples, sample_rate_hz=sound.sample_rate_hz)
    kept = [(p, w) for p, w in zip(phones, places_of, strict=True) if p.last > p.first]
    laid = _words_of(kept, written) if words.phones else _spread(kept, written)
    notes = (*notes_on(condition), *([words.note] if words.note else []))
    return Heard(phones=tuple(p for p, _ in kept), words=laid, notes=notes)


def _check_condition(condition: SoundCondition, levels: Float32[np.ndarray, " hops"]) -> None:
    loud = float(np.percentile(levels, 98)) if len(levels) else -120.0
    if loud < QUIETEST_DB:
        message = (
            f"No speech was found: the loudest part of the recording has a level of {loud:.0f} dB, and speech needs "
            f"more than {QUIETEST_DB:.0f} dB. Check the microphone and the recording."
        )
        raise InputError(message)
    if condition.clipped_share > WORST_CLIPPED:
        message = (
            f"The recording is clipped beyond use: {condition.clipped_share:.0%} of its samples lie in flattened peaks, "
            f"and at most {WORST_CLIPPED:.0%} can be borne. Record again with less gain."
        )
        raise InputError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How the words of a text sound, as far as that is known."""

    phones: tuple[Pronounced, ...] = ()
    """Empty when not known."""
    abroad: bool = False
    """Whether the language is another than English."""
    note: str = ""


def _sounding(text: str, language: str | None, places: Places | None) -> _Words:
    """Find out how a text sounds: English by its own rules, other languages by espeak-ng where it is here."""
    if not text.split():
        return _Words()
    if (language or "en").startswith("en") and looks_english(text):
        return _Words(phones=pronounce(text))
    if language is None or language == "und":
        return _Words(
            note="The text is not English, and its language is not told: the lips follow the sound alone. Name the "
            "language to have the words placed exactly."
        )
    from vivant.voice.engines.espeak import Espeak  # noqa: PLC0415 - only for other languages

    try:
        words = Espeak(places=places).phonemes(text, language=language)
    except (MissingError, InputError) as error:
        return _Words(
            note=f"How the words sound in {language!r} is not known, so the lips follow the sound alone: {error}"
        )
    return _Words(
        phones=tuple(
            Pronounced(symbol=phone.symbol, word=place, stress=phone.stress)
            for place, word in enumerate(words)
            for phone in word.phones
        ),
        abroad=True,
    )


def _placed(
    probabilities: Float32[np.ndarray, "frames tokens"], found: list[Onset], words: _Words
) -> tuple[list[Onset], _Words]:
    """Place the phones of the text, when it is the text of this sound."""
    if not words.phones:
        return found, words
    expected, abroad = words.phones, words.abroad
    share = agreement(found, expected, abroad=abroad)
    least = LEAST_MATCH_ABROAD if abroad else LEAST_MATCH
    if share >= least and len(expected) * 2 <= len(probabilities):
        return read_along(probabilities, found, expected, abroad=abroad), words
    message = (
        f"The text does not fit the recording: {share:.0%} of its {len(expected)} speech sounds were heard in "
        f"{len(probabilities) * FRAME / RATE_HZ:.0f} s"
    )
    if abroad:  # the ear was not taught the language: it may be its fault
        note = f"{message}. The lips follow the sound alone, and the words are spread over it."
        return found, _Words(note=note)
    message += ". Give the words that are said, or leave the text out."
    raise InputError(message)


def _tile(
    onsets: Sequence[Onset], sound: Sound, levels: Float32[np.ndarray, " hops"]
) -> tuple[list[Phone], list[int]]:
    """Make phones that touch out of their beginnings, with pauses where the sound is silent or nothing is said."""
    rate, samples = sound.sample_rate_hz, len(sound.samples)
    shortest = round(SHORTEST_PHONE_S * rate)
    silences = _silences(levels, rate, samples)
    long_ones = [
        (a / rate + LATE_S, b / rate + LATE_S) for a, b in silences if b - a >= TORN_S * rate
    ]
    onsets = keep_words_together(onsets, long_ones)
    begins, ends = _edges(
        [
            round((o.first / RATE_HZ - (LATE_TONGUE_S if o.symbol in TONGUE else LATE_S)) * rate)
            for o in onsets
        ],
        silences,
        samples,
        shortest,
    )
    for i, onset in enumerate(onsets):
        longest = round(LONGEST_PHONE_S[is_vowel(onset.symbol)] * rate)
        ends[i] = (
            min(ends[i], begins[i] + longest) if ends[i] - begins[i] > 2 * longest else ends[i]
        )
    phones: list[Phone] = []
    words: list[int] = []
    edge = 0
    for onset, earliest, end in zip(onsets, begins, ends, strict=True):
        begin = max(earliest, edge)
        if end <= begin:
            continue
        if begin - edge < round(SHORTEST_PAUSE_S * rate) and phones:
            phones[-1] = replace(phones[-1], last=begin)
        elif begin > edge:
            phones.append(Phone(symbol=PAUSE, first=edge, last=begin))
            words.append(-1)
        phones.append(Phone(symbol=onset.symbol, first=begin, last=end, stress=onset.stress))
        words.append(onset.word)
        edge = end
    if edge < samples:
        phones.append(Phone(symbol=PAUSE, first=edge, last=samples))
        words.append(-1)
    return phones, words


def _silences(
    levels: Float32[np.ndarray, " hops"], rate: int, samples: int
) -> list[tuple[int, int]]:
    """Find the pauses of a sound, from its level alone."""
    hop = max(1, round(HOP_S * rate))
    quiet = levels < silence_threshold_db(levels)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(np.int8)))
    runs = zip((edges[::2] * hop).tolist(), (edges[1::2] * hop).tolist(), strict=True)
    least = PAUSE_FROM_S * rate
    return [(a, min(b, samples)) for a, b in runs if b - a >= least or a == 0 or b >= samples]


def _edges(
    onsets: Sequence[int], silences: Sequence[tuple[int, int]], samples: int, shortest: int
) -> tuple[list[int], list[int]]:
    """Tell where phones begin and end: none begins in a silence, and those that run into one end there."""
    begins: list[int] = []
    limits: list[int] = []
    for onset in onsets:
        begin = max(onset, begins[-1] + shortest) if begins else max(onset, 0)
        limit = samples
        for a, b in silences:
            if (
                a <= begin < b
                and begins
                and begin - a < (b - a) // 3
                and a - begins[-1] >= 2 * shortest
            ):
                begin, limit = (
                    a - shortest,
                    a,
                )  # the last breath of what was said before the silence
            elif a <= begin < b:
                begin = b
        begins.append(min(begin, samples))
        limits.append(limit)
    ends = []
    for i, begin in enumerate(begins):
        following = begins[i + 1] if i + 1 < len(begins) else samples
        silent = next((a for a, b in silences if a > begin and b <= samples), samples)
        ends.append(max(begin, min(following, limits[i], silent)))
    return begins, ends


def _words_of(phones: Sequence[tuple[Phone, int]], words: Sequence[str]) -> tuple[Word, ...]:
    spans: dict[int, tuple[int, int]] = {}
    for phone, word in phones:
        if word >= 0:
            spans[word] = (spans.get(word, (phone.first, 0))[0], phone.last)
    ends = word_ends(words)
    return tuple(
        Word(text=words[i], first=first, last=last, ends=ends[i])
        for i, (first, last) in sorted(spans.items())
        if i < len(words)
    )


def _spread(phones: Sequence[tuple[Phone, int]], words: Sequence[str]) -> tuple[Word, ...]:
    """Lay words of a language without a dictionary over the phones, each its share by length."""
    sounding = [phone for phone, _ in phones if phone.symbol != PAUSE]
    readable = [word for word in words if any(c.isalnum() for c in word)]
    if not readable or len(sounding) < len(readable):
        return ()
    shares = np.cumsum([0.0, *(len(word) for word in readable)])
    cuts = np.maximum(
        np.rint(shares / shares[-1] * len(sounding)).astype(int), np.arange(len(shares))
    )
    cuts = np.minimum(cuts, len(sounding) - np.arange(len(shares))[::-1])
    return tuple(
        Word(text=word, first=sounding[a].first, last=sounding[b - 1].last, ends=end)
        for word, end, a, b in zip(
            readable, word_ends(readable), cuts[:-1].tolist(), cuts[1:].tolist(), strict=True
        )
    )
