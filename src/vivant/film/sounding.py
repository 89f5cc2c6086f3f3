"""Make a sound file: speech comes in line by line, one labelled, signed file comes out."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.film.claim import insist_on_papers
from vivant.film.half_made import half_made
from vivant.film.permitting import permit_voice
from vivant.film.person_voice import (
    mark_is_heard,
    marked_sound,
    papers_of,
    voice_in_papers,
)
from vivant.film.registering import register_sound
from vivant.film.sound_verifying import SoundVerification, verify_sound
from vivant.film.spoken_notice import level_of, notice_for
from vivant.media.delivery import deliver, format_of
from vivant.media.loudness import Loudness
from vivant.media.mastering import MASTER_RATE_HZ, Take
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.key_changing import insist_on_signing
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import sign_sound
from vivant.provenance.policy import PRIVATELY, Asked, Showing
from vivant.provenance.record import PersonVoice, SoundRecipe, SoundRecord, record_sound
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.sound_id import marked_blocks
from vivant.provenance.sound_label import REPEATED_S, tones
from vivant.provenance.sound_tags import write_aigc
from vivant.provenance.standing import Standing
from vivant.voice.speech import Speech

_VERSION = importlib.metadata.version("vivant")
GENERATOR = f"vivant/{_VERSION}"
LISTENED_S = 30.0
"""Seconds of the beginning, the middle and the end in which the mark of a person's voice is read back."""
SURE = 0.9
"""With this confidence a mark is read back after coding too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSound:
    """A finished sound file and what is known of it."""

    path: Path
    record: SoundRecord
    seconds: float
    lines: int
    loudness: Loudness
    """As the file reads back."""
    verification: SoundVerification


def make_sound(
    parts: Iterable[Speech],
    to: Path,
    *,
    showing: Showing = PRIVATELY,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> MadeSound:
    """Make a sound file of speech, with its label, its marks and its papers.

    The file appears at ``to`` only when it is whole, signed, and its papers were read back from it; on
    any failure, and on Ctrl-C, nothing is left. Memory does not grow with its length.

    Args:
        parts: Lines of speech, as ``speak_parts`` makes them: of one voice, at least one.
        to: Where it goes: ``.wav``, ``.flac`` or ``.mp3``.
        showing: To whom and where it will be heard.
        places: Where keys, ledger and models are.
        watch: Hears ``"mastering"``.

    Raises:
        ConsentError: The voice is a person's, and its consent does not hold, or not for these words.
        InputError: The format cannot be written, or the parts are of several voices.
        PapersError: Signing or reading back failed.
        ResourceError: The disk is full, or another run writes to ``to``.
    """
    places = places or Places()
    now = utc_now()
    to = Path(to)
    format_of(to)
    insist_on_signing(places, now=now)
    labelled = LabelledSpeech(parts, showing=showing, places=places)
    with half_made(to, places=places) as half:
        marking = _Marking(labelled, now=now, places=places)
        half.shows(labelled.consents)
        delivered = deliver(labelled, half.unsigned, changed=marking, watch=watch)
        record = marking.record
        write_aigc(half.unsigned, aigc.aigc_value(record))
        sign_sound(half.unsigned, half.finished, record=record, places=places)
        verification = _read_back(half.finished, record=record, places=places)
        register_sound(half.finished, record=record, seconds=delivered.seconds, places=places)
        Ledger.in_places(places).note_sound(record, now=now)
    return MadeSound(
        path=to,
        record=record,
        seconds=delivered.seconds,
        lines=labelled.lines,
        loudness=delivered.loudness,
        verification=verification,
    )


class _Marking:
    """Marks a sound with its own id, which is known when its last line has come, and not before."""

    record: SoundRecord
    """Once the last line has come."""

    def __init__(self, labelled: LabelledSpeech, *, now: datetime, places: Places) -> None:
        self._labelled = labelled
        self._now = now
        self._places = places

    def __call__(self, take: Take) -> Iterator[Float32[np.ndarray, " samples"]]:
        labelled = self._labelled
        if labelled.mark and not mark_is_heard(_pieces_of(take), places=self._places, least=SURE):
            labelled.mark = ""  # papers promise nothing that cannot be shown
        self.record = record_sound(labelled.recipe(), made_at=self._now, generator=GENERATOR)
        return marked_blocks(take, self.record.sound_id)


def _pieces_of(take: Take) -> Iterator[Sound]:
    """Cut out the beginning, the middle and the end."""
    count = round(LISTENED_S * MASTER_RATE_HZ)
    last = max(0, take.count - count)
    for first in sorted({0, last // 2, last}):
        samples = take.cut(first, min(first + count, take.count))
        yield Sound(samples=samples, sample_rate_hz=MASTER_RATE_HZ)


class LabelledSpeech:
    """The sounds of speech with the label before them and, in long pieces, between them.

    Going over it once makes the lines, marks those of a person's voice, and hashes them all.
    """

    def __init__(
        self,
        parts: Iterable[Speech],
        *,
        showing: Showing = PRIVATELY,
        places: Places,
        drawn: str | None = None,
    ) -> None:
        """Ask for the first line.

        Args:
            parts: The lines.
            showing: To whom and where it will be heard.
            places: Where keys, ledger and models are.
            drawn: What stands for the hash of the samples in the papers of a sound that leaves before it is whole:
                a number drawn by chance.

        Raises:
            InputError: There is none.
            ConsentError: It is in a person's voice, and the consent does not hold, or not for these words.
        """
        rest = iter(parts)
        first = next(rest, None)
        if first is None:
            message = "There is no speech to write. Give at least one line."
            raise InputError(message)
        self._parts = chain([first], rest)
        self._places = places
        self._hashing = hashlib.sha256()
        self._drawn = None if drawn is None else hashlib.sha256(drawn.encode()).hexdigest()
        self.first = first
        self.lines = 0
        self.person = first.person
        self._asked = Asked(use="voice-likeness").to_be_shown(showing)
        permit_voice(first, self._asked, places=places)
        self.consents = () if self.person is None else (self.person.consent_id,)
        self._standing = Standing(self.consents, places=places)
        self._label = [tones(first.sound.sample_rate_hz, level=level_of(first))]
        notice = None if self.person is None else notice_for(first, places=places)
        self.label = "tones" if notice is None else "tones, notice"
        if notice is not None:
            self._label.append(notice)
        self.mark = ""
        """Kind of the watermark that the lines carry."""

    def __iter__(self) -> Iterator[Sound]:
        """Give out the lines, the label joined to the first, and to others in long pieces.

        Raises:
            ConsentWithdrawnError: The voice is a person's, who took the consent back meanwhile.
        """
        rate_hz = self.first.sound.sample_rate_hz
        since_label_s = REPEATED_S
        for part in self._parts:
            self._check(part)
            self._standing.insist()
            sound = part.sound
            self.lines += 1
            self._hashing.update(f"{rate_hz}:{len(sound.samples)}".encode())
            self._hashing.update(np.ascontiguousarray(sound.samples, "<f4").tobytes())
            if since_label_s + part.sound.seconds > REPEATED_S:
                sound = _joined([*self._label, sound])
                since_label_s = 0.0
            since_label_s += part.sound.seconds
            if self.person is not None:
                sound, self.mark = marked_sound(sound, places=self._places)
            yield sound

    def _check(self, part: Speech) -> None:
        kind, first = (
            (one.voice, one.language, one.sound.sample_rate_hz, one.person)
            for one in (part, self.first)
        )
        if kind != first:
            message = "The lines are of several voices or languages. Make one file for each."
            raise InputError(message)
        permit_voice(part, self._asked, places=self._places)

    def recipe(self) -> SoundRecipe:
        """Tell what it is made of, as far as it was given out."""
        person: PersonVoice | None = None
        if self.person is not None:
            person = papers_of(self.person, watermark=self.mark)
        return SoundRecipe(
            speech_sha256=self._drawn or self._hashing.hexdigest(),
            voice=voice_in_papers(self.first),
            language=self.first.language,
            label=self.label,
            versions={"vivant": _VERSION},
            person_voice=person,
        )


def _joined(sounds: list[Sound]) -> Sound:
    return Sound(
        samples=np.concatenate([sound.samples for sound in sounds]),
        sample_rate_hz=sounds[0].sample_rate_hz,
    )


def _read_back(path: Path, *, record: SoundRecord, places: Places) -> SoundVerification:
    verification = verify_sound(path, places=places)
    insist_on_papers(
        verification.claims,
        verification.credentials_state,
        what=f"Sound {record.sound_id}",
        same_id=verification.sound_id == record.sound_id,
    )
    return verification
