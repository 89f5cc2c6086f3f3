"""The door through which films and sounds are handed over: shut once somebody in it takes the consent back."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vivant.errors import ConsentError, PapersError
from vivant.film.half_made import half_made
from vivant.media.files import read_limited
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.credentials import read_credentials
from vivant.provenance.film_states import FilmState, state_of_film
from vivant.provenance.ledger import Ledger
from vivant.provenance.record import is_film_id
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.standing import Standing, while_standing

_BLOCK_BYTES = 1 << 22


class DeliveryStoppedError(ConsentError):
    """A film may not be handed over, now or any more."""

    code = "consent.delivery-stopped"

    def __init__(self, found: FilmState) -> None:
        self.state = found.state
        self.consents = found.consents
        todo = {
            "unknown": "Hand it over from the machine that made it.",
            "held": "Wait until the objection is settled.",
            "expired": "Ask for a new consent, and make it again.",
        }.get(found.state, "It stays here.")
        super().__init__(f"{found.why} It is not handed over. {todo}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A film that was handed over."""

    path: Path
    made_id: str
    """The film's or sound's id."""
    sha256: str
    bytes: int


def may_be_delivered(
    made_id: str, *, now: datetime | None = None, places: Places | None = None
) -> FilmState:
    """Tell whether a film or sound may be handed over: whether everybody in it still agrees.

    Raises:
        LedgerError: The ledger does not hold, so nobody can know.
    """
    ledger = Ledger.in_places(places or Places())
    return state_of_film(ledger, made_id, at=ledger.moment(now))


def deliver(
    film: Path,
    to: Path,
    *,
    now: datetime | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Delivered:
    """Hand over a film or a sound: copy it whole or not at all, and write down that it went.

    Args:
        film: One of ours, its papers whole.
        to: Where it goes; its folder exists.
        now: The moment; now when left out.
        places: Where the ledger is.
        watch: Hears ``"delivering"``.

    Raises:
        DeliveryStoppedError: It, or a consent in it, was withdrawn, is held or has expired; or this machine's ledger
            does not know it. Nothing is left at ``to``.
        PapersError: Its papers do not hold.
        InputError: There is no such file.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    film, to = Path(film), Path(to)
    made_id = made_id_of(film, places=places)
    found = may_be_delivered(made_id, now=moment, places=places)
    if not found.is_free:
        raise DeliveryStoppedError(found)
    watch = while_standing(watch, Standing(found.consents, places=places))
    size, done, hashed = film.stat().st_size, 0, hashlib.sha256()
    with half_made(to, places=places, expected_bytes=size) as half:
        half.shows(found.consents)
        with film.open("rb") as source, half.finished.open("wb") as target:
            while block := source.read(_BLOCK_BYTES):
                watch("delivering", done, size)
                target.write(block)
                hashed.update(block)
                done += len(block)
        found = may_be_delivered(made_id, now=moment, places=places)
        if not found.is_free:
            raise DeliveryStoppedError(found)
        field = "film_id" if _is_film(made_id, places) else "sound_id"
        facts = {field: made_id, "file_sha256": hashed.hexdigest(), "bytes": done}
        Ledger.in_places(places).append("film.delivered", facts, now=moment)
    watch("delivering", done, size)
    return Delivered(path=to, made_id=made_id, sha256=hashed.hexdigest(), bytes=done)


def made_id_of(film: Path, *, places: Places) -> str:
    """Tell which film or sound of ours a file is, by its credentials.

    Raises:
        InputError: There is no such file.
        PapersError: Its papers do not hold, or it is not ours.
    """
    with contextlib.suppress(PapersError):
        credentials = read_credentials(film, places=places)
        made_id = credentials.film_id or credentials.sound_id
        if credentials.ok and made_id is not None and is_film_id(made_id):
            return made_id
    if not film.is_file():
        read_limited(film, at_most_bytes=1, what="film")
    message = (
        "The papers of this file do not hold, or it is none of ours: only a film as it was made is handed over. See vivant "
        "verify."
    )
    raise PapersError(message)


def _is_film(made_id: str, places: Places) -> bool:
    lines = Ledger.in_places(places).about(made_id)
    return any(entry.event == "film.made" for entry in lines)
