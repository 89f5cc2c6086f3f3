"""One thing that a film or a sound must prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vivant.errors import PapersError
from vivant.provenance.manifest import State


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

    def to_json(self) -> dict[str, Any]:
        """As ``vivant verify --json`` tells it."""
        return {"ok": self.ok, "why": self.why}


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
