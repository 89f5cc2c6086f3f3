"""Check a sound's papers, each by itself and against the others; works on any file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import soundfile

from vivant.errors import InputError, VivantError
from vivant.film.claim import Claim, agreeing, signed_claim
from vivant.film.finding import MEANINGS, Evidence, Finding, find
from vivant.film.fingerprints import find_file
from vivant.film.origins import (
    By,
    Origin,
    consent_claim,
    known_among,
    origin_of,
    strictest,
)
from vivant.film.sound_id_claim import sound_claims
from vivant.film.voice_claim import beginning_of, mark_claim
from vivant.media.riff import is_hollow
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.credentials import Credentials, State, read_credentials
from vivant.provenance.register.entry import Match
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
    sound: Claim | None = None
    """Our id in the sound, where one is heard; of a sound track ripped from a film, the film's."""
    finding: Finding = "not-ours"
    """What it is, in a word; see ``finding.MEANINGS``."""
    origin: Origin | None = None
    """The sound or film of ours that it comes from, as far as this machine knows it."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.verdict == "ok"

    @property
    def withdrawn(self) -> str | None:
        """Why it must not be heard any more; nothing where nobody took a consent back."""
        return self.origin.why if self.origin is not None and self.origin.stops else None

    @property
    def meaning(self) -> str:
        """The finding in a sentence."""
        return MEANINGS[self.finding]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Those that are owed, in the order in which they are told."""
        every = (
            self.label,
            self.aigc,
            self.credentials,
            self.watermark,
            self.sound,
            self.consent,
        )
        return tuple(claim for claim in every if claim is not None)

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        told: dict[str, Any] = {
            "verdict": self.verdict,
            "finding": self.finding,
            "meaning": self.meaning,
            "withdrawn": self.withdrawn,
            "sound_id": self.sound_id,
        }
        told |= {claim.name: claim.to_json() for claim in self.claims}
        return told | {"origin": None if self.origin is None else self.origin.to_json()}


def verify_sound(
    path: Path, *, places: Places | None = None, credentials: Credentials | None = None
) -> SoundVerification:
    """Check the audible label, the AIGC field, the content credentials, the watermark and the consent.

    Args:
        path: Any file; one that is no sound fails, with the reason.
        places: Whose trusted certificates, ledger, register and models.
        credentials: As they were read of the same file a moment ago.

    Raises:
        InputError: There is no such file.
    """
    places = places or Places()
    path = Path(path)
    if not path.is_file():
        message = "There is no file of that name. Give the path of a sound."
        raise InputError(message)
    credentials = credentials or read_credentials(path, places=places)
    text = None if is_hollow(path) else read_aigc_text(path)
    reading = aigc.read_aigc(text)
    tag = Claim(
        name="aigc", ok=reading.ok, why=reading.why, film_id=reading.film_id, is_gone=text is None
    )
    mark: Claim | None = None
    is_heard = True
    try:
        pieces = list(pieces_of(path))
        label = _label_claim(pieces[0])
        mark = mark_claim(pieces, credentials, places)
    except InputError as error:
        is_heard = False
        label = Claim(name="label", ok=False, why=str(error), looked_for=False)
    heard = sound_claims(path)
    signed, tag, *rest = agreeing(signed_claim(credentials), tag, *heard[:1])
    sound = rest[0] if rest else None
    is_persons = credentials.voice_consent_id is not None
    consent = consent_claim(credentials, places) if is_persons else None
    owed = [one for one in (label, tag, signed, mark, sound, consent) if one is not None]
    named = signed.film_id or (None if sound is None else sound.film_id)
    matches = () if named is not None else _likenesses(path, places)
    match = matches[0] if matches else None
    sound_id = named or (None if match is None else match.entry.made_id)
    by: By = "credentials" if signed.film_id else "sound" if match is None else "file"
    origin = None if sound_id is None else origin_of(sound_id, by=by, places=places, match=match)
    also = [one.film_id for one in heard[1:] if one.film_id is not None]
    origin = strictest(origin, also, by="sound", places=places)
    finding = find(
        Evidence(
            claims=owed,
            credentials=credentials,
            is_readable=is_heard or sound is not None,
            marks=[] if sound is None or sound.film_id is None else [sound.film_id],
            likenesses=[one.entry.made_id for one in matches],
            is_sure=match is not None and match.sure,
            tag=tag.film_id,
            origin=origin,
            known=known_among([tag.film_id, credentials.named_id], places),
        )
    )
    return SoundVerification(
        verdict="ok" if finding == "ok" else "failed",
        sound_id=sound_id or tag.film_id,
        label=label,
        aigc=tag,
        credentials=signed,
        watermark=mark,
        consent=consent,
        credentials_state=credentials.state,
        sound=sound,
        finding=finding,
        origin=origin,
    )


def _likenesses(path: Path, places: Places) -> tuple[Match, ...]:
    """Look in the register for what a sound is like, byte for byte or by ear."""
    try:
        return find_file(path, places=places)
    except (VivantError, OSError):
        return ()


def pieces_of(path: Path) -> Iterator[Sound]:
    """Read the beginning, the middle and the end."""
    if is_hollow(path):
        message = "The file is no sound that can be read: it begins like one, and holds nothing."
        raise InputError(message)
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
    except (soundfile.LibsndfileError, OSError):
        yield _unpacked(path)


def _unpacked(path: Path) -> Sound:
    """Read the beginning of a sound of a kind that only FFmpeg reads: AAC, Opus in WebM.

    Raises:
        InputError: It is no sound.
    """
    try:
        piece = beginning_of(path, seconds=MARK_S)
    except InputError as error:
        message = "The file is no sound that can be read."
        raise InputError(message) from error
    if not len(piece.samples):
        message = "The file holds no sound: 0 samples."
        raise InputError(message)
    return piece


def _label_claim(beginning: Sound) -> Claim:
    looked = round(LOOKED_AT_S * beginning.sample_rate_hz)
    reading = read_tones(
        Sound(samples=beginning.samples[:looked], sample_rate_hz=beginning.sample_rate_hz)
    )
    if reading.present:
        why = f"The four tones of the label are heard at {reading.starts_s[0]:.2f} s."
    else:
        why = f"The four tones of the label are not heard in the first {LOOKED_AT_S:g} seconds."
    return Claim(name="label", ok=reading.present, why=why, is_gone=not reading.present)
