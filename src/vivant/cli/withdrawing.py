"""What ``vivant withdraw``, ``vivant erase`` and ``vivant takedown`` do."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vivant.cli.consent_finding import find_record
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.errors import InputError, PapersError
from vivant.film.delivering import made_id_of
from vivant.film.fingerprints import find_file
from vivant.film.origins import known
from vivant.film.sound_verifying import SoundVerification
from vivant.film.verifying import Verification
from vivant.film.verifying_any import verify_file
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance import consent_events
from vivant.provenance.consent import LARGEST_FILE_BYTES, ConsentErasedError
from vivant.provenance.consent_history import Person
from vivant.provenance.ledger import Ledger
from vivant.provenance.record import is_film_id
from vivant.provenance.safekeeping import utc_now, write_private
from vivant.provenance.takedown import SURE, Recognised, UnsureError, write_notice
from vivant.provenance.withdrawing import Followed, check_by, follow, withdraw_film
from vivant.settings import Settings
from vivant.studio.erasing import Erased, erase, erase_due

CANNOT_RECALL = "Films that were handed over cannot be recalled. Where a copy is shown, vivant takedown FILE --at URL writes the notice."


def take_back(what: str, *, by: str | None, as_json: bool, settings: Settings) -> None:
    """Withdraw a consent or a film, and tell what followed."""
    places = settings.places
    if by is not None:
        check_by(by)
    film_id = _film_meant(what, places)
    if film_id is not None:
        _film(film_id, by=by, as_json=as_json, places=places)
        return
    found = find_record(what, places=places)
    now = utc_now()
    person = None if by is None else Person(entity_id=by)
    try:
        done = consent_events.withdraw(
            found.record_id, places=places, by=person, also=found.named, now=now
        ).followed
    except ConsentErasedError:  # which is more than was asked for
        done = follow(found.record_id, already=True, now=now, places=places)
    gone = erase(found.record_id, now=now, places=places)
    tell_followed(done, gone, handed_over=_handed_over(done.films, places), as_json=as_json)


def _film_meant(what: str, places: Places) -> str | None:
    """Find out whether somebody means a film: by its id, or by a file that is no record."""
    if re.fullmatch(r"[0-9a-f]{16}", what) and is_film_id(what):
        return what
    path = Path(what)
    if not path.is_file() or _is_json(path):
        return None
    try:
        return made_id_of(path, places=places)
    except PapersError:
        with progress() as watch:
            origin = verify_file(path, places=places, watch=watch).origin
        if origin is None:
            raise
        if origin.by not in SURE:
            message = (
                f"The file looks like film {origin.made_id}, and so may other films of the same photo. Compare them, "
                f"and withdraw by the film's id."
            )
            raise UnsureError(message) from None
        return origin.made_id


def _is_json(path: Path) -> bool:
    if path.stat().st_size > LARGEST_FILE_BYTES:
        return False
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (ValueError, RecursionError):
        return False


def _insist_on_known(film_id: str, places: Places) -> None:
    """Refuse a film of which this machine knows nothing: a slip of the pen, or another maker's, who alone can withdraw it."""
    named = next(Ledger.in_places(places).about(film_id), None)
    if named is None and known(film_id, places) is None:
        message = (
            f"Nobody here knows film {film_id}: neither the ledger nor the register. Check the id; a film that was made "
            f"elsewhere is withdrawn there."
        )
        raise InputError(message)


def _film(film_id: str, *, by: str | None, as_json: bool, places: Places) -> None:
    _insist_on_known(film_id, places)
    fresh = withdraw_film(film_id, by=by, places=places)
    consents = Ledger.in_places(places).consents_of(film_id)
    if as_json:
        facts = {"film_id": film_id, "already": not fresh, "consents": consents}
        results_as_json(facts | {"handed_over": _handed_over([film_id], places)})
        return
    result(
        f"Film {film_id} {'is withdrawn' if fresh else 'was withdrawn before'}. Links to it are dead."
    )
    for one in consents:
        result(f"Consent {one} stays as it is; to take it back: vivant withdraw {one}")
    result(CANNOT_RECALL)


def tell_followed(done: Followed, gone: Erased, *, handed_over: int, as_json: bool) -> None:
    """Say what followed when a consent was taken back, and what was erased."""
    if as_json:
        results_as_json({"followed": done, "erased": gone, "handed_over": handed_over})
        return
    since = "" if done.since is None else f" since {done.since:%Y-%m-%d %H:%M} UTC"
    was = "was before, and stays," if done.already else "is"
    result(
        f"Consent {done.consent_id} {was} {done.state}{since} (line {done.number} of the ledger)."
    )
    made = f"{len(done.films)} films and {len(done.sounds)} sounds were made with it"
    result(
        f"{made}; {len(done.newly_withdrawn)} of them are withdrawn now. Links to them are dead."
    )
    _tell_erased(gone)
    result(f"Handed over: {handed_over} times. {CANNOT_RECALL}")


def _tell_erased(gone: Erased) -> None:
    if not gone.files:
        result("There are no work files left of it.")
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(gone.kinds.items()))
    whose = "" if gone.consent_id is None else f" of consent {gone.consent_id}"
    result(f"Erased{whose}: {gone.files} files, {gone.bytes / 1e6:.1f} MB ({kinds}).")
    result(f"Certificate: {gone.certificate}")


def _handed_over(films: Sequence[str], places: Places) -> int:
    ledger = Ledger.in_places(places)
    return sum(
        entry.event == "film.delivered" and entry.facts.get("film_id") == film_id
        for film_id in films
        for entry in ledger.about(film_id)
    )


def wipe(
    what: str | None,
    *,
    due: bool,
    keep_days: int,
    record: bool,
    as_json: bool,
    settings: Settings,
) -> None:
    """Erase work files, of one consent or whatever is due."""
    places = settings.places
    if due == (what is not None):
        message = "Say either whose work files are to go, a record or its id, or --due."
        raise InputError(message)
    if what is None:
        done = erase_due(keep_days=keep_days, places=places)
        if as_json:
            results_as_json({"erased": done})
        elif not done:
            result("Nothing is due.")
        else:
            for one in done:
                _tell_erased(one)
        return
    found = find_record(what, places=places)
    if record:
        consent_events.erase_record(found.record_id, places=places, also=found.named)
    gone = erase(found.record_id, places=places)
    if as_json:
        results_as_json({"erased": [gone], "record_erased": record})
        return
    _tell_erased(gone)
    if record:
        result(f"The record of consent {found.record_id} is erased; its id and its hash stay.")
    note("Backups and copies that others made are not reached.")


def notify(
    file: Path,
    urls: Sequence[str],
    *,
    film: str | None,
    languages: Sequence[str],
    output: Path | None,
    as_json: bool,
    settings: Settings,
) -> None:
    """Recognise a file, and write the notice."""
    with progress() as watch:
        verification = verify_file(file, places=settings.places, watch=watch)
    found = recognised(file, verification, film=film, places=settings.places)
    notice = write_notice(found, urls=urls, languages=languages, places=settings.places)
    if output is not None:
        for language, text in notice.texts.items():
            write_private(output / f"notice-{notice.notice_id[:8]}.{language}.txt", text.encode())
        write_private(output / f"evidence-{notice.notice_id[:8]}.json", notice.attachment)
    if as_json:
        told = {"notice_id": notice.notice_id, "sha256": notice.sha256}
        results_as_json({**told, "texts": notice.texts, "evidence": notice.evidence})
        return
    for text in notice.texts.values():
        result(text)
    if output is None:
        note("The evidence that belongs to it is written with -o FOLDER.")
    else:
        note(f"The notices and the sealed evidence are in {output}. Nothing was sent.")


def recognised(
    file: Path,
    verification: Verification | SoundVerification,
    *,
    film: str | None = None,
    places: Places,
) -> Recognised:
    """Write down how a file was recognised.

    Args:
        file: What was found.
        verification: What checking it found.
        film: Which film it is, where a person compared them.
        places: Where the register is.

    Raises:
        PapersError: It is not ours, as far as this machine can tell.
        UnsureError: Only its pictures tell, and nobody said which film it is; the films that it is like are named.
        InputError: It is not like the film that was named.
    """
    origin = verification.origin
    if origin is None:
        message = f"This file was not recognised as one of ours ({verification.meaning}) No notice is written."
        raise PapersError(message)
    found = Recognised(
        made_id=origin.made_id,
        by=origin.by,
        score=origin.score,
        why=origin.why,
        file_sha256=sha256_of(file),
        file_bytes=file.stat().st_size,
        papers={claim.name: claim.state for claim in verification.claims},
    )
    if film == origin.made_id:
        return replace(found, compared=True)
    if origin.by in SURE and film is None:
        return found
    like = find_file(file, places=places)
    chosen = next((match for match in like if match.entry.made_id == film), None)
    if origin.by in SURE or (film is not None and chosen is None):
        message = f"The file is not like film {film}; it is like film {origin.made_id}."
        raise InputError(message)
    if chosen is None:
        films = ", ".join(f"{match.entry.made_id} ({100 * match.score:.0f} %)" for match in like)
        message = (
            f"The file was recognised by its pictures alone, and another film of the same photo looks the same. It is like: "
            f"{films or origin.made_id}. Compare it with them; then name the one it is with --film ID."
        )
        raise UnsureError(message)
    return replace(
        found,
        made_id=chosen.entry.made_id,
        by="pictures",
        score=chosen.score,
        why=chosen.why,
        compared=True,
    )
