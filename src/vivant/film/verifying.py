"""Check a film's papers, each by itself and against the others; works on any file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import UInt8

from vivant.errors import InputError
from vivant.film.claim import Claim
from vivant.film.decoding import probe, read_frames
from vivant.film.facts import FilmFacts
from vivant.film.voice_claim import voice_claim
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.label import (
    SMALLEST_SHARE,
    label_plate,
    labelled_frames,
    measure_label,
)
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import Credentials, State, read_credentials
from vivant.provenance.watermark import read_mark

LOOKED_AT_S = 3
"""Seconds at the start, and again at the end, whose frames are looked at."""
LABEL_LOOKS = 5
"""Frames that must show the label in each of the two."""
MARK_LOOKS = 12
"""Frames in which the watermark is looked for, spread over the first and the last seconds."""
SMALLEST_PX = 64
"""Below this no label can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking a film's papers found."""

    verdict: Literal["ok", "failed"]
    """``"ok"`` only when every claim holds and all name the same film."""
    film_id: str | None
    """The film that the papers name; the credentials' word before the others'."""
    label: Claim
    aigc: Claim
    credentials: Claim
    watermark: Claim
    consent: Claim
    credentials_state: State
    voice: Claim | None = None
    """The mark in the sound; only where the papers promise one: a machine made the voice like a person's."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.verdict == "ok"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All of them, in the order in which they are told."""
        every = (self.label, self.aigc, self.credentials, self.watermark, self.voice, self.consent)
        return tuple(claim for claim in every if claim is not None)

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        told: dict[str, Any] = {"verdict": self.verdict, "film_id": self.film_id}
        return told | {claim.name: claim.to_json() for claim in self.claims}


def verify_film(
    path: Path, *, places: Places | None = None, watch: Watch = unwatched
) -> Verification:
    """Check the visible label, the AIGC field, the content credentials, the watermark and the consent.

    Args:
        path: Any file; one that is no film fails every claim, with the reason.
        places: Whose trusted certificates and ledger.
        watch: Hears ``"verifying"``.

    Raises:
        InputError: There is no such file.
    """
    places = places or Places()
    path = Path(path)
    if not path.is_file():
        message = "There is no file of that name. Give the path of a film."
        raise InputError(message)
    watch("verifying", 0, 3)
    credentials = read_credentials(path, places=places)
    watch("verifying", 1, 3)
    try:
        facts = probe(path)
        label, mark = _look(path, facts)
        tag = _aigc_claim(facts.tags)
    except InputError as error:
        label, mark, tag = (
            Claim(name=name, ok=False, why=str(error)) for name in ("label", "watermark", "aigc")
        )
    watch("verifying", 2, 3)
    signed = Claim(
        name="credentials", ok=credentials.ok, why=credentials.why, film_id=credentials.film_id
    )
    consent = consent_claim(credentials, places)
    signed, tag, mark = agreeing(signed, tag, mark)
    voice = voice_claim(path, credentials, places) if credentials.voice_watermark else None
    claims = [one for one in (label, tag, signed, mark, voice, consent) if one is not None]
    watch("verifying", 3, 3)
    return Verification(
        verdict="ok" if all(claim.ok for claim in claims) else "failed",
        film_id=signed.film_id or tag.film_id or mark.film_id,
        label=label,
        aigc=tag,
        credentials=signed,
        watermark=mark,
        consent=consent,
        credentials_state=credentials.state,
        voice=voice,
    )


def _look(path: Path, facts: FilmFacts) -> tuple[Claim, Claim]:
    """Look at the first and the last seconds, for the label and for the watermark."""
    looked = math.ceil(LOOKED_AT_S * facts.rate)
    starts = max(looked, facts.frames - looked)
    wanted = labelled_frames(facts.frames, facts.rate)
    missing: list[int] = []
    share = 1.0
    looks = 0
    lumas: list[UInt8[np.ndarray, "height width"]] = []
    every = max(1, looked // LABEL_LOOKS)
    small = min(facts.width_px, facts.height_px) < SMALLEST_PX
    plate = None if small else label_plate(facts.width_px & ~1, facts.height_px & ~1)
    for index, luma in _ends_of(path, facts, looked, starts):
        if index % max(1, 2 * looked // MARK_LOOKS) == 0:
            lumas.append(luma)
        first_or_last = index in (0, min(looked, facts.frames) - 1, starts, facts.frames - 1)
        if plate is None or index not in wanted or not (first_or_last or index % every == 0):
            continue
        reading = measure_label(plate, luma)
        looks += 1
        if reading.present:
            share = min(share, reading.share_of_short_side)
        else:
            missing.append(index)
    return _label_claim(looks, missing, share), _mark_claim(lumas)


def _ends_of(
    path: Path, facts: FilmFacts, looked: int, starts: int
) -> Iterator[tuple[int, UInt8[np.ndarray, "height width"]]]:
    """Give out the luma of the first and of the last frames, decoding little between."""
    for frame in read_frames(path):
        if frame.index >= looked:
            break
        yield frame.index, frame.y
    if starts < facts.frames:
        for frame in read_frames(path, first=starts):
            yield frame.index, frame.y


def _label_claim(looks: int, missing: list[int], share: float) -> Claim:
    if not looks:
        return Claim(name="label", ok=False, why="The picture is too small to hold a label.")
    if missing:
        why = (
            f"The label is missing in {len(missing)} of {looks} frames that were looked at in the "
            f"first and the last {LOOKED_AT_S} seconds, frame {missing[0]} being the first."
        )
        return Claim(name="label", ok=False, why=why)
    percent = 100 * share
    why = (
        f"The label stands in all {looks} frames that were looked at in the first and the last "
        f"{LOOKED_AT_S} seconds; its letters are {percent:.1f} % of the shorter side high."
    )
    return Claim(name="label", ok=Fraction(share) >= SMALLEST_SHARE, why=why)


def _mark_claim(lumas: list[UInt8[np.ndarray, "height width"]]) -> Claim:
    reading = read_mark(lumas)
    return Claim(
        name="watermark",
        ok=reading.film_id is not None,
        why=reading.why,
        film_id=reading.film_id,
    )


def _aigc_claim(tags: Mapping[str, str]) -> Claim:
    reading = aigc.read_aigc(tags.get(aigc.KEY))
    return Claim(name="aigc", ok=reading.ok, why=reading.why, film_id=reading.film_id)


def consent_claim(credentials: Credentials, places: Places) -> Claim:
    """Tell whose consent the credentials name, the voice's too, and what the ledger knows of it."""
    if credentials.consent_id is None or credentials.consent_sha256 is None:
        why = "The file names no consent: the credentials that would are missing or do not hold."
        return Claim(name="consent", ok=False, why=why)
    what = "film" if credentials.film_id is not None else "sound"
    claims = [_one_consent(f"The {what} was made", credentials.consent_id, places)]
    if credentials.voice_consent_id not in (None, credentials.consent_id):
        claims.append(_one_consent("Its voice", credentials.voice_consent_id or "", places))
    for number, consent_id in enumerate(credentials.other_consents, start=2):
        claims.append(_one_consent(f"Somebody else in it ({number})", consent_id, places))
    why = " ".join(why for _, why in claims)
    return Claim(name="consent", ok=all(ok for ok, _ in claims), why=why)


def _one_consent(what: str, consent_id: str, places: Places) -> tuple[bool, str]:
    state = Ledger.in_places(places).consent_state(consent_id)
    named = f"{what} under consent {consent_id}"
    if state in ("withdrawn", "held"):
        return False, f"{named}, which is {state} by now."
    known = "known to this machine's ledger" if state == "given" else "not known to this machine"
    return True, f"{named}, {known}; its hash is in the credentials."


def agreeing(*claims: Claim) -> tuple[Claim, ...]:
    """Let claims that name another film than the first one fail."""
    first = next((claim for claim in claims if claim.film_id is not None), None)
    agreed = []
    for claim in claims:
        told = claim
        if first is not None and claim.ok and claim.film_id != first.film_id:
            other = claim.film_id or "nothing of ours"
            why = f"It names {other}, and the {first.name} name {first.film_id}."
            told = Claim(name=claim.name, ok=False, why=why, film_id=claim.film_id)
        agreed.append(told)
    return tuple(agreed)
