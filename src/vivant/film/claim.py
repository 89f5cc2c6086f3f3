"""One thing that a film or a sound must prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from vivant.errors import PapersError
from vivant.provenance.credentials import Credentials, State

ClaimState = Literal["holds", "fails", "stripped", "not-looked-for"]


class PapersDoNotHoldError(PapersError):
    """The papers of a finished film or sound did not read back; it was not kept."""

    code = "film.papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whether it is proved, and why."""

    name: str
    ok: bool
    why: str
    """One plain sentence, whether it holds or not."""
    film_id: str | None = None
    """The film or sound that it names, where it names one."""
    is_gone: bool = False
    """Of what does not hold: it is not there at all, never written or stripped; nothing speaks against the rest."""
    looked_for: bool = True

    @property
    def state(self) -> ClaimState:
        """What was found, in a word."""
        if self.ok:
            return "holds"
        if not self.looked_for:
            return "not-looked-for"
        return "stripped" if self.is_gone else "fails"

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        return {"ok": self.ok, "state": self.state, "why": self.why, "film_id": self.film_id}


def signed_claim(credentials: Credentials) -> Claim:
    """Tell the content credentials as one claim."""
    return Claim(
        name="credentials",
        ok=credentials.ok,
        why=credentials.why,
        film_id=credentials.film_id or credentials.sound_id,
        is_gone=credentials.state == "absent",
        looked_for=credentials.looked_for,
    )


def agreeing(*claims: Claim) -> tuple[Claim, ...]:
    """Let claims that name another film than the first one fail."""
    first = next((claim for claim in claims if claim.film_id is not None), None)
    agreed = []
    for claim in claims:
        told = claim
        if first is not None and claim.ok and claim.film_id != first.film_id:
            other = claim.film_id or "nothing of ours"
            why = f"It names {other}, and the {first.name} name {first.film_id}."
            told = replace(claim, ok=False, why=why)
        agreed.append(told)
    return tuple(agreed)


def insist_on_papers(
    claims: Sequence[Claim], credentials_state: State, *, what: str, same_id: bool
) -> None:
    """Insist that what was just made proves all that it owes; a signer known to its owner alone is enough.

    Raises:
        PapersDoNotHoldError: A claim fails, or the papers name something else.
    """
    failed = [claim.name for claim in claims if not claim.ok]
    own_root_unknown = failed == ["credentials"] and credentials_state == "valid"
    if (failed and not own_root_unknown) or not same_id:
        message = (
            f"{what} was made, but its papers do not read back ({', '.join(failed) or 'another id'}). "
            "It was not kept; report this."
        )
        raise PapersDoNotHoldError(message)
