"""What this machine remembers of the films it made: the record, and what is said when.

It lies in the user's own data folder, readable by nobody else; the film does not hold it. It
lets ``inspect`` check every p, b and m.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.record import FilmRecord, is_film_id
from vivant.provenance.safekeeping import canonical, write_private
from vivant.voice.speech import Phone, Speech

LARGEST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Notes:
    """What is remembered of one film."""

    film_id: str
    consent_id: str
    frames: int
    rate: Fraction
    speech_starts: int
    """The frame with which the speech begins."""
    folded_cells: int | None
    """Mesh cells that turned over while it was drawn."""
    speech: Speech | None
    """Its phones and times, with silence for sound; nothing for a silent film."""


def notes_path(film_id: str, places: Places) -> Path:
    """Tell where the notes of a film are."""
    return places.data / "films" / f"{film_id}.json"


def keep_notes(
    record: FilmRecord,
    speech: Speech | None,
    *,
    speech_starts: int,
    frames: int,
    rate: Fraction,
    folded_cells: int | None = None,
    places: Places,
) -> None:
    """Write down what was made.

    Raises:
        ResourceError: The data folder cannot be written.
    """
    facts: dict[str, Any] = {
        "schema_version": "film-notes/1",
        "record": record.to_facts(),
        "frames": frames,
        "rate": f"{rate.numerator}/{rate.denominator}",
        "speech_starts": speech_starts,
        "folded_cells": folded_cells,
    }
    if speech is not None:
        facts["speech"] = {
            "samples": len(speech.sound.samples),
            "sample_rate_hz": speech.sound.sample_rate_hz,
            "language": speech.language,
            "voice": speech.voice,
            "phones": [[p.symbol, p.first, p.last, p.stress] for p in speech.phones],
        }
    write_private(notes_path(record.film_id, places), canonical(facts) + b"\n")


def read_notes(film_id: str | None, *, places: Places) -> Notes | None:
    """Read what is remembered of a film; nothing when it was made elsewhere."""
    if film_id is None or not is_film_id(film_id):
        return None
    path = notes_path(film_id, places)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return None
        facts = json.loads(path.read_bytes())
        folded = facts.get("folded_cells")
        return Notes(
            film_id=film_id,
            consent_id=str(facts["record"]["recipe"]["consent_id"]),
            frames=int(facts["frames"]),
            rate=Fraction(facts["rate"]),
            speech_starts=int(facts["speech_starts"]),
            folded_cells=None if folded is None else int(folded),
            speech=_speech_from(facts.get("speech")),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _speech_from(facts: dict[str, Any] | None) -> Speech | None:
    if facts is None:
        return None
    sound = Sound(
        samples=np.zeros(int(facts["samples"]), np.float32),
        sample_rate_hz=int(facts["sample_rate_hz"]),
    )
    phones = tuple(
        Phone(symbol=str(symbol), first=int(first), last=int(last), stress=stress)
        for symbol, first, last, stress in facts["phones"]
    )
    return Speech(
        sound=sound,
        words=(),
        phones=phones,
        text="",
        language=str(facts["language"]),
        voice=str(facts["voice"]),
        synthetic=True,
    )
