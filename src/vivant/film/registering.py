"""Films and sounds are noted in the register before their files get a name: none is kept that cannot be found again."""

from __future__ import annotations

from pathlib import Path

from vivant.film.sampling import subprints_of_file
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.record import FilmRecord, SoundRecord
from vivant.provenance.register.entry import Entry, Fingerprints
from vivant.provenance.register.register import Register


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
