"""Films and sounds are noted in the register before their files get a name: none is kept that cannot be found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from vivant.errors import PapersError
from vivant.film.decoding import probe, read_frames
from vivant.film.sampling import subprints_of_file
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.credentials import read_credentials
from vivant.provenance.record import FilmRecord, SoundRecord
from vivant.provenance.register.entry import Entry, Fingerprints
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.register.register import Register
from vivant.provenance.register.sound_prints import PRINTS_A_SECOND


class NotOursError(PapersError):
    """A film that was to be registered does not prove that it is ours."""

    code = "papers.not-ours"


def register_film(
    path: Path,
    *,
    record: FilmRecord,
    fingerprints: Fingerprints,
    seconds: float,
    consent_ids: tuple[str, ...],
    places: Places,
) -> Entry:
    """Note a film that is whole and signed, but has not got its name yet.

    Raises:
        WithdrawnFilmError: The same film was made before and withdrawn.
        ResourceError: The register cannot be written; then the film may not be kept.
    """
    entry = Entry(
        made_id=record.film_id,
        kind="film",
        file_sha256=sha256_of(path),
        record_sha256=record.sha256,
        made_at=record.made_at,
        seconds=seconds,
        consent_ids=consent_ids,
    )
    Register.in_places(places).note(entry, fingerprints)
    return entry


def register_sound(path: Path, *, record: SoundRecord, seconds: float, places: Places) -> Entry:
    """Note a sound that is whole and signed, but has not got its name yet; it is listened to once more.

    Raises:
        WithdrawnFilmError: The same sound was made before and withdrawn.
        ResourceError: The register cannot be written; then the sound may not be kept.
    """
    nothing = Fingerprints.nothing()
    prints = Fingerprints(
        pictures=nothing.pictures,
        seconds=nothing.seconds,
        sound=subprints_of_file(path, most_s=None),
    )
    entry = Entry(
        made_id=record.sound_id,
        kind="sound",
        file_sha256=sha256_of(path),
        record_sha256=record.sha256,
        made_at=record.made_at,
        seconds=seconds,
        consent_ids=() if record.consent_id is None else (record.consent_id,),
    )
    Register.in_places(places).note(entry, prints)
    return entry


def register_file(path: Path, *, places: Places, now: datetime) -> Entry:
    """Note a film or sound that was made elsewhere with this installation's key.

    Only what its credentials prove is believed: they must be whole and by a signer trusted here. What was
    registered before stays as it is.

    Args:
        path: The film or sound, as it was delivered.
        places: Where the register, keys and trusted certificates are.
        now: The moment; it stands for the time of making where no time stamp tells that.

    Raises:
        NotOursError: Its credentials are missing, do not hold, or name no film or sound of ours.
        WithdrawnFilmError: It was withdrawn.
        InputError: It cannot be read.
        ResourceError: The register cannot be written.
    """
    register = Register.in_places(places)
    sha256 = sha256_of(path)
    known = register.by_file(sha256)
    if known is not None:
        return known
    credentials = read_credentials(path, places=places)
    made_id = credentials.film_id or credentials.sound_id
    if not (credentials.ok and credentials.trust == "here") or made_id is None:
        message = (
            f"Only films and sounds whose credentials hold, and are signed by a key trusted here, can be "
            f"added. {credentials.why}"
        )
        raise NotOursError(message)
    fingerprints, seconds = _fingerprints_of(path, is_film=credentials.film_id is not None)
    voice = credentials.voice_consent_id
    people = [credentials.consent_id, voice, *credentials.other_consents]
    signed_at = credentials.signed_at
    entry = Entry(
        made_id=made_id,
        kind="sound" if credentials.film_id is None else "film",
        file_sha256=sha256,
        record_sha256=credentials.record_sha256 or "",
        made_at=now if signed_at is None else datetime.fromisoformat(signed_at),
        seconds=seconds,
        consent_ids=tuple(dict.fromkeys(one for one in people if one is not None)),
    )
    register.note(entry, fingerprints)
    return entry


def _fingerprints_of(path: Path, *, is_film: bool) -> tuple[Fingerprints, float]:
    """Look at every frame, as it is done while a film is made."""
    sound = subprints_of_file(path, most_s=None)
    if not is_film:
        nothing = Fingerprints.nothing()
        heard = Fingerprints(pictures=nothing.pictures, seconds=nothing.seconds, sound=sound)
        return heard, len(sound) / PRINTS_A_SECOND
    facts = probe(path)
    looking = Fingerprinter(facts.rate, facts.width_px, facts.height_px)
    for frame in read_frames(path):
        looking.see(frame.index, frame.y)
    return replace(looking.done(), sound=sound), float(facts.picture_s)
