"""How well the mark in the sound survives, how little it changes, and how sounds are recognised without it.

Run ``python -m benchmarks.trust.sounds [--folder FOLDER]``: some two minutes on one core. Pieces are of our own
making, as films hold them: speech, speech with long pauses, every piece of music, the quiet of places, and mixes. Marked
as films are, then changed as the world does, and read without the original, 10 s or 6 s at a time.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
import soxr
from jaxtyping import Float32, Float64
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.tables import screen, show
from vivant.film.mixing import Voice, mix
from vivant.film.sound_marking import sound_with_id
from vivant.media.hearing import resampled
from vivant.media.loudness import measure
from vivant.media.mastering import MASTER_RATE_HZ, master
from vivant.media.sound import Sound
from vivant.music.ambience import AMBIENCES, ambience
from vivant.music.composing import compose
from vivant.music.pieces import PIECES
from vivant.provenance.register.sound_prints import SAME, bit_error, find_in, subprints
from vivant.provenance.sound_id import read_sound_id
from vivant.voice.speaking import speak

MADE_ID = "0123456789abc475"
SECONDS = 10.0
SHORT_S = 6.0
STRETCHES = 3_000
TEXTS = (
    "It is good to see you again, on the third of May at half past seven. The train from Manchester was late, so "
    "we walked along the river. Did you ever find the blue umbrella? I kept the key under the flower pot.",
    "Dear all. Thank you for coming today. My garden was never so full of people. Please take the tomatoes home, "
    "they will not keep. And look after one another, as you always did. I will not make a speech.",
    "In the summer of nineteen fifty two we had a small house by the lake. My brother rowed out every morning. He "
    "never caught a fish. We ate bread and cheese, and nobody was sorry. The evenings were long.",
    "She said yes. Then she said it again. Nothing moved. We waited for the rain to stop, and at last it did. The "
    "street was quiet, and all the windows were dark. Good night.",
    "There were eleven of us at the table, and one chair too few. So my father stood and told stories until the "
    "soup was cold. He was the best cook in the whole valley, and he never learned to sit down.",
)
RATES = (1.0, 0.9, 1.1, 0.85, 1.0)
PAUSED = ("Dear friends.", "Thank you.", "I remember the sea.", "It was cold.", "Good night.")
PAUSE_S = 2.0
_BARK_EDGES_HZ = (
    0, 100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300,
    6400, 7700, 9500, 12000, 15500,
)  # fmt: skip
"""E. Zwicker's critical bands, 1961."""

Change = Callable[[Sound], Sound]
Codec = Literal["aac", "libmp3lame"]


def run(folder: Path) -> list[dict[str, Any]]:
    """Measure everything; nothing is written but what engines keep themselves."""
    del folder
    rows: list[dict[str, Any]] = []

    def row(what: str, value: float, unit: str, wanted: str = "") -> None:
        rows.append({"what": what, "value": round(value, 4), "unit": unit, "wanted": wanted})

    pieces = dict(_pieces())
    began = time.process_time()
    marked = {name: sound_with_id(sound, MADE_ID) for name, sound in pieces.items()}
    heard_s = sum(sound.seconds for sound in pieces.values())
    row("marking a minute of sound", (time.process_time() - began) / heard_s * 60, "CPU s")
    for seconds in (SECONDS, SHORT_S):
        for what, change in _changes().items():
            _survival(what, change, marked, seconds, row)
    _audibility(pieces, marked, row)
    _false_alarms(pieces, row)
    _recognised(pieces, row)
    return rows


def _pieces() -> Iterator[tuple[str, Sound]]:
    spoken = [master(speak(text, rate=rate).sound) for text, rate in zip(TEXTS, RATES, strict=True)]
    for number, sound in enumerate(spoken):
        yield f"speech {number}", sound
    said = [speak(text).sound for text in PAUSED]
    pause = np.zeros(round(PAUSE_S * said[0].sample_rate_hz), np.float32)
    whole = np.concatenate([part for sound in said for part in (sound.samples, pause)])
    yield "speech with pauses", master(_sound(whole, said[0].sample_rate_hz))
    played = {name: compose(name, seconds=24, seed=1) for name in PIECES}
    for name, sound in played.items():
        yield f"music {name}", master(sound, lufs=-20.0)
    for name in AMBIENCES:
        yield f"quiet {name}", master(ambience(name, seconds=16, seed=3), lufs=-40.0)
    music = list(played.values())
    for number, sound in enumerate(spoken):
        voice = Voice(
            sound=sound, first=MASTER_RATE_HZ, speaker="a", heard=((0, len(sound.samples)),)
        )
        mixed = mix(
            [voice],
            samples=16 * MASTER_RATE_HZ,
            music=music[number % len(music)],
            ambience=ambience("meadow", seconds=16, seed=number),
        ).sound
        if mixed is not None:
            yield f"mix {number}", mixed


def _changes() -> dict[str, Change]:
    found: dict[str, Change] = {"as made": lambda sound: sound}
    found |= {f"AAC {kbit_s} kbit/s": partial(_coded, "aac", kbit_s) for kbit_s in (128, 96, 64)}
    found |= {f"MP3 {kbit_s} kbit/s": partial(_coded, "libmp3lame", kbit_s) for kbit_s in (128, 96)}
    found["16 kHz"] = lambda sound: resampled(sound, sample_rate_hz=16_000)
    found["8 kHz"] = lambda sound: resampled(sound, sample_rate_hz=8_000)
    found["30 dB quieter, 16 bits"] = _quieter
    found["white noise 30 dB under it"] = _noisy
    found["1 % faster, AAC 96 kbit/s"] = lambda s: _coded("aac", 96, _faster(s, 1.01))
    found["25 for 24 frames a second"] = lambda sound: _faster(sound, 25 / 24)
    return found


def _survival(
    what: str,
    change: Change,
    marked: dict[str, Sound],
    seconds: float,
    row: Callable[..., None],
) -> None:
    """Cut each piece at an odd sample, change it, read it."""
    lost, taken = [], 0.0
    for name, sound in marked.items():
        spare = max(0.0, sound.seconds - seconds)
        first = round(spare * 0.37 * sound.sample_rate_hz) + 123
        last = first + round(seconds * sound.sample_rate_hz)
        copy = change(_sound(sound.samples[first:last], sound.sample_rate_hz))
        began = time.process_time()
        reading = read_sound_id(copy)
        taken += time.process_time() - began
        if reading.made_id != MADE_ID:
            lost.append(name)
    share = 1 - len(lost) / len(marked)
    told = f" (lost: {', '.join(lost)})" if lost else ""
    row(f"read from {seconds:g} s: {what}{told}", 100 * share, f"% of {len(marked)}")
    if what == "as made":
        row(f"reading {seconds:g} s", taken / len(marked), "CPU s")


def _audibility(
    pieces: dict[str, Sound], marked: dict[str, Sound], row: Callable[..., None]
) -> None:
    for kind in ("speech", "music", "quiet", "mix"):
        names = [name for name in pieces if name.startswith(kind)]
        under, masked, moved, loud = [], [], [], []
        for name in names:
            before, after = pieces[name], marked[name]
            added = after.samples - before.samples
            power = float(np.square(before.samples).sum()) / float(np.square(added).sum())
            under.append(10 * np.log10(power))
            masked.append(noise_to_mask_db(before, after))
            moved.append(levels_moved_db(before, after))
            loud.append(abs(measure(after).lufs - measure(before).lufs))
        every, levels = np.concatenate(masked), np.concatenate(moved)
        row(f"{kind}: what the mark changes lies under the sound by", float(np.mean(under)), "dB")
        row(f"{kind}: levels in critical bands move, mean", float(levels.mean()), "dB", "< 1")
        row(f"{kind}: levels that move by 1 dB or more", 100 * float((levels >= 1).mean()), "%")
        row(f"{kind}: noise to mask, mean of moments and bands", float(every.mean()), "dB", "< 0")
        row(f"{kind}: moments and bands above the mask", 100 * float((every > 0).mean()), "%")
        row(f"{kind}: loudness moves at most", max(loud), "LU", "<= 0.5")
    peak = max(measure(sound).true_peak_dbtp for sound in marked.values())
    row("true peak after marking", peak, "dBTP", "<= -1")


def noise_to_mask_db(before: Sound, after: Sound) -> Float64[np.ndarray, " cells"]:
    """Estimate how far what was added lies above what the sound hides, in moments of 21 ms and critical bands.

    A level that changes is taken for noise, which overstates it. Source: J. D. Johnston, "Transform coding of
    audio signals using perceptual noise criteria", 1988: spreading, and offsets by tonality.
    """
    size = 1024
    window = np.hanning(size).astype(np.float32)
    edges = np.searchsorted(np.arange(size // 2 + 1) * MASTER_RATE_HZ / size, _BARK_EDGES_HZ)

    def bands(samples: Float32[np.ndarray, " samples"]) -> tuple[np.ndarray, np.ndarray]:
        spectrum = np.fft.rfft(sliding_window_view(samples, size)[:: size // 2] * window, axis=1)
        power = np.square(np.abs(spectrum)) + 1e-9
        return np.add.reduceat(power, edges, axis=1)[:, :-1], power

    signal, power = bands(before.samples)
    noise, _ = bands(after.samples - before.samples)
    flat_db = 10 * np.mean(np.log10(power), axis=1) - 10 * np.log10(np.mean(power, axis=1))
    tonal = np.clip(flat_db / -60, 0, 1)[:, None]
    number = np.arange(signal.shape[1])
    apart = number[:, None] - number[None, :]
    spread = 10 ** (np.where(apart < 0, 25.0 * apart, -10.0 * apart) / 10)
    offset_db = tonal * (14.5 + number) + (1 - tonal) * 5.5
    mask = signal @ spread.T / 10 ** (offset_db / 10)
    loud = signal.sum(axis=1) > 1e-5 * signal.sum(axis=1).max()
    found: np.ndarray = 10 * np.log10(noise[loud] / mask[loud])
    return found.ravel()


def levels_moved_db(before: Sound, after: Sound) -> Float64[np.ndarray, " cells"]:
    """Tell by how much levels move, in moments of 43 ms and critical bands; steps below 1 dB are hardly heard.

    Where a moment and band lies 50 dB below the loudest, nothing is told.
    """
    size = 2048
    window = np.hanning(size)
    edges = np.searchsorted(np.arange(size // 2 + 1) * MASTER_RATE_HZ / size, _BARK_EDGES_HZ)

    def levels(samples: Float32[np.ndarray, " samples"]) -> np.ndarray:
        spectrum = np.fft.rfft(sliding_window_view(samples, size)[:: size // 4] * window, axis=1)
        power = np.square(np.abs(spectrum)) + 1e-9
        found: np.ndarray = 10 * np.log10(np.add.reduceat(power, edges, axis=1)[:, :-1])
        return found

    first, last = levels(before.samples), levels(after.samples)
    moved: np.ndarray = np.abs(last - first)[first > first.max() - 50]
    return moved


def _false_alarms(pieces: dict[str, Sound], row: Callable[..., None]) -> None:
    """Read unmarked stretches, alone and laid over one another, with and without noise."""
    rng = np.random.default_rng(0)
    sounds = [resampled(sound, sample_rate_hz=16_000).samples for sound in pieces.values()]
    alarms, highest = 0, 0.0
    for _ in range(STRETCHES):
        samples = sounds[rng.integers(len(sounds))]
        count = min(len(samples), round(rng.uniform(5, 12) * 16_000))
        first = rng.integers(0, len(samples) - count + 1)
        stretch = samples[first : first + count].copy()
        if rng.random() < 0.5:
            other = sounds[rng.integers(len(sounds))][:count]
            stretch[: len(other)] += other * np.float32(rng.uniform(0.1, 1))
        if rng.random() < 0.3:
            stretch += rng.standard_normal(count).astype(np.float32) * 10 ** rng.uniform(-4, -2)
        reading = read_sound_id(_sound(stretch, 16_000), speeds=False)
        alarms += reading.made_id is not None
        highest = max(highest, reading.fit_score)
    row(f"false alarms in {STRETCHES} unmarked stretches", alarms, "", "0")
    row("highest fit of an unmarked stretch; 10 is asked for", highest, "deviations")


def _recognised(pieces: dict[str, Sound], row: Callable[..., None]) -> None:
    """Recognise copies by what is heard, without any mark."""
    stored = {name: subprints(sound) for name, sound in pieces.items()}
    found, errors, strangers = 0, [], []
    for name, sound in pieces.items():
        rate = sound.sample_rate_hz
        copy = subprints(_coded("aac", 64, _sound(sound.samples[round(3.3 * rate) :], rate)))
        best = find_in(copy, stored[name])
        errors.append(best.error)
        found += best.same
        kind = (
            "quiet" if name.startswith("quiet") else "nothing"
        )  # one noise, filtered each its own way
        if not name.startswith("mix"):  # which holds speech and music of others
            strangers += [
                find_in(copy, other).error
                for title, other in stored.items()
                if title != name and not title.startswith(("mix", kind))
            ]
    row("sound recognised: beginning cut off, AAC 64 kbit/s", 100 * found / len(pieces), "%")
    row("  bit errors of copies, mean", float(np.mean(errors)), "", f"< {SAME}")
    row("  bit errors of other sounds, least", float(np.min(strangers)), "", f"> {SAME}")
    hour = np.random.default_rng(0).integers(1, 2**32, 310_000, dtype=np.uint32)
    query = stored["speech 0"]
    bit_error(query, query)
    began = time.process_time()
    find_in(query, hour)
    row("searching an hour of sound", time.process_time() - began, "CPU s")


def _sound(samples: np.ndarray, rate_hz: int) -> Sound:
    return Sound(samples=np.array(samples, np.float32), sample_rate_hz=rate_hz)


def _quieter(sound: Sound) -> Sound:
    return _sound(np.rint(sound.samples * 0.0316 * 32767) / 32767, sound.sample_rate_hz)


def _noisy(sound: Sound) -> Sound:
    level = np.sqrt(np.mean(np.square(sound.samples, dtype=np.float64)) / 1000)
    noise = np.random.default_rng(0).standard_normal(len(sound.samples))
    return _sound(sound.samples + level * noise, sound.sample_rate_hz)


def _faster(sound: Sound, speed: float) -> Sound:
    rate_hz = sound.sample_rate_hz
    return _sound(soxr.resample(sound.samples, rate_hz * speed, rate_hz), rate_hz)


def _coded(codec: Codec, kbit_s: int, sound: Sound) -> Sound:
    """Encode and decode, as a stream: the decoder's own first samples stay."""
    memory = io.BytesIO()
    rate_hz = MASTER_RATE_HZ
    with av.open(memory, "w", format="mp3" if codec == "libmp3lame" else "adts") as file:
        stream = file.add_stream(codec, rate=rate_hz, layout="mono")
        stream.bit_rate = kbit_s * 1000
        size = 1152 if codec == "libmp3lame" else 1024
        for first in range(0, len(sound.samples), size):
            block = np.zeros((1, size), np.float32)
            piece = sound.samples[first : first + size]
            block[0, : len(piece)] = piece
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate_hz, first
            frame.time_base = Fraction(1, rate_hz)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    memory.seek(0)
    with av.open(memory, "r") as file:
        heard = [frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)]
    return _sound(np.concatenate(heard), rate_hz)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        show(screen(), "Marks in sound", run(given.folder or Path(own)))


if __name__ == "__main__":
    main()
