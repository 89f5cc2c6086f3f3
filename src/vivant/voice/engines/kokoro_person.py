"""Kokoro bent towards a person: the style that sounds most alike, their pitch, and the colour of each sound.

No speaker encoder and no likelihood takes part in any choice, so that both can judge the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, Float64

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.media.watch import Watch
from vivant.voice.engines.kokoro_colour import (
    RATE_HZ,
    Spoken,
    coloured,
    differences,
    known_bands,
    measured,
)
from vivant.voice.engines.kokoro_melody import Melody
from vivant.voice.engines.kokoro_model import UNIT_SAMPLES, Voiced
from vivant.voice.engines.kokoro_styles import style_pack
from vivant.voice.engines.kokoro_timbre import melodist_like, place_of, timbres
from vivant.voice.engines.spelling import NO_WORD, Spelled
from vivant.voice.engines.timing import timed
from vivant.voice.person import Reference
from vivant.voice.pitch import pitch
from vivant.voice.speech import Phone

SENTENCES: Final = (
    "ðə ʧˈɪldɹᵊn ɹˈæn dˌWn tə ðə hˈɑɹbəɹ tə wˈɑʧ ðə ʃˈɪps kˈʌm ˈɪn.",
    "mˌI fˈɑðəɹ jˈust tə sˈA ðæt ɡˈʊd bɹˈɛd tˈAks pˈAʃəns.",
    "wˌi kʊd hˈɪɹ ðə ʧˈɜɹʧ bˈɛlz fɹʌm ðə ɡˈɑɹdən ˈɛvəɹi ˈivnɪŋ.",
    "wˌI dˈOnt ju ʤˈYn ˌʌs fɔɹ dˈɪnəɹ ˌɔn θˈɜɹzdˌA?",
    "ʃˌi bˈɔt ɐ hjˈuʤ jˈɛlO ˌʌmbɹˈɛlə ænd fˈIv ɹˈɛd ˈæpᵊlz.",
)
"""What Kokoro says to be compared with the person."""
LATE_S = 0.055
LATE_AFTER_MARK_S = 0.043
LEAST_VOICED_S = 2.5
MOST_S = 120.0
"""Of a longer reference the first part is used: more changes nothing."""
PITCH_HOP_S = 0.0125
TURNS = 2
"""How often Kokoro says the sentences: the second time with what the first one taught."""
ROUNDS = 3
"""How often the filter is corrected by what it did."""
POOR_DB, POOR_SHARE = 15.0, 0.7
"""What was cleaned of so much noise tells colours less surely: the filter goes only part of the way."""
SPREADS = (0.7, 1.5)
"""The melody goes at least and at most so many times as far as the voice's own."""
FACTORS = (0.5, 2.0)


@runtime_checkable
class Network(Protocol):
    """What is needed of ``KokoroNetwork``."""

    def voice(
        self,
        letters: str,
        *,
        style: Float32[np.ndarray, 256],
        rate: float = 1.0,
        melody: Melody | None = None,
    ) -> Voiced:
        """Speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How high somebody speaks."""

    middle_hz: float
    """Median of the pitch."""
    below: float
    """How far the pitch goes down from there: mean of what lies below, in octaves."""
    above: float
    """The same for what lies above."""

    @property
    def spread_octaves(self) -> float:
        """Standard deviation of the pitch, were it normally distributed."""
        return (self.below + self.above) / 2.0 * float(np.sqrt(np.pi / 2.0))

    @classmethod
    def of(cls, samples: Float32[np.ndarray, " samples"], *, least_s: float = 0.5) -> Manner:
        """Measure speech.

        Args:
            samples: At 24 kHz.
            least_s: Seconds that must be voiced.

        Raises:
            InputError: Too little of it is voiced.
        """
        tone = pitch(Sound(samples=samples.copy(), sample_rate_hz=RATE_HZ))
        voiced = tone[tone > 0]
        voiced_s = len(voiced) * PITCH_HOP_S
        if voiced_s < least_s:
            message = (
                f"The recording holds {voiced_s:.1f} s of voiced speech, and {least_s} s are needed to match a voice. "
                "Give a longer recording, or one with less noise."
            )
            raise InputError(message)
        middle = float(np.median(voiced))
        octaves = np.log2(voiced / middle)
        return cls(
            middle_hz=middle,
            below=float(np.abs(octaves[octaves <= 0]).mean()),
            above=float(octaves[octaves >= 0].mean()),
        )


def fit(network: Network, reference: Reference, *, watch: Watch) -> dict[str, np.ndarray]:
    """Find how Kokoro is to speak like a person.

    Args:
        network: Kokoro.
        reference: The person, heard alone.
        watch: Told as it goes.

    Returns:
        Arrays of a ``Character``, some 300 kB: ``style``, ``melody`` and ``offsets``.

    Raises:
        InputError: The reference holds too little speech.
    """
    samples = reference.sound.samples[: round(MOST_S * RATE_HZ)]
    manner = Manner.of(samples, least_s=LEAST_VOICED_S)
    person = measured(samples, reference.phones)
    known = known_bands(reference.bandwidth_hz)
    melodist = melodist_like(middle_hz=manner.middle_hz, spread_octaves=manner.spread_octaves)
    spread = manner.spread_octaves / melodist.spread_octaves
    melody = _within(melodist.middle_hz, manner.middle_hz / melodist.middle_hz, spread, spread)
    place = place_of(person, middle_hz=manner.middle_hz, known=known)
    tried: tuple[np.ndarray, Spoken] | None = None
    said: list[tuple[np.ndarray, tuple[Phone, ...]]] = []
    table = style_table(melodist.name, place)
    for turn in range(TURNS):
        if tried is not None:
            place = place_of(person, middle_hz=manner.middle_hz, known=known, tried=tried)
        table = style_table(melodist.name, place)
        said = []
        for one in spoken_by(network, SENTENCES, table=table, melody=melody):
            said.append(one)
            done = turn * len(SENTENCES) + len(said)
            watch("matching the voice", done, TURNS * len(SENTENCES) + 1)
        tried = place, joined([measured(*one) for one in said])
        melody = _set_right(melody, manner, Manner.of(np.concatenate([s for s, _ in said])))
    offsets = colour_towards(person, said, known=known)
    if reference.snr_db < POOR_DB:
        offsets = POOR_SHARE * offsets
    watch("matching the voice", TURNS * len(SENTENCES) + 1, TURNS * len(SENTENCES) + 1)
    return {
        "style": table.astype(np.float16),
        "melody": np.array(
            [melody.middle_hz, melody.factor, melody.below, melody.above], np.float32
        ),
        "offsets": offsets.astype(np.float16),
    }


def style_table(
    melodist: str, place: Float64[np.ndarray, " places"]
) -> Float32[np.ndarray, "510 256"]:
    """Give the table of a style whose sound lies at a place, and whose melody is that of a voice."""
    table = style_pack().table(melodist).copy()
    table[:, :128] = timbres().style(place)
    return table


def _within(middle_hz: float, factor: float, below: float, above: float) -> Melody:
    return Melody(
        middle_hz=middle_hz,
        factor=float(np.clip(factor, *FACTORS)),
        below=float(np.clip(below, *SPREADS)),
        above=float(np.clip(above, *SPREADS)),
    )


def _set_right(melody: Melody, wanted: Manner, heard: Manner) -> Melody:
    """Correct a melody by what was heard of it."""
    return _within(
        melody.middle_hz,
        melody.factor * wanted.middle_hz / heard.middle_hz,
        melody.below * wanted.below / heard.below,
        melody.above * wanted.above / heard.above,
    )


def melody_of(arrays: Mapping[str, np.ndarray]) -> Melody | None:
    """Read the melody of a ``Character``; None where nothing changes."""
    if "melody" not in arrays:
        return None
    middle_hz, factor, below, above = (float(number) for number in arrays["melody"])
    return Melody(middle_hz=middle_hz, factor=factor, below=below, above=above)


def apply(
    samples: Float32[np.ndarray, " samples"],
    phones: Sequence[Phone],
    arrays: Mapping[str, np.ndarray],
) -> Float32[np.ndarray, " samples"]:
    """Give speech of Kokoro's the colour of a person.

    Args:
        samples: At 24 kHz, with the style and the melody of ``arrays``.
        phones: What is heard in it.
        arrays: Of the ``Character``.

    Returns:
        As many samples.
    """
    if "offsets" not in arrays:
        return samples
    return coloured(samples, phones, np.asarray(arrays["offsets"], np.float32))


def colour_towards(
    person: Spoken, said: Sequence[tuple[np.ndarray, Sequence[Phone]]], *, known: np.ndarray
) -> Float32[np.ndarray, "rows bands"]:
    """Learn the filter, and correct it by what it did to what was said."""
    offsets: np.ndarray | None = None
    for _ in range(ROUNDS):
        again = joined(
            [
                measured(s if offsets is None else coloured(s, phones, offsets), phones)
                for s, phones in said
            ]
        )
        step = differences(person, again, known=known)
        offsets = step if offsets is None else offsets + step
    return np.asarray(offsets, np.float32)


def joined(parts: Sequence[Spoken]) -> Spoken:
    """Put measurements one behind the other."""
    return Spoken(
        bands=np.concatenate([one.bands for one in parts]),
        rows=np.concatenate([one.rows for one in parts]),
    )


def spoken_by(
    network: Network,
    sentences: Sequence[str],
    *,
    table: Float32[np.ndarray, "lengths 256"],
    melody: Melody,
) -> Iterator[tuple[Float32[np.ndarray, " samples"], tuple[Phone, ...]]]:
    """Let Kokoro say sentences, and place their phones."""
    for letters in sentences:
        row = table[min(len(letters), len(table)) - 1]
        voiced = network.voice(letters, style=row, melody=melody)
        spelled = Spelled(
            letters=letters,
            word_of=tuple(NO_WORD if letter == " " else 0 for letter in letters),
            words=("all",),
        )
        phones, _ = timed(
            spelled,
            pieces=(slice(0, len(letters)),),
            lengths=(voiced.lengths,),
            samples=voiced.samples,
            sample_rate_hz=RATE_HZ,
            unit_samples=UNIT_SAMPLES,
            late_s=LATE_S,
            late_after_mark_s=LATE_AFTER_MARK_S,
        )
        yield voiced.samples, phones


def pitch_of(
    network: Network, sentences: Sequence[str], *, table: Float32[np.ndarray, "lengths 256"]
) -> Manner:
    """Tell how high Kokoro speaks with a style."""
    said = spoken_by(network, sentences, table=table, melody=Melody())
    return Manner.of(np.concatenate([samples for samples, _ in said]))
