"""Check a sound's papers, each by itself and against the others; works on any file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import soundfile

from vivant.errors import InputError
from vivant.film.claim import Claim
from vivant.film.verifying import agreeing, consent_claim
from vivant.film.voice_claim import mark_claim
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.manifest import State, read_credentials
from vivant.provenance.sound_label import read_tones
from vivant.provenance.sound_tags import read_aigc_text

LOOKED_AT_S = 20.0
"""Seconds at the start in which the label is looked for."""
MARK_S = 30.0
"""Seconds of each piece in which the watermark is looked for."""
MARK_LOOKS = 3
"""Pieces: from the beginning, the middle and the end."""

SOUND_SUFFIXES = frozenset({".wav", ".flac", ".mp3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundVerification:
    """What checking a sound's papers found."""

    verdict: Literal["ok", "failed"]
    """``"ok"`` only when every claim holds and all name the same sound."""
    sound_id: str | None
    label: Claim
    aigc: Claim
    credentials: Claim
    watermark: Claim | None
    """Only where the papers promise a mark, or where they are gone and a mark was found."""
    consent: Claim | None
    """Only where the voice is a person's."""
    credentials_state: State

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.verdict == "ok"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Those that are owed, in the order in which they are told."""
        every = (self.label, self.aigc, self.credentials, self.watermark, self.consent)
        return tuple(claim for claim in every if claim is not None)

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        told: dict[str, Any] = {"verdict": self.verdict, "sound_id": self.sound_id}
        return told | {claim.name: claim.to_json() for claim in self.claims}


def verify_sound(path: Path, *, places: Places | None = None) -> SoundVerification:
    """Check the audible label, the AIGC field, the content credentials, the watermark and the consent.

    Args:
        path: Any file; one that is no sound fails, with the reason.
        places: Whose trusted certificates, ledger and models.

    Raises:
        InputError: There is no such file.
    """
    places = places or Places()
    path = Path(path)
    if not path.is_file():
        message = "There is no file of that name. Give the path of a sound."
        raise InputError(message)
    credentials = read_credentials(path, places=places)
    reading = aigc.read_aigc(read_aigc_text(path))
    tag = Claim(name="aigc", ok=reading.ok, why=reading.why, film_id=reading.film_id)
    is_persons = credentials.voice_consent_id is not None
    mark: Claim | None = None
    try:
        pieces = list(pieces_of(path))
        label = _label_claim(pieces[0])
        mark = mark_claim(pieces, credentials, places)
    except InputError as error:
        label = Claim(name="label", ok=False, why=str(error))
    signed = Claim(
        name="credentials", ok=credentials.ok, why=credentials.why, film_id=credentials.sound_id
    )
    signed, tag = agreeing(signed, tag)
    consent = consent_claim(credentials, places) if is_persons else None
    owed = [claim for claim in (label, tag, signed, mark, consent) if claim is not None]
    return SoundVerification(
        verdict="ok" if all(claim.ok for claim in owed) else "failed",
        sound_id=signed.film_id or tag.film_id,
        label=label,
        aigc=tag,
        credentials=signed,
        watermark=mark,
        consent=consent,
        credentials_state=credentials.state,
    )


def pieces_of(path: Path) -> Iterator[Sound]:
    """Read the beginning, the middle and the end."""
    try:
        with soundfile.SoundFile(path) as file:
            rate, frames = int(file.samplerate), int(file.frames)
            count = round(MARK_S * rate)
            starts = {0, max(0, (frames - count) // 2), max(0, frames - count)}
            for first in sorted(starts)[:MARK_LOOKS]:
                file.seek(first)
                samples = file.read(count, dtype="float32", always_2d=True).mean(axis=1)
                if len(samples):
                    yield Sound(samples=samples, sample_rate_hz=rate)
            if not frames:
                message = "The file holds no sound: 0 samples."
                raise InputError(message)
    except (soundfile.LibsndfileError, OSError) as error:
        message = "The file is no sound that can be read."
        raise InputError(message) from error


def _label_claim(beginning: Sound) -> Claim:
    looked = round(LOOKED_AT_S * beginning.sample_rate_hz)
    reading = read_tones(
        Sound(samples=beginning.samples[:looked], sample_rate_hz=beginning.sample_rate_hz)
    )
    if reading.present:
        why = f"The four tones of the label are heard at {reading.starts_s[0]:.2f} s."
    else:
        why = f"The four tones of the label are not heard in the first {LOOKED_AT_S:g} seconds."
    return Claim(name="label", ok=reading.present, why=why)
