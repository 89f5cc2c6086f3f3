"""The audible label: what a listener hears of a sound being made by a machine.

Four tones, short-long-short-short, the letters "AI" in Morse: the rhythm that GB 45438-2025, 5.3 asks
for, at the start and again in long pieces. A spoken notice, which the European code of practice asks
for, goes beside it where a person's voice is made; here are its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from jaxtyping import Float32
from scipy.signal import butter, sosfiltfilt

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound

RHYTHM_S: Final = (0.12, 0.36, 0.12, 0.12)
"""How long each tone sounds: short-long-short-short."""
GAP_S: Final = 0.12
"""Silence between two tones."""
AFTER_S: Final = 0.45
"""Silence behind the last one."""
TONE_HZ: Final = 880.0
EDGE_S: Final = 0.012
"""A tone comes and goes softly."""
REPEATED_S: Final = 600.0
"""In a piece longer than this it is heard again."""
QUIETER_DB: Final = -3.0
"""Level of the tones against the speech around them."""

NOTICES: Final = MappingProxyType({
    "ar": "هذا الصوت مولّد بالذكاء الاصطناعي.",
    "de": "Diese Stimme wurde mit KI erzeugt.",
    "en": "This voice was made by AI.",
    "es": "Esta voz ha sido generada con IA.",
    "fr": "Cette voix a été générée par IA.",
    "hi": "यह आवाज़ एआई से बनाई गई है।",
    "it": "Questa voce è stata generata con l'IA.",
    "ja": "この音声は人工知能で生成されました。",
    "ko": "이 음성은 인공지능으로 생성되었습니다.",
    "nl": "Deze stem is gemaakt met AI.",
    "pl": "Ten głos został wygenerowany przez AI.",
    "pt": "Esta voz foi gerada por IA.",
    "ru": "Этот голос создан искусственным интеллектом.",
    "tr": "Bu ses yapay zekâ ile üretildi.",
    "uk": "Цей голос створено штучним інтелектом.",
    "zh": "本语音由人工智能生成。",
})  # fmt: skip
"""Spoken notices by language, each with an AI element and a making element."""

_READ_RATE_HZ = 8_000
_HOP_S = 0.01
_BAND_HZ = 60.0
_PURE = 0.5
"""Share of a moment's power that lies in the tone's band while it sounds."""
_SLACK_S = 0.055
_QUIETEST = 1e-4
_LABEL_S = sum(RHYTHM_S) + GAP_S * (len(RHYTHM_S) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundLabelReading:
    """What was found of the audible label."""

    starts_s: tuple[float, ...]
    """Where each one begins."""

    @property
    def present(self) -> bool:
        """Whether there is one."""
        return bool(self.starts_s)


def notice_in(language: str) -> str | None:
    """Tell the words of the spoken notice in a language (BCP 47); nothing where we have none."""
    return NOTICES.get(language.partition("-")[0].lower())


def tones(sample_rate_hz: int, *, level: float) -> Sound:
    """Make the four tones and the silence behind them.

    Args:
        sample_rate_hz: Of the result, 8,000 or more.
        level: RMS of the speech around; full scale is 1.0. The tones are ``QUIETER_DB`` quieter, and never clip.

    Raises:
        InputError: The rate cannot hold the tone.
    """
    if sample_rate_hz < _READ_RATE_HZ:
        message = f"The label's tones need {_READ_RATE_HZ} samples a second, and there are {sample_rate_hz}."
        raise InputError(message)
    amplitude = min(0.5, level * np.sqrt(2.0) * 10 ** (QUIETER_DB / 20))
    silence = np.zeros(round(GAP_S * sample_rate_hz), np.float32)
    pieces = [silence]
    for seconds in RHYTHM_S:
        pieces += [_tone(seconds, sample_rate_hz) * np.float32(amplitude), silence]
    pieces.append(np.zeros(round((AFTER_S - GAP_S) * sample_rate_hz), np.float32))
    return Sound(samples=np.concatenate(pieces), sample_rate_hz=sample_rate_hz)


def _tone(seconds: float, rate_hz: int) -> Float32[np.ndarray, " samples"]:
    moments_s = np.arange(round(seconds * rate_hz)) / rate_hz
    edge = np.minimum(1.0, np.minimum(moments_s, seconds - moments_s) / EDGE_S)
    shape = 0.5 - 0.5 * np.cos(np.pi * np.clip(edge, 0.0, 1.0))
    tone: np.ndarray = (shape * np.sin(2 * np.pi * TONE_HZ * moments_s)).astype(np.float32)
    return tone


def read_tones(sound: Sound) -> SoundLabelReading:
    """Look for the four tones, in any sound, louder or softer, coded or not.

    Args:
        sound: Mono, of any rate.
    """
    samples = resampled(sound, sample_rate_hz=_READ_RATE_HZ).samples.astype(np.float64)
    hop = round(_HOP_S * _READ_RATE_HZ)
    if len(samples) < _LABEL_S * _READ_RATE_HZ:
        return SoundLabelReading(starts_s=())
    around = np.array([TONE_HZ - _BAND_HZ, TONE_HZ + _BAND_HZ]) / (_READ_RATE_HZ / 2)
    tone = sosfiltfilt(butter(2, around, "band", output="sos"), samples)
    whole = len(samples) // hop * hop
    power, of_tone = (
        np.square(one[:whole]).reshape(-1, hop).mean(axis=1) for one in (samples, tone)
    )
    loud = max(float(np.sqrt(of_tone.max())) / 8, _QUIETEST)
    sounds = (of_tone > _PURE * power) & (np.sqrt(of_tone) > loud)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sounds.astype(np.int8), [0]])))
    runs = edges.reshape(-1, 2)
    runs = runs[runs[:, 1] - runs[:, 0] >= 3]
    starts = range(len(runs) - len(RHYTHM_S) + 1)
    return SoundLabelReading(
        starts_s=tuple(
            float(runs[i, 0]) * _HOP_S for i in starts if _is_rhythm(runs[i : i + len(RHYTHM_S)])
        )
    )


def _is_rhythm(runs: np.ndarray) -> bool:
    lengths_s = (runs[:, 1] - runs[:, 0]) * _HOP_S
    gaps_s = (runs[1:, 0] - runs[:-1, 1]) * _HOP_S
    return bool(
        (np.abs(lengths_s - RHYTHM_S) <= _SLACK_S).all()
        and (np.abs(gaps_s - GAP_S) <= _SLACK_S).all()
    )
