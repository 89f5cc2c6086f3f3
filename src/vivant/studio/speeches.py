"""The document in which a speech is kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from vivant.media.document import DocumentError, read_document, write_document
from vivant.media.sound import Sound
from vivant.studio.stage import Form
from vivant.voice.speech import Direction, Person, Phone, Speech, Word

SPEECH_VERSION = 1


def write_speech(speech: Speech, path: Path) -> None:
    """Write a speech as a versioned document."""
    facts: dict[str, Any] = {
        "sample_rate_hz": speech.sound.sample_rate_hz,
        "words": [[w.text, w.first, w.last, w.ends] for w in speech.words],
        "phones": [[p.symbol, p.first, p.last, p.stress] for p in speech.phones],
        "directions": [[d.kind, d.first, d.last] for d in speech.directions],
        "person": None if speech.person is None else asdict(speech.person),
        **{
            name: getattr(speech, name)
            for name in ("text", "language", "voice", "synthetic", "source_sha256")
        },
    }
    arrays = {"samples": speech.sound.samples}
    write_document(path, kind="speech", version=SPEECH_VERSION, facts=facts, arrays=arrays)


def read_speech(path: Path) -> Speech:
    """Read a speech.

    Raises:
        InputError: The file holds none, or is damaged.
    """
    document = read_document(path, kind="speech", version=SPEECH_VERSION)
    facts = document.facts
    try:
        person = facts["person"]
        samples = np.ascontiguousarray(document.arrays["samples"], np.float32)
        return Speech(
            sound=Sound(samples=samples, sample_rate_hz=int(facts["sample_rate_hz"])),
            words=tuple(Word(text=t, first=a, last=b, ends=e) for t, a, b, e in facts["words"]),
            phones=tuple(
                Phone(symbol=s, first=a, last=b, stress=x) for s, a, b, x in facts["phones"]
            ),
            directions=tuple(Direction(kind=k, first=a, last=b) for k, a, b in facts["directions"]),
            person=None if person is None else Person(**person),
            **{
                name: facts[name]
                for name in ("text", "language", "voice", "synthetic", "source_sha256")
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        message = "The speech document lacks a part. Make it again."
        raise DocumentError(message) from error


SPEECH_FORM: Form[Speech] = Form(suffix=".speech", write=write_speech, read=read_speech)
