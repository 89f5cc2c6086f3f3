"""What one film, or one sound, is made of, and the id that follows from it.

A film id has 64 bits: 48 bits of a SHA-256 over the recipe, and 16 bits of a CRC over those. The same
recipe gives the same id on any machine, and a reading of the id, out of the pixels say, can be
checked without knowing any film.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from vivant.provenance.safekeeping import canonical, sha256_hex

ID_BITS = 64
_HASH_BYTES = 6
PHOTO_DRIVEN = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC digital source type: real material, and generated material composed with it."""
MODEL_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC digital source type: all of it made by a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoCredentials:
    """What a photo's own content credentials say: no name of a person, no picture."""

    manifest_sha256: str
    """Of what its manifests say, as they were read."""
    state: Literal["trusted", "valid", "invalid"]
    """Whether they held when the photo was taken in."""
    signer: str | None
    """Organisation in the signer's certificate."""
    digital_source_type: str | None
    """IPTC address: a camera's picture, or one that AI made."""

    @property
    def is_ai_made(self) -> bool:
        """Whether they say that AI made the photo, or part of it."""
        return self.digital_source_type in (MODEL_MADE, PHOTO_DRIVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that went into a film."""

    sha256: str
    mime: str
    credentials: PhotoCredentials | None = field(default=None, compare=False)
    """The photo's own; they follow from the file, so they are no part of the recipe."""
    file: Path | None = field(default=None, compare=False, repr=False)
    """Where it lies while the film is made, if it has credentials that may be kept; never written down."""

    @property
    def short_id(self) -> str:
        """What messages and manifests call it; never the file's name."""
        return self.sha256[:12]

    def to_facts(self) -> dict[str, str]:
        """Write it as JSON holds it."""
        return {"sha256": self.sha256, "mime": self.mime}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonVoice:
    """Whose voice a made speech resembles, and how nearly: no name."""

    profile_sha256: str
    """Hash of the voice profile."""
    consent_id: str
    """The consent that grants the voice; may be another than the picture's."""
    consent_sha256: str
    likeness: str
    """``"matched"`` or ``"cloned"``."""
    encoder: float
    """Share of the way from the unmatched voice to the person's own, by a speaker encoder."""
    spectral: float
    """The same by the likelihood of spectra."""
    word: str
    """What people are told: ``"like"``."""
    watermark: str = ""
    """Kind of the mark in the sound; empty where there is none."""

    def to_facts(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        facts = asdict(self)
        return facts | {name: round(facts[name], 4) for name in ("encoder", "spectral")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSource:
    """A consent that a film was made under: no name."""

    record_id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicSource:
    """Where a film's music comes from."""

    kind: Literal["composed", "file"]
    """One of our own pieces, or a file that was given."""
    sha256: str
    """Hash of the file; of its name, length and seed for a piece of our own."""
    piece: str | None = None
    """Name of the piece, if it is our own."""


SILENT = "none"
"""What the papers call the voice of a film without sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that decides how a film looks and sounds."""

    photos: tuple[Source, ...]
    """The base first."""
    speech_sha256: str
    """Hash of the sound's samples and of what is said when."""
    performance_sha256: str | None = None
    """Hash of the curves, when they do not follow from the speech and the seed."""
    voice: str
    """The engine's voice by name, ``"recording"``, or ``SILENT``."""
    seed: int
    width_px: int
    height_px: int
    rate: Fraction
    consent_id: str
    consent_sha256: str
    versions: Mapping[str, str]
    """Version of each engine that made it, by room."""
    person_voice: PersonVoice | None = None
    """Whose voice it speaks with, when a machine made the voice like a person's."""
    storyboard_sha256: str | None = None
    """Hash of the storyboard, of a film that tells a story."""
    consents: tuple[ConsentSource, ...] | None = None
    """All consents of a film with several people, that of the first among them."""
    person_voices: tuple[PersonVoice, ...] | None = None
    """All such voices, of a film in which several are heard."""
    music: MusicSource | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nobody speaks in the film."""
        return self.voice == SILENT

    def to_facts(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        facts = asdict(replace(self, photos=()))
        facts["rate"] = f"{self.rate.numerator}/{self.rate.denominator}"
        facts["photos"] = [photo.to_facts() for photo in self.photos]
        facts["versions"] = dict(self.versions)
        facts["person_voice"] = None if self.person_voice is None else self.person_voice.to_facts()
        if self.consents is not None:
            facts["consents"] = [asdict(one) for one in self.consents]
        if self.person_voices is not None:
            facts["person_voices"] = [one.to_facts() for one in self.person_voices]
        if self.music is not None:
            facts["music"] = {k: v for k, v in asdict(self.music).items() if v is not None}
        return {key: value for key, value in facts.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRecord:
    """The papers' view of one film; holds no name and no script."""

    film_id: str
    """16 hex digits."""
    recipe: Recipe
    label_text: str
    """What the picture says; empty where the label was left out."""
    digital_source_type: str
    """IPTC address."""
    made_at: datetime
    """UTC, to the second."""
    generator: str
    """Program and version: ``"vivant/0.1.0"``."""
    label_waiver: str | None = None
    """The agreement under which the label was left out."""

    @property
    def consent_id(self) -> str:
        """The consent it was made under."""
        return self.recipe.consent_id

    @property
    def consent_sha256(self) -> str:
        """Hash of that consent."""
        return self.recipe.consent_sha256

    def to_facts(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        facts = {
            "schema_version": "film/1",
            "film_id": self.film_id,
            "recipe": self.recipe.to_facts(),
            "label_text": self.label_text,
            "digital_source_type": self.digital_source_type,
            "made_at": self.made_at.astimezone(UTC).isoformat(timespec="seconds"),
            "generator": self.generator,
        }
        return facts if self.label_waiver is None else facts | {"label_waiver": self.label_waiver}

    @property
    def sha256(self) -> str:
        """Hash of all of it, in hex."""
        return sha256_hex(canonical(self.to_facts()))


def record_film(
    recipe: Recipe,
    *,
    label_text: str,
    made_at: datetime,
    generator: str,
    digital_source_type: str = PHOTO_DRIVEN,
    label_waiver: str | None = None,
) -> FilmRecord:
    """Make the record of a film, with the id that its recipe gives."""
    return FilmRecord(
        film_id=film_id_of(recipe),
        recipe=recipe,
        label_text=label_text,
        digital_source_type=digital_source_type,
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
        generator=generator,
        label_waiver=label_waiver,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRecipe:
    """All that decides how a sound alone sounds."""

    speech_sha256: str
    """Hash of the samples, before loudness and marks; of a number drawn by chance for a stream, which leaves before it
    is whole."""
    voice: str
    """The engine's voice by name."""
    language: str
    """BCP 47."""
    label: str
    """What the listener hears of it being made: ``"tones"``, or ``"tones, notice"``."""
    versions: Mapping[str, str]
    person_voice: PersonVoice | None = None
    """Whose voice it is like; nothing for a voice that is nobody's."""

    def to_facts(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        facts = asdict(self)
        facts["versions"] = dict(self.versions)
        facts["person_voice"] = None if self.person_voice is None else self.person_voice.to_facts()
        return {key: value for key, value in facts.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRecord:
    """The papers' view of one sound; holds no name and no word of it."""

    sound_id: str
    """16 hex digits, made as a film's id is."""
    recipe: SoundRecipe
    made_at: datetime
    """UTC, to the second."""
    generator: str
    digital_source_type: str = MODEL_MADE

    @property
    def consent_id(self) -> str | None:
        """The consent it was made under; nothing where the voice is nobody's."""
        person = self.recipe.person_voice
        return None if person is None else person.consent_id

    @property
    def consent_sha256(self) -> str | None:
        """Hash of that consent."""
        person = self.recipe.person_voice
        return None if person is None else person.consent_sha256

    def to_facts(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        return {
            "schema_version": "sound/1",
            "sound_id": self.sound_id,
            "recipe": self.recipe.to_facts(),
            "digital_source_type": self.digital_source_type,
            "made_at": self.made_at.astimezone(UTC).isoformat(timespec="seconds"),
            "generator": self.generator,
        }

    @property
    def sha256(self) -> str:
        """Hash of all of it, in hex."""
        return sha256_hex(canonical(self.to_facts()))


def record_sound(recipe: SoundRecipe, *, made_at: datetime, generator: str) -> SoundRecord:
    """Make the record of a sound, with the id that its recipe gives."""
    return SoundRecord(
        sound_id=film_id_of(recipe),
        recipe=recipe,
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
        generator=generator,
    )


def film_id_of(recipe: Recipe | SoundRecipe) -> str:
    """Tell the id of the film or sound that a recipe makes: 16 hex digits, the last 4 a check on the others."""
    digest = bytes.fromhex(sha256_hex(canonical(recipe.to_facts())))[:_HASH_BYTES]
    return (digest + _check_of(digest)).hex()


def is_film_id(text: str) -> bool:
    """Tell whether 16 hex digits can be a film id: whether the last 4 fit the others.

    One in 65,536 random numbers does.
    """
    try:
        value = bytes.fromhex(text)
    except ValueError:
        return False
    fits = _check_of(value[:_HASH_BYTES]) == value[_HASH_BYTES:]
    return len(value) * 8 == ID_BITS and text == value.hex() and fits


def _check_of(data: bytes) -> bytes:
    """CRC-16/IBM-3740 (polynomial 0x1021, start 0xFFFF): zeros alone do not pass it."""
    return binascii.crc_hqx(data, 0xFFFF).to_bytes(2, "big")
