"""What a file comes from, as far as this machine knows: its register, and its ledger's word on the consents today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vivant.errors import VivantError
from vivant.film.claim import Claim
from vivant.places import Places
from vivant.provenance.credentials import Credentials
from vivant.provenance.film_states import FilmWord, state_of_film
from vivant.provenance.ledger import Ledger
from vivant.provenance.register.entry import Entry, Match
from vivant.provenance.register.register import Register

By = Literal["credentials", "watermark", "sound", "file", "pictures", "aigc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The film or sound of ours that something comes from."""

    made_id: str
    by: By
    """How it was recognised."""
    score: float
    """0..1; 1 for a mark, credentials or the very file."""
    why: str
    """One or more plain sentences."""
    state: FilmWord
    """``"free"``, ``"held"``, ``"withdrawn"`` or ``"expired"`` today; ``"unknown"`` where this machine's ledger does not know it."""
    since: datetime | None = None
    is_registered: bool = False
    """Whether this machine's register knows it."""
    kind: Literal["film", "sound"] | None = None
    made_at: datetime | None = None
    consent_ids: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether it must not be shown any more."""
        return self.state not in ("free", "unknown")

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        return {
            "made_id": self.made_id,
            "kind": self.kind,
            "by": self.by,
            "score": round(self.score, 3),
            "registered": self.is_registered,
            "made_at": None if self.made_at is None else self.made_at.isoformat(),
            "consent_ids": list(self.consent_ids),
            "state": self.state,
            "since": None if self.since is None else self.since.isoformat(),
            "why": self.why,
        }


def origin_of(made_id: str, *, by: By, places: Places, match: Match | None = None) -> Origin:
    """Tell what this machine knows of a film or sound of ours.

    Args:
        made_id: Its id.
        by: How it was recognised.
        places: Whose register and ledger.
        match: What the register found, where it was recognised by that.
    """
    entry = match.entry if match is not None else known(made_id, places)
    state, since, consents, told = _state(made_id, entry, places)
    why = [] if match is None else [match.why]
    if entry is not None and entry.made_at is not None:
        why.append(
            f"This machine made it on {entry.made_at:%Y-%m-%d} at {entry.made_at:%H:%M} UTC."
        )
    elif entry is not None:
        why.append("This machine made it; its papers were erased.")
    else:
        why.append("This machine's register does not know it.")
    return Origin(
        made_id=made_id,
        by=by,
        score=1.0 if match is None else match.score,
        why=" ".join([*why, told]),
        state=state,
        since=since,
        is_registered=entry is not None,
        kind=None if entry is None else entry.kind,
        made_at=None if entry is None else entry.made_at,
        consent_ids=consents or (() if entry is None else entry.consent_ids),
    )


def strictest(
    origin: Origin | None, also: Sequence[str], *, by: By, places: Places
) -> Origin | None:
    """Choose, of all films and sounds of ours that something is put together from, the first that must not be shown.

    Args:
        origin: The one that it was recognised as.
        also: Ids of others in it.
        by: How those were recognised.
        places: Whose register and ledger.
    """
    if origin is None or origin.stops:
        return origin
    others = (origin_of(one, by=by, places=places) for one in also)
    return next((one for one in others if one.stops), origin)


def _state(
    made_id: str, entry: Entry | None, places: Places
) -> tuple[FilmWord, datetime | None, tuple[str, ...], str]:
    """Ask the ledger; the register's word counts where it is worse."""
    try:
        found = state_of_film(Ledger.in_places(places), made_id)
    except VivantError as error:
        return "held", None, (), f"Whether it may be shown cannot be known: {error}"
    if entry is not None and entry.state != "made" and found.state not in ("withdrawn", "expired"):
        return "withdrawn", None, found.consents, f"The register says that it was {entry.state}."
    return found.state, found.since, found.consents, found.why


def known(made_id: str, places: Places) -> Entry | None:
    """Find a film or sound in the register by its id; a register that cannot be read knows nothing."""
    try:
        return Register.in_places(places).by_id(made_id)
    except VivantError:
        return None


def known_among(named: Sequence[str | None], places: Places) -> frozenset[str]:
    """Tell which of some ids are of what this machine made."""
    return frozenset(one for one in named if one is not None and known(one, places) is not None)


def consent_claim(credentials: Credentials, places: Places) -> Claim:
    """Tell whose consent the credentials name, the voice's too, and what the ledger knows of it."""
    if credentials.consent_id is None or credentials.consent_sha256 is None:
        why = "The file names no consent: the credentials that would are missing or do not hold."
        return Claim(name="consent", ok=False, why=why, is_gone=True)
    what = "film" if credentials.film_id is not None else "sound"
    claims = [_one_consent(f"The {what} was made", credentials.consent_id, places)]
    if credentials.voice_consent_id not in (None, credentials.consent_id):
        claims.append(_one_consent("Its voice", credentials.voice_consent_id or "", places))
    for number, consent_id in enumerate(credentials.other_consents, start=2):
        claims.append(_one_consent(f"Somebody else in it ({number})", consent_id, places))
    why = " ".join(why for _, why in claims)
    return Claim(name="consent", ok=all(ok for ok, _ in claims), why=why)


def _one_consent(what: str, consent_id: str, places: Places) -> tuple[bool, str]:
    named = f"{what} under consent {consent_id}"
    try:
        found = Ledger.in_places(places).state_of(consent_id)
    except VivantError as error:
        return False, f"{named}, and what became of it cannot be known: {error}"
    if found.stops:
        since = "" if found.since is None else f" since {found.since:%Y-%m-%d}"
        return False, f"{named}, which is {found.state}{since}."
    is_known = found.state == "given"
    told = "known to this machine's ledger" if is_known else "not known to this machine"
    return True, f"{named}, {told}; its hash is in the credentials."
