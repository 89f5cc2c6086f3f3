"""Check the papers of anything found in the wild: each by itself, against the others, and against what was made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from vivant.errors import InputError, VivantError
from vivant.film.claim import Claim, agreeing, signed_claim
from vivant.film.finding import MEANINGS, Evidence, Finding, find
from vivant.film.fingerprints import find_file
from vivant.film.glimpse import Glimpse, glimpse_film, glimpse_picture
from vivant.film.origins import (
    By,
    Origin,
    consent_claim,
    known_among,
    origin_of,
    strictest,
)
from vivant.film.sound_id_claim import sound_claims
from vivant.film.voice_claim import voice_claim
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.credentials import Credentials, State, read_credentials
from vivant.provenance.presence import media_type_of
from vivant.provenance.register.entry import Match
from vivant.provenance.register.register import Register
from vivant.provenance.unlabelled import waived_claim

__all__ = ["Verification", "agreeing", "consent_claim", "verify_film"]

_STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking a film's papers found; a picture's too."""

    verdict: Literal["ok", "failed"]
    """``"ok"`` only when every claim holds and all name the same film."""
    film_id: str | None
    """The film that the papers name; the credentials' word before the others'."""
    label: Claim
    aigc: Claim
    credentials: Claim
    watermark: Claim
    """Out of the pixels alone."""
    consent: Claim
    credentials_state: State
    voice: Claim | None = None
    """The mark in the sound; only where the papers promise one: a machine made the voice like a person's."""
    sound: Claim | None = None
    """Our id in the sound, where one is heard."""
    finding: Finding = "not-ours"
    """What it is, in a word; see ``finding.MEANINGS``."""
    origin: Origin | None = None
    """The film of ours that it comes from, as far as this machine knows it."""
    signer: str | None = None
    """Organisation that signed, where the credentials are whole."""
    signed_at: str | None = None
    """Where a time stamp tells it."""
    is_stamp_trusted: bool = False
    """Whether the authority that stamped it is trusted here."""
    trust: str | None = None
    """Who vouches for the signer: ``"c2pa-list"`` or ``"here"``."""
    within: tuple[str, ...] = ()
    """Films and sounds of ours that its credentials name as what it was made from."""
    photos_by_ai: tuple[str, ...] = ()
    """Source photos whose own credentials say that AI made them."""
    also: tuple[str, ...] = ()
    """Other films of ours that are in it: somebody joined them. Where one must not be shown, it is the origin."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.verdict == "ok"

    @property
    def withdrawn(self) -> str | None:
        """Why it must not be shown any more; nothing where nobody took a consent back."""
        return self.origin.why if self.origin is not None and self.origin.stops else None

    @property
    def meaning(self) -> str:
        """The finding in a sentence."""
        return MEANINGS[self.finding]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All of them, in the order in which they are told."""
        every = (
            self.label,
            self.aigc,
            self.credentials,
            self.watermark,
            self.sound,
            self.voice,
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
            "film_id": self.film_id,
            "also": list(self.also),
        }
        told |= {claim.name: claim.to_json() for claim in self.claims}
        told["credentials"] |= {
            "signer": self.signer,
            "signed_at": self.signed_at,
            "stamp_trusted": self.is_stamp_trusted,
            "trust": self.trust,
            "made_from": list(self.within),
            "photos_by_ai": list(self.photos_by_ai),
        }
        return told | {"origin": None if self.origin is None else self.origin.to_json()}


def verify_film(
    path: Path,
    *,
    places: Places | None = None,
    credentials: Credentials | None = None,
    watch: Watch = unwatched,
) -> Verification:
    """Check the visible label, the AIGC field, the content credentials, the watermark and the consent.

    Args:
        path: Any file, a picture too; of one that is neither film nor picture every claim fails, with the reason.
        places: Whose trusted certificates, ledger and register.
        credentials: As they were read of the same file a moment ago, so that it need not be hashed again.
        watch: Hears ``"verifying"``, and of a large file ``"checking"``, in bytes.

    Raises:
        InputError: There is no such file.
    """
    places = places or Places()
    path = Path(path)
    if not path.is_file():
        message = "There is no file of that name. Give the path of a film."
        raise InputError(message)
    watch("verifying", 0, _STEPS)
    credentials = credentials or read_credentials(path, places=places, watch=watch)
    watch("verifying", 1, _STEPS)
    seen = _glimpse(path, credentials, places)
    watch("verifying", 2, _STEPS)
    heard = () if seen.is_still else sound_claims(path)
    watch("verifying", 3, _STEPS)
    verification = _judged(path, credentials, seen, heard, places)
    watch("verifying", _STEPS, _STEPS)
    return verification


def _glimpse(path: Path, credentials: Credentials, places: Places) -> Glimpse:
    try:
        kind = media_type_of(path)
    except OSError:
        kind = ""
    if kind.startswith("image/") and kind != "image/gif":
        return glimpse_picture(path, places=places)
    seen = glimpse_film(path, places=places, label_text=credentials.label_text)
    waiver = credentials.label_waiver
    if waiver is not None and credentials.state == "trusted" and not seen.label.ok:
        ok, why = waived_claim(waiver, credentials.film_id, places=places)
        return replace(seen, label=Claim(name="label", ok=ok, why=why))
    return seen


def _judged(
    path: Path,
    credentials: Credentials,
    seen: Glimpse,
    all_heard: Sequence[Claim],
    places: Places,
) -> Verification:
    raw = signed_claim(credentials)
    heard = _heard(all_heard, raw.film_id or seen.mark.film_id)
    consent = consent_claim(credentials, places)
    voice = voice_claim(path, credentials, places) if credentials.voice_watermark else None
    signed, tag, mark, *rest = agreeing(
        raw, seen.tag, seen.mark, *([] if heard is None else [heard])
    )
    sound = rest[0] if rest else None
    every = (seen.label, tag, signed, mark, sound, voice, consent)
    owed = [one for one in every if one is not None]
    marks = [one.film_id for one in (mark, sound) if one is not None and one.film_id is not None]
    is_readable = seen.seen is not None or sound is not None
    named = signed.film_id or (marks[0] if marks else None)
    if named is None and credentials.is_genuine and not is_readable:
        named = credentials.named_id
    matches = () if named is not None else _likenesses(path, seen, places)
    match = matches[0] if matches else None
    film_id = named or (None if match is None else match.entry.made_id)
    by: By = "watermark" if mark.film_id else "sound" if marks else "credentials"
    origin = _origin(film_id, by, match, places)
    said = [*seen.also, *(one.film_id for one in all_heard if one is not heard)]
    also = tuple(dict.fromkeys(one for one in said if one is not None and one != film_id))
    origin = strictest(origin, also, by="watermark", places=places)
    evidence = Evidence(
        claims=owed,
        credentials=credentials,
        is_readable=is_readable,
        marks=marks,
        likenesses=[one.entry.made_id for one in matches],
        is_sure=match is not None and match.sure,
        tag=tag.film_id,
        origin=origin,
        known=known_among([tag.film_id, credentials.named_id], places),
    )
    finding = find(evidence)
    return Verification(
        verdict="ok" if finding == "ok" else "failed",
        film_id=film_id or tag.film_id,
        label=seen.label,
        aigc=tag,
        credentials=signed,
        watermark=mark,
        consent=consent,
        credentials_state=credentials.state,
        voice=voice,
        sound=sound,
        finding=finding,
        origin=origin,
        signer=credentials.signer,
        signed_at=credentials.signed_at,
        is_stamp_trusted=credentials.is_stamp_trusted,
        trust=credentials.trust if credentials.ok else None,
        within=credentials.within,
        photos_by_ai=credentials.photos_by_ai,
        also=also,
    )


def _heard(claims: Sequence[Claim], named: str | None) -> Claim | None:
    """Choose what is heard of the film that the rest names, of all that is heard; else the clearest."""
    first = next(iter(claims), None)
    return next((one for one in claims if one.film_id == named), first)


def _origin(film_id: str | None, by: By, match: Match | None, places: Places) -> Origin | None:
    if film_id is None:
        return None
    if match is not None:
        by = "file" if match.by == "file" else "sound" if match.by == "sound" else "pictures"
    return origin_of(film_id, by=by, places=places, match=match)


def _likenesses(path: Path, seen: Glimpse, places: Places) -> tuple[Match, ...]:
    """Look in the register for what a file is like: byte for byte, then by what is seen and heard."""
    try:
        if seen.is_still and seen.seen is not None:  # whatever it is called
            return Register.in_places(places).find_picture(seen.seen)
        return find_file(path, places=places)
    except (VivantError, OSError):
        return ()
