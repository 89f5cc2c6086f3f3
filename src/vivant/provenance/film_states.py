"""Whether a film that was made may still be shown and handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vivant.provenance.ledger import Entry, Ledger

FilmWord = Literal["free", "unknown", "withdrawn", "held", "expired"]
_WORSE: tuple[FilmWord, ...] = ("withdrawn", "held", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmState:
    """What holds of a film or sound."""

    state: FilmWord
    """``"free"``: everybody in it still agrees; ``"unknown"``: this ledger does not know it; ``"held"``: an objection stands;
    ``"withdrawn"``: it, or a consent, was withdrawn or erased; ``"expired"``: a consent has ended by itself."""
    why: str
    """One sentence, with ids."""
    consents: tuple[str, ...]
    """Of everybody who is seen or heard."""
    since: datetime | None = None

    @property
    def is_free(self) -> bool:
        """Whether it may be shown and handed over."""
        return self.state == "free"


def state_of_film(ledger: Ledger, made_id: str, *, at: datetime | None = None) -> FilmState:
    """Ask the ledger about a film or sound, and about the consent of everybody in it.

    Args:
        ledger: What happened.
        made_id: The film's or sound's id.
        at: The moment; now, or the ledger's last moment where that is later, when left out.

    Raises:
        LedgerError: The ledger does not hold, so nobody can know.
    """
    at = ledger.moment() if at is None else at
    consents = ledger.consents_of(made_id)
    is_known = bool(consents)
    for entry in ledger.about(made_id):
        is_known = is_known or entry.event in ("film.made", "sound.made")
        if made_id in withdrawn_in(entry) and entry.moment <= at:
            why = f"Film {made_id} was withdrawn, says line {entry.number} of the ledger."
            return FilmState(state="withdrawn", why=why, consents=consents, since=entry.moment)
    if not is_known:
        why = f"This machine's ledger does not know a film {made_id}."
        return FilmState(state="unknown", why=why, consents=())
    worst: FilmState | None = None
    for consent_id in consents:
        found = ledger.state_of(consent_id, at=at)
        if found.stops:
            state: FilmWord = found.state if found.state in ("held", "expired") else "withdrawn"
            why = f"Film {made_id} was made under consent {consent_id}, which is {found.state} by now."
            one = FilmState(state=state, why=why, consents=consents, since=found.since)
            if worst is None or _WORSE.index(state) < _WORSE.index(worst.state):
                worst = one
    why = f"Everybody in film {made_id} still agrees, as far as this ledger knows."
    return worst or FilmState(state="free", why=why, consents=consents)


def withdrawn_in(entry: Entry) -> tuple[str, ...]:
    """Name the film or sound that a line withdraws."""
    if entry.event not in ("film.withdrawn", "film.erased"):
        return ()
    return tuple(str(entry.facts[key]) for key in ("film_id", "sound_id") if key in entry.facts)
