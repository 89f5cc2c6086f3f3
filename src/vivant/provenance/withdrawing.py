"""What follows when a consent was taken back, objected to or has ended: for the films and sounds made under it.

A consent itself is changed through ``consent_events`` alone, which calls ``follow`` when the change is written. Films
made under a consent that was taken back or erased are withdrawn, in the ledger and in the register, and links to them are
dead from that line on. A consent that ends by itself stops all that too, but nobody took it back: its films are not
called withdrawn. One film can also be withdrawn alone. Work files are erased by ``studio.erasing``. Films that were
handed over cannot be recalled; they can be recognised, and a notice can be written (``takedown``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.film_states import withdrawn_in
from vivant.provenance.ledger import Ledger
from vivant.provenance.ledger_states import State
from vivant.provenance.register.register import Register
from vivant.provenance.safekeeping import utc_now

_ID = re.compile(r"[0-9a-f]{32}")
_BY = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What followed."""

    consent_id: str
    state: State
    """What holds now."""
    since: datetime | None
    number: int | None
    """The ledger's line that says so."""
    already: bool
    """Whether it was so before, and nothing was written about the consent."""
    films: tuple[str, ...]
    """Made under it, by id."""
    sounds: tuple[str, ...]
    newly_withdrawn: tuple[str, ...] = ()
    """Films and sounds that were not withdrawn before."""

    @property
    def stops(self) -> bool:
        """Whether nothing more may be made, shown or handed over."""
        return self.state not in ("unknown", "given")


def follow(
    consent_id: str,
    *,
    already: bool = False,
    now: datetime | None = None,
    places: Places | None = None,
) -> Followed:
    """Do what follows from a consent's state, whoever wrote it down; what was done before is not done again.

    Args:
        consent_id: The record's id.
        already: Whether the state was the same before.
        now: The moment; now when left out.
        places: Where ledger and register are.
    """
    places = places or Places()
    ledger = Ledger.in_places(places)
    moment = utc_now() if now is None else now
    found = ledger.state_of(check_id(consent_id), at=ledger.moment(moment))
    made = tuple(ledger.about(consent_id))
    films, sounds = ledger.films_of(consent_id), ledger.sounds_of(consent_id)
    fresh: list[str] = []
    if found.state in ("withdrawn", "erased"):
        gone = {one for entry in made for one in withdrawn_in(entry)}
        for made_id in (*films, *sounds):
            if made_id not in gone:
                field = "film_id" if made_id in films else "sound_id"
                facts = {field: made_id, "consent_id": consent_id, "state": found.state}
                ledger.append("film.withdrawn", facts, now=moment)
                fresh.append(made_id)
        for made_id in (*films, *sounds):  # after the lines: a damaged register holds none up
            _tell_register(made_id, places=places)
    return Followed(
        consent_id=consent_id,
        state=found.state,
        since=found.since,
        number=found.number,
        already=already,
        films=films,
        sounds=sounds,
        newly_withdrawn=tuple(fresh),
    )


def withdraw_film(
    film_id: str,
    *,
    by: str | None = None,
    now: datetime | None = None,
    places: Places | None = None,
) -> bool:
    """Withdraw one film, and leave the consents as they are.

    Returns:
        Whether it was not withdrawn before.

    Raises:
        InputError: The id of who withdraws it is none.
    """
    places = places or Places()
    ledger = Ledger.in_places(places)
    fresh = not any(film_id in withdrawn_in(entry) for entry in ledger.about(film_id))
    if fresh:
        facts = {"film_id": film_id} | ({} if by is None else {"by": check_by(by)})
        ledger.append("film.withdrawn", facts, now=now)
    _tell_register(film_id, places=places)
    return fresh


def check_id(consent_id: str) -> str:
    """Insist that a consent's id is one.

    Raises:
        InputError: It is not.
    """
    if not _ID.fullmatch(consent_id):
        message = (
            f"A consent is called by 32 hex digits, and {len(consent_id)} signs were given. Its record, its films' "
            "credentials and vivant ledger show tell its id."
        )
        raise InputError(message)
    return consent_id


def check_by(by: str) -> str:
    """Insist that somebody is called by an id, and not by name.

    Raises:
        InputError: It has spaces or other signs, as names have.
    """
    if not _BY.fullmatch(by):
        message = (
            f"Who did it is told by an id of 1 to 64 letters, digits and . _ : -, and {len(by)} signs were given that "
            "are none. Names do not enter the ledger."
        )
        raise InputError(message)
    return by


def _tell_register(made_id: str, *, places: Places) -> None:
    """Let the register know, so that copies are recognised as withdrawn; one that was erased stays so."""
    register = Register.in_places(places)
    known = register.by_id(made_id)
    if known is not None and known.state == "made":
        register.set_state(made_id, "withdrawn")
