"""Let speech be heard while it is being made: a WAV stream, line by line."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from vivant.errors import PapersError, ResourceError
from vivant.film.sound_marking import sound_with_id
from vivant.film.sounding import GENERATOR, LabelledSpeech
from vivant.media.delivery import as_16_bit
from vivant.media.mastering import MASTER_RATE_HZ
from vivant.media.running import levelled_lines
from vivant.places import Places
from vivant.provenance.aigc import KEY, aigc_value
from vivant.provenance.ledger import Ledger
from vivant.provenance.record import SoundRecord, record_sound
from vivant.provenance.safekeeping import utc_now
from vivant.voice.speech import Speech

UNKNOWN_LENGTH = 0xFFFF_FFFF
"""What a stream writes where a WAV file tells its length; players then read to the end."""
SAMPLE_BYTES = 2


class PapersCannotFollowError(PapersError):
    """A person's voice was to leave where no papers can go with it."""

    code = "film.stream-without-papers"


@runtime_checkable
class Outlet(Protocol):
    """Where bytes can be sent: a pipe, a socket's file, stdout."""

    def write(self, data: bytes, /) -> object:
        """Send some."""

    def flush(self) -> object:
        """Send now what waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedSound:
    """What was sent."""

    record: SoundRecord
    seconds: float
    lines: int


def stream_sound(
    parts: Iterable[Speech], to: Outlet, *, places: Places | None = None
) -> StreamedSound:
    """Send speech as a WAV stream, each line as soon as it is made.

    The stream begins with the label's tones and carries the AIGC field, and its id lies inaudibly in the sound.
    That id follows from a number drawn by chance, since the stream leaves before it is whole; it cannot be signed
    either, since a signature covers the whole; so a person's voice is refused. Loudness is kept as it goes, see
    ``media.running``. What was sent is written into the ledger at the end.

    Args:
        parts: Lines of speech, as ``speak_parts`` makes them: of one voice, at least one.
        to: Where the bytes go; 16 bits, mono, ``MASTER_RATE_HZ``.
        places: Where the ledger is.

    Raises:
        ConsentError: The voice is a person's, and its consent does not hold.
        PapersCannotFollowError: The voice is a person's.
        InputError: There is no line, or they are of several voices.
        ResourceError: Whoever listened has gone.
    """
    places = places or Places()
    labelled = LabelledSpeech(parts, places=places, drawn=secrets.token_hex(16))
    if labelled.person is not None:
        message = (
            "A person's voice leaves only with its papers, and a stream cannot carry them. Write it to a "
            "file, with -o OUT.wav."
        )
        raise PapersCannotFollowError(message)
    now = utc_now()
    record = record_sound(labelled.recipe(), made_at=now, generator=GENERATOR)
    samples = 0
    try:
        to.write(_head(aigc_value(record)))
        for levelled in levelled_lines(labelled):
            line = sound_with_id(levelled, record.sound_id, first=samples)
            to.write(as_16_bit(line.samples).tobytes())
            to.flush()
            samples += len(line.samples)
    except BrokenPipeError as error:
        message = f"Whoever listened has gone after {samples / MASTER_RATE_HZ:.1f} s. Start again to hear it."
        raise ResourceError(message) from error
    Ledger.in_places(places).note_sound(record, now=now)
    return StreamedSound(record=record, seconds=samples / MASTER_RATE_HZ, lines=labelled.lines)


def _head(aigc: str) -> bytes:
    """Write what stands before the samples."""
    text = aigc.encode() + b" " * (len(aigc) % 2)
    form = struct.pack(
        "<HHIIHH", 1, 1, MASTER_RATE_HZ, MASTER_RATE_HZ * SAMPLE_BYTES, SAMPLE_BYTES, 16
    )
    chunks = ((b"fmt ", form), (KEY.encode(), text))
    body = b"".join(name + struct.pack("<I", len(data)) + data for name, data in chunks)
    unknown = struct.pack("<I", UNKNOWN_LENGTH)
    return b"RIFF" + unknown + b"WAVE" + body + b"data" + unknown
