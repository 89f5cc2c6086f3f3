"""Content credentials (C2PA) written last into a film or a sound; how they are read stands in ``credentials``.

A manifest travels with what it is about, so it holds no name, no file name and no picture of anybody: photos
and the voice are ingredients by the first digits of their hash, without thumbnails, and the consent
is an id and a hash. Specification: C2PA 2.4; training opt-out: CAWG training and data mining 1.1.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import c2pa

from vivant.errors import PapersError, ResourceError
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.certificates import SIGNING_USES
from vivant.provenance.credentials import Credentials, State, read_credentials
from vivant.provenance.definitions import MIME, manifest_for, manifest_for_sound
from vivant.provenance.key_changing import ready_to_sign
from vivant.provenance.long_signing import can_sign_in_place, sign_in_place
from vivant.provenance.photo_credentials import redactions_for
from vivant.provenance.record import FilmRecord, SoundRecord, Source
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import KeyBrokenError, SigningKey
from vivant.provenance.timestamps import no_stamp

__all__ = [
    "Credentials",
    "ReadBackError",
    "SigningRefusedError",
    "State",
    "read_credentials",
    "sign_film",
    "sign_sound",
]

_CREATED = [
    "c2pa.actions",
    "c2pa.actions.v2",
    "c2pa.ingredient",
    "c2pa.ingredient.v3",
    "c2pa.soft-binding",
]
_SOUND_MIMES = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".flac": "audio/flac"}  # fmt: skip
STAMP_TRIES = 3
"""How often a time stamp is asked for."""


class SigningRefusedError(PapersError):
    """The film could not be signed; nothing was left behind."""

    code = "papers.signing-refused"


class ReadBackError(PapersError):
    """The film was signed, and its papers did not read back as they were written."""

    code = "papers.read-back"


def sign_film(
    unsigned: Path,
    signed: Path,
    *,
    record: FilmRecord,
    places: Places | None = None,
    sidecar: Path | None = None,
) -> Credentials:
    """Sign a finished film, read the papers back, and only then give the file its name.

    Must be the last step: any change of the bytes after it breaks the credentials.

    Args:
        unsigned: The film, an MP4; left as it is.
        signed: Where the signed film goes; replaced when it exists, on the same disk written whole or
            not at all.
        record: What the film is made of.
        places: Whose key; this user's when left out.
        sidecar: Where a copy of the manifest goes besides (``.c2pa``), for when the film loses its own.

    Returns:
        The credentials as they read back; ``state`` is ``"trusted"``, or ``"valid"`` under a given
        certificate whose root this machine does not hold.

    Raises:
        SigningRefusedError: The film is no MP4 that can be signed, or the manifest was refused.
        ReadBackError: What was written does not read back.
        KeyBrokenError: The signing key cannot be used.
        TimeStampError: The time-stamp authority gave no stamp.
        ResourceError: The signed film cannot be written.
    """
    return _signed(unsigned, signed, record=record, mime=MIME, places=places, sidecar=sidecar)


def sign_sound(
    unsigned: Path, signed: Path, *, record: SoundRecord, places: Places | None = None
) -> Credentials:
    """Sign a finished sound, as ``sign_film`` signs a film.

    Args:
        unsigned: A sound that can carry its papers: WAV, FLAC or MP3.
        signed: Where the signed sound goes, with the same ending.
        record: What it is made of.
        places: Whose key; this user's when left out.

    Raises:
        SigningRefusedError: The file is of another kind, or the manifest was refused.
        ReadBackError: What was written does not read back.
        KeyBrokenError: The signing key cannot be used.
        TimeStampError: The time-stamp authority gave no stamp.
        ResourceError: The signed sound cannot be written.
    """
    mime = _SOUND_MIMES.get(unsigned.suffix.lower(), "audio/wav")
    return _signed(unsigned, signed, record=record, mime=mime, places=places)


def _signed(
    unsigned: Path,
    signed: Path,
    *,
    record: FilmRecord | SoundRecord,
    mime: str,
    places: Places | None,
    sidecar: Path | None = None,
) -> Credentials:
    places = Places() if places is None else places
    key = ready_to_sign(places, now=utc_now())
    part = _part_beside(signed)
    try:
        store = _sign(unsigned, part, record=record, mime=mime, key=key, tsa=places.time_stamps)
        credentials = read_credentials(part, places=places)
        _check(credentials, record=record, key=key)
        if sidecar is not None:
            sidecar.write_bytes(store)
        part.replace(signed)
    except OSError as error:
        message = (
            f"The signed file cannot be written ({error.strerror}). Free some space, or choose "
            f"another folder."
        )
        raise ResourceError(message) from error
    finally:
        part.unlink(missing_ok=True)
    return credentials


def _part_beside(signed: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(
            dir=signed.parent, prefix=f".{signed.stem}.", suffix=f".part{signed.suffix}"
        )
    except OSError as error:
        message = (
            f"The folder of the signed file cannot be written ({error.strerror}). Choose another "
            f"folder."
        )
        raise ResourceError(message) from error
    os.close(handle)
    return Path(name)


def _sign(
    unsigned: Path,
    part: Path,
    *,
    record: FilmRecord | SoundRecord,
    mime: str,
    key: SigningKey,
    tsa: str | None,
) -> bytes:
    """Sign once, or a few times where a time stamp fails to come; gives the manifest store."""
    for tries_left in reversed(range(1 if tsa is None else STAMP_TRIES)):
        faults: list[KeyBrokenError] = []
        try:
            return _sign_once(
                unsigned, part, record=record, mime=mime, key=key, tsa=tsa, faults=faults
            )
        except c2pa.C2paError as error:
            if faults:
                raise faults[0] from error
            about_time = tsa is not None and "time" in str(error).lower()
            if about_time and tries_left:
                continue
            if about_time and tsa is not None:
                raise no_stamp(tsa, _short(error)) from error
            message = (
                f"{_named(record)} could not be signed: {_short(error)}. Nothing was kept. Check "
                f"that it is a whole file, and the certificate with `vivant keys show`."
            )
            raise SigningRefusedError(message) from error
    raise AssertionError  # the last try returns or raises


def _sign_once(
    unsigned: Path,
    part: Path,
    *,
    record: FilmRecord | SoundRecord,
    mime: str,
    key: SigningKey,
    tsa: str | None,
    faults: list[KeyBrokenError],
) -> bytes:
    settings = {
        "verify": {"remote_manifest_fetch": False, "verify_after_sign": True},
        "builder": {"thumbnail": {"enabled": False}, "created_assertion_labels": _CREATED},
        "trust": {"trust_config": "\n".join(SIGNING_USES)},
    }
    if isinstance(record, FilmRecord):
        definition = manifest_for(record)
        photos = _with_credentials(record.recipe.photos)
    else:
        definition, photos = manifest_for_sound(record, mime=mime), []
    with c2pa.Context.from_dict(settings) as context, _signer(key, tsa, faults) as signer:
        if can_sign_in_place(unsigned, mime=mime):
            sign_in_place(unsigned, part, definition=definition, signer=signer, context=context)
            return b""
        whole = _redacting(definition, photos)
        with (
            c2pa.Builder(definition, context) as builder,
            unsigned.open("rb") as source,
            part.open("wb+") as target,
        ):
            for ingredient, photo in whole:
                with photo.open("rb") as file:
                    builder.add_ingredient(ingredient, ingredient["format"], file)
            store: bytes = builder.sign(signer, mime, source, target)
            return store


def _with_credentials(photos: tuple[Source, ...]) -> list[tuple[Source, Path, list[str]]]:
    """Find the photos whose own manifests may be kept, and what must be taken out of those."""
    found = []
    for photo in photos:
        if photo.credentials is None or photo.file is None or not photo.file.is_file():
            continue
        redactions = redactions_for(photo.file)
        if redactions is not None and sha256_of(photo.file) == photo.sha256:
            found.append((photo, photo.file, redactions))
    return found


def _redacting(
    definition: dict[str, Any], photos: list[tuple[Source, Path, list[str]]]
) -> list[tuple[dict[str, Any], Path]]:
    """Take the ingredients that keep their own manifests out of a definition, and note what is redacted in them."""
    whole = []
    for photo, path, redactions in photos:
        instance = f"vivant:photo:{photo.short_id}"
        mine = [one for one in definition["ingredients"] if one.get("instance_id") == instance]
        for ingredient in mine[:1]:
            definition["ingredients"].remove(ingredient)
            whole.append((ingredient, path))
            new = [one for one in redactions if one not in definition.get("redactions", [])]
            definition.setdefault("redactions", []).extend(new)
            definition["assertions"][0]["data"]["actions"] += [
                {"action": "c2pa.redacted", "reason": "c2pa.PII.present", "parameters": {"redacted": one}}
                for one in new
            ]  # fmt: skip
    return whole


@contextmanager
def _signer(
    key: SigningKey, tsa: str | None, faults: list[KeyBrokenError]
) -> Iterator[c2pa.Signer]:
    """Make what the library signs with; what the key raises is kept, since the library swallows it."""

    def sign(data: bytes) -> bytes:
        try:
            return key.sign(data)
        except KeyBrokenError as error:
            faults.append(error)
            return b""

    algorithm = c2pa.C2paSigningAlg[key.algorithm]
    chain = key.chain_pem.decode()
    with c2pa.Signer.from_callback(sign, algorithm, chain, tsa) as signer:
        yield signer


def _named(record: FilmRecord | SoundRecord) -> str:
    if isinstance(record, FilmRecord):
        return f"Film {record.film_id}"
    return f"Sound {record.sound_id}"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _check(credentials: Credentials, *, record: FilmRecord | SoundRecord, key: SigningKey) -> None:
    holds = credentials.ok or (credentials.state == "valid" and not key.is_own)
    made_id = credentials.film_id if isinstance(record, FilmRecord) else credentials.sound_id
    same = (
        made_id == (record.film_id if isinstance(record, FilmRecord) else record.sound_id)
        and credentials.consent_id == record.consent_id
        and credentials.consent_sha256 == record.consent_sha256
        and credentials.record_sha256 == record.sha256
        and credentials.digital_source_type == record.digital_source_type
    )
    if not (holds and same):
        message = (
            f"{_named(record)} was signed, but its papers did not read back "
            f"({credentials.state}: {credentials.why}) Nothing was kept; try again, and report it if "
            f"it stays."
        )
        raise ReadBackError(message)
