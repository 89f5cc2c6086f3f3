"""The audible label: what a listener hears of a sound being made by a machine.

Four tones, short-long-short-short, the letters "AI" in Morse: the rhythm that GB 45438-2025, 5.3 asks
for, at the start, again in long pieces, and at each turn of a talk. A spoken notice, which the European code of
practice asks for, goes beside it where a person's voice is made; here are its words, and how fast they are spoken.
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
    "ar": ("هذا الصوت مولّد بالذكاء الاصطناعي.", "الذكاء الاصطناعي", "مولّد"),
    "bg": ("Този глас е създаден с изкуствен интелект.", "изкуствен интелект", "създаден"),
    "cs": ("Tento hlas byl vytvořen pomocí AI.", "AI", "vytvořen"),
    "da": ("Denne stemme er lavet med AI.", "AI", "lavet"),
    "de": ("Diese Stimme wurde mit KI erzeugt.", "KI", "erzeugt"),
    "el": ("Αυτή η φωνή δημιουργήθηκε με τεχνητή νοημοσύνη.", "τεχνητή νοημοσύνη", "δημιουργήθηκε"),
    "en": ("This voice was made by AI.", "AI", "made"),
    "es": ("Esta voz ha sido generada con IA.", "IA", "generada"),
    "et": ("See hääl on loodud tehisintellektiga.", "tehisintellekt", "loodud"),
    "fi": ("Tämä ääni on tuotettu tekoälyllä.", "tekoäly", "tuotettu"),
    "fr": ("Cette voix a été générée par IA.", "IA", "générée"),
    "ga": ("Cruthaíodh an guth seo le hintleacht shaorga.", "intleacht shaorga", "Cruthaíodh"),
    "hi": ("यह आवाज़ एआई से बनाई गई है।", "एआई", "बनाई"),
    "hr": ("Ovaj je glas stvoren umjetnom inteligencijom.", "umjetnom inteligencijom", "stvoren"),
    "hu": ("Ezt a hangot mesterséges intelligencia hozta létre.", "mesterséges intelligencia", "hozta létre"),
    "it": ("Questa voce è stata generata con l'IA.", "IA", "generata"),
    "ja": ("この音声は人工知能で生成されました。", "人工知能", "生成"),
    "ko": ("이 음성은 인공지능으로 생성되었습니다.", "인공지능", "생성"),
    "lt": ("Šis balsas sukurtas dirbtinio intelekto.", "dirbtinio intelekto", "sukurtas"),
    "lv": ("Šo balsi radīja mākslīgais intelekts.", "mākslīgais intelekts", "radīja"),
    "mt": ("Din il-vuċi nħolqot bl-intelliġenza artifiċjali.", "intelliġenza artifiċjali", "nħolqot"),
    "nl": ("Deze stem is gemaakt met AI.", "AI", "gemaakt"),
    "pl": ("Ten głos został wygenerowany przez AI.", "AI", "wygenerowany"),
    "pt": ("Esta voz foi gerada por IA.", "IA", "gerada"),
    "ro": ("Această voce a fost generată de IA.", "IA", "generată"),
    "ru": ("Этот голос создан искусственным интеллектом.", "искусственным интеллектом", "создан"),
    "sk": ("Tento hlas bol vytvorený umelou inteligenciou.", "umelou inteligenciou", "vytvorený"),
    "sl": ("Ta glas je bil ustvarjen z umetno inteligenco.", "umetno inteligenco", "ustvarjen"),
    "sv": ("Den här rösten är skapad med AI.", "AI", "skapad"),
    "tr": ("Bu ses yapay zekâ ile üretildi.", "yapay zekâ", "üretildi"),
    "uk": ("Цей голос створено штучним інтелектом.", "штучним інтелектом", "створено"),
    "zh": ("本语音由人工智能生成。", "人工智能", "生成"),
})  # fmt: skip
"""Spoken notices by language, those of China and of the European Union among them: the words, and in them the element
that says AI and the one that says made. GB 45438-2025, 5.3 asks for both."""

SLOWEST_PACE, FASTEST_PACE = 120.0, 160.0
"""Characters a minute in which a notice in Chinese is spoken: the normal speech rate of GB 45438-2025, 5.3."""
_PACED = frozenset({"zh"})

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
    found = NOTICES.get(_primary(language))
    return None if found is None else found[0]


def pace_of(words: str, *, seconds: float) -> float:
    """Tell how many characters a minute are spoken; marks and spaces do not count."""
    return sum(one.isalnum() for one in words) * 60.0 / seconds if seconds > 0 else 0.0


def paced_rate(words: str, *, language: str, seconds: float) -> float | None:
    """Tell how much faster than it was spoken a notice must be, where a law says how fast.

    Args:
        words: The notice.
        language: BCP 47.
        seconds: How long it lasted, from the first sound to the last.

    Returns:
        A rate to speak it at, 1.0 as it was; nothing where it is right, or where no pace is asked for.
    """
    if _primary(language) not in _PACED or seconds <= 0:
        return None
    pace = pace_of(words, seconds=seconds)
    if SLOWEST_PACE <= pace <= FASTEST_PACE:
        return None
    return float(np.sqrt(SLOWEST_PACE * FASTEST_PACE)) / pace


def label_for_turn(
    sample_rate_hz: int,
    *,
    level: float,
    turn: int,
    notice: Sound | None = None,
    is_screen_labelled: bool = False,
) -> Sound | None:
    """Make what is heard before one turn of a machine that talks with somebody.

    In frequent voice interaction each turn has a start of its own (GB 45438-2025, 5.3), so each is labelled; where
    the screen shows the label all the while, that stands for it (6). The first turn is labelled in any case, and with
    the notice, since it is the first exposure.

    Args:
        sample_rate_hz: Of the result, 8,000 or more.
        level: RMS of the speech that follows; full scale is 1.0.
        turn: Which one it is, from 0.
        notice: The spoken notice at the same rate, where there is one.
        is_screen_labelled: Whether the label is shown as long as the talk lasts.

    Returns:
        The label and the silence behind it; nothing where this turn needs none.

    Raises:
        InputError: The rate cannot hold the tone, or the notice has another.
    """
    if turn and is_screen_labelled:
        return None
    label = tones(sample_rate_hz, level=level)
    if turn or notice is None:
        return label
    if notice.sample_rate_hz != sample_rate_hz:
        message = f"The notice has {notice.sample_rate_hz} samples a second, and {sample_rate_hz} are needed."
        raise InputError(message)
    return Sound(
        samples=np.concatenate([label.samples, notice.samples]), sample_rate_hz=sample_rate_hz
    )


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


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
