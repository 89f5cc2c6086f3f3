"""The work behind ``vivant say``."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vivant.cli.bringing import bring_models, models_for
from vivant.cli.filming import LARGEST_SCRIPT_BYTES, text_of
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.errors import InputError
from vivant.film.sound_streaming import stream_sound
from vivant.film.sounding import MadeSound, make_sound
from vivant.media.delivery import format_of
from vivant.media.watch import Watch
from vivant.settings import Settings
from vivant.voice.dictionary import read_dictionary
from vivant.voice.speaking import speak_parts
from vivant.voice.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What ``vivant say`` was asked for."""

    text: str | None
    """Exactly one of this and ``file``."""
    file: Path | None
    """``-`` is stdin."""
    to: Path
    voice: str
    language: str | None
    rate: float
    pronounce: Path | None
    """A dictionary of pronunciations."""
    seed: int
    offline: bool
    as_json: bool


def say_to_file(saying: Saying, settings: Settings) -> MadeSound:
    """Make a sound file, and say how it went."""
    began_s = time.monotonic()
    format_of(saying.to)
    words = words_of(saying)
    with progress() as watch:
        parts = _parts(saying, words, settings, watch)
        made = make_sound(parts, saying.to, places=settings.places, watch=watch)
    _close(made, took_s=time.monotonic() - began_s, as_json=saying.as_json)
    return made


def say_to_stream(saying: Saying, settings: Settings) -> None:
    """Send WAV to stdout, line by line."""
    words = words_of(saying)
    with progress() as watch:
        parts = _parts(saying, words, settings, watch, hurry=True)
        sent = stream_sound(parts, sys.stdout.buffer, places=settings.places)
    note(f"Sent      {sent.seconds:.2f} s in {sent.lines} lines, sound {sent.record.sound_id}")


def words_of(saying: Saying) -> str:
    """Take the text from the command line, a file or stdin.

    Raises:
        InputError: There is none, there are two, or it cannot be read.
    """
    if (saying.text is None) == (saying.file is None):
        message = "Say what is spoken in exactly one way: TEXT, or --text-file FILE (- for stdin)."
        raise InputError(message)
    if saying.file is None:
        return saying.text or ""
    if str(saying.file) != "-":
        return text_of(saying.file)
    data = sys.stdin.buffer.read(LARGEST_SCRIPT_BYTES + 1)
    if len(data) > LARGEST_SCRIPT_BYTES:
        message = f"The text on stdin is longer than {LARGEST_SCRIPT_BYTES:,} bytes. Say it in several pieces."
        raise InputError(message)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The text on stdin is not UTF-8 (byte {error.start}). Convert it first."
        raise InputError(message) from error


def _parts(
    saying: Saying, words: str, settings: Settings, watch: Watch, *, hurry: bool = False
) -> Iterator[Speech]:
    also = models_for(saying.voice, settings)
    bring_models(settings, offline=saying.offline, watch=watch, also=also, core=False)
    dictionary = None if saying.pronounce is None else read_dictionary(saying.pronounce)
    return speak_parts(
        words,
        voice=saying.voice,
        language=saying.language,
        rate=saying.rate,
        seed=saying.seed,
        dictionary=dictionary,
        hurry=hurry,
        places=settings.places,
        watch=watch,
    )


def _close(made: MadeSound, *, took_s: float, as_json: bool) -> None:
    held = sum(claim.ok for claim in made.verification.claims)
    person = made.record.recipe.person_voice
    if as_json:
        results_as_json(
            {
                "path": made.path,
                "sound_id": made.record.sound_id,
                "seconds": made.seconds,
                "lines": made.lines,
                "took_s": round(took_s, 3),
                "loudness": made.loudness,
                "label": made.record.recipe.label,
                "person_voice": person,
                "verification": made.verification.to_json(),
            }
        )
        return
    result(
        f"Made      {made.path}: {made.seconds:.2f} s in {took_s:.1f} s, {made.lines} lines, "
        f"sound {made.record.sound_id}"
    )
    result(
        f"Measures  {made.loudness.lufs:.1f} LUFS, {made.loudness.true_peak_dbtp:.1f} dBTP, label: "
        f"{made.record.recipe.label}; {held} of {len(made.verification.claims)} papers hold"
    )
    if person is not None:
        result(
            f"Voice     {person.word} the person ({100 * min(person.encoder, person.spectral):.0f} %), "
            f"{person.likeness}, {'marked' if person.watermark else 'without a watermark'}"
        )
    result(f"Verify    vivant verify {shlex.quote(str(made.path))}")
