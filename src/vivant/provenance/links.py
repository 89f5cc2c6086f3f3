"""Links to films that die when they must: at their end, when somebody takes a consent back, when a film is withdrawn.

A token holds the film's id, the end, a random number, and a keyed hash over them; nobody makes one without this
machine's key. Whether it lives is asked anew each time: of the clock, of the ledger, and of every consent in the film.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from vivant.errors import ConsentError, InputError, ResourceError
from vivant.places import Places
from vivant.provenance.film_states import state_of_film
from vivant.provenance.ledger import Ledger
from vivant.provenance.ledger_lines import stamp_of
from vivant.provenance.record import is_film_id
from vivant.provenance.safekeeping import locked, private_folder, utc_now, write_private

KEY_BYTES = 32
_ID_BYTES, _END_BYTES, _RANDOM_BYTES, _MAC_BYTES = 8, 6, 8, 16
_PLAIN_BYTES = _ID_BYTES + _END_BYTES + _RANDOM_BYTES
USUAL_DAYS = 30
LONGEST_TOKEN = 200

DeadWhy = Literal["broken", "expired", "revoked", "withdrawn", "held", "unknown"]


class LinkDeadError(ConsentError):
    """A link leads nowhere, now or any more."""

    code = "consent.link-dead"

    def __init__(self, *, why: DeadWhy) -> None:
        self.why = why
        told = {
            "broken": "it is not one of ours, or was changed",
            "expired": "its time is over",
            "revoked": "it was taken back",
            "withdrawn": "the film was withdrawn",
            "held": "the film is held while an objection is looked at",
            "unknown": "the film is not known here",
        }
        super().__init__(f"The link is dead: {told[why]}. Ask whoever sent it for another.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a token says."""

    film_id: str
    link_id: str
    """16 hex digits; what the ledger calls it."""
    expires: datetime


def make_link(
    film_id: str,
    *,
    expires: datetime | None = None,
    now: datetime | None = None,
    places: Places | None = None,
) -> str:
    """Make a link's token for a film.

    Args:
        film_id: A film of ours that may be delivered.
        expires: First moment at which it is dead; thirty days on when left out.
        now: The moment; now when left out.
        places: Where key and ledger are.

    Returns:
        Letters, digits, ``-`` and ``_``.

    Raises:
        LinkDeadError: It would be dead already.
        InputError: The film's id is none, or the end has no time zone.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    end = moment + timedelta(days=USUAL_DAYS) if expires is None else expires
    if not is_film_id(film_id) or end.tzinfo is None:
        message = "A link needs the id of a film, 16 hex digits, and an end with its time zone."
        raise InputError(message)
    link = Link(
        film_id=film_id,
        link_id=secrets.token_hex(_RANDOM_BYTES),
        expires=end.replace(microsecond=0),
    )
    ledger = Ledger.in_places(places)
    _insist(link, ledger, moment)
    plain = (
        bytes.fromhex(film_id)
        + int(link.expires.timestamp()).to_bytes(_END_BYTES, "big")
        + bytes.fromhex(link.link_id)
    )
    token = base64.urlsafe_b64encode(plain + _mac(plain, places)).rstrip(b"=").decode()
    facts = {"link_id": link.link_id, "film_id": film_id, "expires": stamp_of(link.expires)}
    ledger.append("link.made", facts, now=moment)
    return token


def read_link(token: str, *, now: datetime | None = None, places: Places | None = None) -> str:
    """Follow a link.

    Returns:
        The film's id.

    Raises:
        LinkDeadError: It leads nowhere; ``why`` tells.
        LedgerError: The ledger does not hold, so nobody can know.
    """
    places = places or Places()
    link = _opened(token, places)
    _insist(link, Ledger.in_places(places), utc_now() if now is None else now)
    return link.film_id


def revoke_link(token: str, *, now: datetime | None = None, places: Places | None = None) -> bool:
    """Take a link back.

    Returns:
        Whether it was not taken back before.

    Raises:
        LinkDeadError: It is none of ours.
    """
    places = places or Places()
    link = _opened(token, places)
    ledger = Ledger.in_places(places)
    if _is_revoked(link, ledger):
        return False
    ledger.append(
        "link.died", {"link_id": link.link_id, "film_id": link.film_id, "why": "revoked"}, now=now
    )
    return True


def _opened(token: str, places: Places) -> Link:
    dead = LinkDeadError(why="broken")
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise dead
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise dead from None
    plain, mac = data[:_PLAIN_BYTES], data[_PLAIN_BYTES:]
    if not hmac.compare_digest(mac, _mac(plain, places)):
        raise dead
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != token:
        raise dead  # one link, one token
    end = int.from_bytes(plain[_ID_BYTES : _ID_BYTES + _END_BYTES], "big")
    return Link(
        film_id=plain[:_ID_BYTES].hex(),
        link_id=plain[_ID_BYTES + _END_BYTES :].hex(),
        expires=datetime.fromtimestamp(end, UTC),
    )


def _insist(link: Link, ledger: Ledger, moment: datetime) -> None:
    at = ledger.moment(moment)
    if at >= link.expires:
        raise LinkDeadError(why="expired")
    if _is_revoked(link, ledger):
        raise LinkDeadError(why="revoked")
    found = state_of_film(ledger, link.film_id, at=at)
    if found.state != "free":
        raise LinkDeadError(why=found.state)


def _is_revoked(link: Link, ledger: Ledger) -> bool:
    lines = ledger.about(link.link_id)
    return any(e.event == "link.died" and e.facts.get("link_id") == link.link_id for e in lines)


def _mac(plain: bytes, places: Places) -> bytes:
    return hmac.digest(_key(places), b"vivant-link/1" + plain, "sha256")[:_MAC_BYTES]


def _key(places: Places) -> bytes:
    """Read the key of links; make one when there is none."""
    path = places.data / "links" / "key"
    found = _read(path)
    if found is None:
        with locked(private_folder(path.parent) / "key.lock"):
            found = _read(path)
            if found is None:
                found = secrets.token_bytes(KEY_BYTES)
                write_private(path, found)
    if len(found) != KEY_BYTES:
        message = f"The key of links {path} has {len(found)} bytes, and needs {KEY_BYTES}. Remove it to have a new one made; old links die."
        raise ResourceError(message)
    return found


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(KEY_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = (
            f"The key of links {path} cannot be read ({error.strerror}). Mend its permissions."
        )
        raise ResourceError(message) from error
