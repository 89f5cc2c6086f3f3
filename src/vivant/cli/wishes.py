"""Reads what was typed: sizes, rates, seeds, outputs; and checks it before any work begins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path

from vivant.errors import ConsentError, InputError
from vivant.media.time import rate_from

LEAST_PX = 256
MOST_PX = 1920
MOST_SEED = 2**32
USUAL_SIZE = "1280x720"


class Attestation(Enum):
    """Who says yes, when there is no consent record yet."""

    SELF = "self"
    KIN = "kin"
    PUBLIC_DOMAIN = "public-domain"


class UseName(Enum):
    """What something is made for."""

    PORTRAIT_FILM = "portrait-film"
    VOICE_LIKENESS = "voice-likeness"
    FAMILY_LINK = "family-link"
    PUBLIC_SHOWING = "public-showing"
    COMMERCE = "commerce"
    LIVE = "live"
    TRAINING = "training"


class AudienceName(Enum):
    """Who will see it."""

    PRIVATE = "private"
    FAMILY = "family"
    PUBLIC = "public"


class Lasting(Enum):
    """What stands between the label's seconds at the start and at the end."""

    NO = "no"
    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where a film will be shown, and how it is to be labelled."""

    territories: tuple[str, ...] = ()
    """As they were typed; what the consent says when there are none."""
    between: Lasting = Lasting.NO
    waiver: str | None = None
    """Number of the agreement under which the label is left out."""
    marks: tuple[str, ...] = ()
    """Engines that mark the pictures beside the built-in one."""
    use: UseName = UseName.PORTRAIT_FILM
    """What for; the consent must name it."""
    audience: AudienceName | None = None
    """Who will see it; as few as the use implies when None."""
    products: tuple[str, ...] = ()
    """What it sells, as the contract calls it."""


CONSENT_MISSING = (
    "No film is made of a person without consent. Give the record with --consent FILE, or say who "
    "agrees: --attest self (the person is you), --attest kin (you are the closest family of a person "
    "who has died and would have agreed), --attest public-domain (the picture is in the public domain "
    "and the person is long dead). What you attest is kept on this machine; the film carries only "
    "its number and its hash."
)


class ConsentMissingError(ConsentError):
    """Neither a consent record nor an attestation was given."""

    code = "consent.missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The size and the rate of a film."""

    width_px: int
    height_px: int
    rate: Fraction | None
    """None when whoever drives the photo brings the rate."""

    def __str__(self) -> str:
        """As people write it."""
        rate = "" if self.rate is None else f" at {rate_text(self.rate)} frames a second"
        return f"{self.width_px}x{self.height_px}{rate}"


def rate_text(rate: Fraction) -> str:
    """Write a rate for people: ``25``, ``29.97``."""
    return f"{float(rate):.5g}"


def format_from(size: str, fps: str | None) -> Format:
    """Read ``--size`` and ``--fps``.

    Raises:
        InputError: They are not a size and a rate that can be made.
    """
    match = re.fullmatch(r"(\d{1,5})\s*[xX×]\s*(\d{1,5})", size.strip())
    if not match:
        message = f"--size is {size!r}; write it as WIDTHxHEIGHT in pixels, such as 1280x720."
        raise InputError(message)
    width_px, height_px = int(match[1]), int(match[2])
    if not (min(width_px, height_px) >= LEAST_PX and max(width_px, height_px) <= MOST_PX):
        message = (
            f"--size is {width_px}x{height_px}; each side must lie between {LEAST_PX} and "
            f"{MOST_PX} pixels."
        )
        raise InputError(message)
    if width_px % 2 or height_px % 2:
        message = f"--size is {width_px}x{height_px}; both sides must be even, as video halves its colour."
        raise InputError(message)
    return Format(width_px=width_px, height_px=height_px, rate=maybe_rate_from(fps))


def maybe_rate_from(fps: str | None) -> Fraction | None:
    """Read ``--fps``, where it may be left out."""
    return None if fps is None else rate_from(fps.strip())


def seed_from(seed: int) -> int:
    """Check ``--seed``.

    Raises:
        InputError: It is out of range.
    """
    if not 0 <= seed < MOST_SEED:
        message = f"--seed is {seed}; it must lie between 0 and {MOST_SEED - 1}."
        raise InputError(message)
    return seed


def output_from(to: Path, *, suffix: str, inputs: list[Path]) -> Path:
    """Check where the result shall go, and make its folder.

    Raises:
        InputError: It has the wrong ending, is a folder, or is one of the inputs.
    """
    if to.suffix.lower() != suffix:
        message = f"The output must end in {suffix}, and {to.name!r} does not."
        raise InputError(message)
    if to.is_dir():
        message = "The output is a folder; name a file in it."
        raise InputError(message)
    if any(to.resolve() == one.resolve() for one in inputs):
        message = "The output is one of the inputs, which would be lost; choose another name."
        raise InputError(message)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder of the output cannot be made: {error.strerror}. Choose another."
        raise InputError(message) from error
    return to


def inputs_are_files(inputs: Iterable[Path | None]) -> list[Path]:
    """Check, before any work, that every input is a file; those not given are left out.

    Raises:
        InputError: One is not there, or is a folder.
    """
    given = [one for one in inputs if one is not None]
    for number, path in enumerate(given, start=1):
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            of = f" {number} of {len(given)}" if len(given) > 1 else ""
            message = f"Input file{of} {what}. Check its name and its folder."
            raise InputError(message)
    return given


def consent_is_given(file: Path | None, attest_as: Attestation | None) -> None:
    """Insist, before any work, that consent was given in one of the two ways.

    Raises:
        ConsentMissingError: Neither was given.
        InputError: Both were given.
    """
    if file is not None and attest_as is not None:
        message = "--consent and --attest exclude each other: give the record, or attest once."
        raise InputError(message)
    if file is None and attest_as is None:
        raise ConsentMissingError(CONSENT_MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What every film command was asked for."""

    photos: tuple[Path, ...]
    to: Path
    format: Format
    seed: int
    face: int | None
    consent: Path | None
    """A consent record; or else ``attest``."""
    attest: Attestation | None
    words: str | None
    """What goes into an attested record."""
    offline: bool
    as_json: bool
    shown: Shown = Shown()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryWish:
    """What ``vivant film --storyboard`` was asked for."""

    storyboard: Path
    to: Path
    """A film, or the folder of a preview's stills."""
    preview: bool
    only: str | None
    """The name of one shot."""
    size: Format | None
    """Instead of the sizes that the storyboard names."""
    consent: Path | None
    attest: Attestation | None
    words: str | None
    offline: bool
    as_json: bool
    shown: Shown = Shown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is spoken: exactly one of the first three."""

    say: str | None
    script: Path | None
    audio: Path | None
    voice: str
    language: str | None = None
    pace: float = 1.0
    pronounce: Path | None = None
    """A dictionary of pronunciations."""
    transcript: Path | None = None
    """What is said in ``audio``."""
    raw: bool = False
    """Whether ``audio`` stays as noisy as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """Who drives: exactly one of the first two."""

    video: Path | None
    curves: Path | None
    audio: Path | None
    """The sound; silence when None."""
