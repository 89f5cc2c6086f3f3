"""The last look at a film before it gets its name: its papers, and whether everybody in it still agrees."""

from __future__ import annotations

from pathlib import Path

from vivant.film.claim import insist_on_papers
from vivant.film.stamping import consents_of
from vivant.film.verifying import Verification, verify_film
from vivant.places import Places
from vivant.provenance.record import FilmRecord
from vivant.provenance.standing import Standing


def read_back(path: Path, *, record: FilmRecord, places: Places) -> Verification:
    """Verify a film that was just made.

    Raises:
        ConsentWithdrawnError: Somebody who is in it took the consent back while it was made.
        PapersError: It does not prove all that it owes.
    """
    verification = verify_film(path, places=places)
    Standing(consents_of(record), places=places).insist()
    insist_on_papers(
        verification.claims,
        verification.credentials_state,
        what=f"Film {record.film_id}",
        same_id=verification.film_id == record.film_id,
    )
    return verification
