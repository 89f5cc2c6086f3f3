"""Content credentials (C2PA): written last into a film or a sound, and read from any file.

A manifest travels with what it is about, so it holds no name, no file name and no picture of anybody: photos
and the voice are ingredients by the first digits of their hash, without thumbnails, and the consent
is an id and a hash. Specification: C2PA 2.4; training opt-out: CAWG training and data mining 1.1.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import c2pa

from vivant.errors import PapersError, ResourceError
from vivant.places import Places
from vivant.provenance.definitions import (
    CONSENT_ASSERTION,
    FILM_ASSERTION,
    MIME,
    SOUND_ASSERTION,
    VOICE_ASSERTION,
    manifest_for,
    manifest_for_sound,
)
from vivant.provenance.long_signing import can_sign_in_place, sign_in_place
from vivant.provenance.record import FilmRecord, SoundRecord, is_film_id
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import SigningKey, signing_key, trust_anchors

_CREATED = ["c2pa.actions", "c2pa.actions.v2", "c2pa.ingredient", "c2pa.ingredient.v3"]
_MIMES = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".wav": "audio/wav",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".flac": "audio/flac",
}  # fmt: skip

State = Literal["trusted", "valid", "invalid", "absent"]


class SigningRefusedError(PapersError):
    """The film could not be signed; nothing was left behind."""

    code = "papers.signing-refused"


class ReadBackError(PapersError):
    """The film was signed, and its papers did not read back as they were written."""

    code = "papers.read-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a file's content credentials say."""

    ok: bool
    """Whether they hold, and this machine trusts their signer."""
    why: str
    """One plain sentence."""
    state: State
    """``"trusted"``; ``"valid"``: whole, by a signer unknown here; ``"invalid"``: changed or malformed;
    ``"absent"``: there are none."""
    codes: tuple[str, ...] = ()
    """C2PA codes of what failed."""
    film_id: str | None = None
    consent_id: str | None = None
    consent_sha256: str | None = None
    record_sha256: str | None = None
    digital_source_type: str | None = None
    generator: str | None = None
    signer: str | None = None
    """Organisation in the signer's certificate."""
    signed_at: str | None = None
    """Where a time stamp tells it."""
    training_allowed: bool | None = None
    """``False`` where the film forbids the training of models with it."""
    ingredients: tuple[str, ...] = ()
    sound_id: str | None = None
    """Of a sound alone."""
    voice_consent_id: str | None = None
    """The consent that grants the voice, where a machine made it like a person's."""
    voice_consent_sha256: str | None = None
    voice_watermark: str | None = None
    """Kind of the mark that is promised to be in that voice's sound."""
    other_consents: tuple[str, ...] = ()
    """Ids of further consents, of a film with several people or voices."""
    storyboard_sha256: str | None = None
    """Of a film that tells a story."""


def sign_film(
    unsigned: Path, signed: Path, *, record: FilmRecord, places: Places | None = None
) -> Credentials:
    """Sign a finished film, read the papers back, and only then give the file its name.

    Must be the last step: any change of the bytes after it breaks the credentials.

    Args:
        unsigned: The film, an MP4; left as it is.
        signed: Where the signed film goes; replaced when it exists, on the same disk written whole or
            not at all.
        record: What the film is made of.
        places: Whose key; this user's when left out.

    Returns:
        The credentials as they read back; ``state`` is ``"trusted"``, or ``"valid"`` under a given
        certificate whose root this machine does not hold.

    Raises:
        SigningRefusedError: The film is no MP4 that can be signed, or the manifest was refused.
        ReadBackError: What was written does not read back.
        KeyBrokenError: The signing key cannot be used.
        ResourceError: The signed film cannot be written.
    """
    return _signed(unsigned, signed, record=record, mime=MIME, places=places)


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
        ResourceError: The signed sound cannot be written.
    """
    mime = _MIMES.get(unsigned.suffix.lower(), "audio/wav")
    return _signed(unsigned, signed, record=record, mime=mime, places=places)


def _signed(
    unsigned: Path,
    signed: Path,
    *,
    record: FilmRecord | SoundRecord,
    mime: str,
    places: Places | None,
) -> Credentials:
    places = Places() if places is None else places
    key = signing_key(places, now=utc_now())
    part = _part_beside(signed)
    try:
        _sign(unsigned, part, record=record, mime=mime, key=key)
        credentials = read_credentials(part, places=places)
        _check(credentials, record=record, key=key)
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
    unsigned: Path, part: Path, *, record: FilmRecord | SoundRecord, mime: str, key: SigningKey
) -> None:
    algorithm = c2pa.C2paSigningAlg[key.algorithm]
    info = c2pa.C2paSignerInfo(algorithm, key.chain_pem, key.private_pem, None)
    settings = {
        "verify": {"remote_manifest_fetch": False, "verify_after_sign": True},
        "builder": {"thumbnail": {"enabled": False}, "created_assertion_labels": _CREATED},
    }
    if isinstance(record, FilmRecord):
        definition = manifest_for(record)
    else:
        definition = manifest_for_sound(record, mime=mime)
    try:
        with (
            c2pa.Context.from_dict(settings) as context,
            c2pa.Signer.from_info(info) as signer,
        ):
            if can_sign_in_place(unsigned, mime=mime):
                sign_in_place(unsigned, part, definition=definition, signer=signer, context=context)
                return
            with (
                c2pa.Builder(definition, context) as builder,
                unsigned.open("rb") as source,
                part.open("wb+") as target,
            ):
                builder.sign(signer, mime, source, target)
    except c2pa.C2paError as error:
        message = (
            f"{_named(record)} could not be signed: {_short(error)}. Nothing was kept. Check "
            f"that it is a whole file, and the certificate with `vivant doctor`."
        )
        raise SigningRefusedError(message) from error


def _named(record: FilmRecord | SoundRecord) -> str:
    if isinstance(record, FilmRecord):
        return f"Film {record.film_id}"
    return f"Sound {record.sound_id}"


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


def read_credentials(path: Path, *, places: Places | None = None) -> Credentials:
    """Read and check the content credentials of any file.

    Args:
        path: A film, a picture, a sound, or something else.
        places: Whose trusted certificates; this user's when left out.

    Returns:
        What they say; never raises for what the file holds. Values are given only where the
        credentials are whole.
    """
    places = Places() if places is None else places
    mime = _MIMES.get(path.suffix.lower(), MIME)
    settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "verify_trust": True}}
    anchors = trust_anchors(places)
    if anchors:
        settings["trust"] = {"user_anchors": anchors}
    try:
        with (
            c2pa.Context.from_dict(settings) as context,
            path.open("rb") as file,
            c2pa.Reader(mime, file, context=context) as reader,
        ):
            store = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return _absent("The file has no content credentials; they were never written, or stripped.")
    except c2pa.C2paError as error:
        return _absent(f"The file has no content credentials that can be read ({_short(error)}).")
    except (OSError, ValueError) as error:
        return _absent(f"The file cannot be read ({type(error).__name__}).")
    return _credentials(store)


def _absent(why: str) -> Credentials:
    return Credentials(ok=False, why=why, state="absent")


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _credentials(store: dict[str, Any]) -> Credentials:
    results = store.get("validation_results", {}).get("activeManifest", {})
    codes = tuple(dict.fromkeys(str(fault["code"]) for fault in results.get("failure", [])))
    said = store.get("validation_state")
    state: State = "trusted" if said == "Trusted" else "valid" if said == "Valid" else "invalid"
    if state == "invalid":
        changed = any(
            "Hash" in code or "hash" in code or "mismatch" in code.lower() for code in codes
        )
        what = "were changed, or the file was, after signing" if changed else "do not hold"
        why = f"The content credentials {what} ({', '.join(codes) or 'no code'})."
        return Credentials(ok=False, why=why, state=state, codes=codes)
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    film = _assertion(manifest, FILM_ASSERTION)
    sound = _assertion(manifest, SOUND_ASSERTION)
    voice = _assertion(manifest, VOICE_ASSERTION)
    if state == "valid":
        why = (
            "The content credentials are whole, but this machine does not trust their signer; put the "
            "signer's root certificate into the folder keys/trusted if you do."
        )
    else:
        why = "The content credentials are whole, and their signer is trusted."
    return Credentials(
        ok=state == "trusted",
        why=why,
        state=state,
        codes=codes,
        film_id=_id(film.get("film_id")),
        consent_id=_text(_assertion(manifest, CONSENT_ASSERTION).get("record_id")),
        consent_sha256=_text(_assertion(manifest, CONSENT_ASSERTION).get("sha256")),
        record_sha256=_text((film or sound).get("record_sha256")),
        digital_source_type=_source_type(manifest),
        generator=_generator(manifest),
        signer=_text(manifest.get("signature_info", {}).get("issuer")),
        signed_at=_text(manifest.get("signature_info", {}).get("time")),
        training_allowed=_training_allowed(manifest),
        ingredients=tuple(str(part.get("title")) for part in manifest.get("ingredients", [])),
        sound_id=_id(sound.get("sound_id")),
        voice_consent_id=_text(voice.get("consent_id")),
        voice_consent_sha256=_text(voice.get("consent_sha256")),
        voice_watermark=_text(voice.get("watermark")) or None,
        other_consents=_other_consents(manifest),
        storyboard_sha256=_text(film.get("storyboard_sha256")),
    )


def _other_consents(manifest: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for label, key in ((CONSENT_ASSERTION, "record_id"), (VOICE_ASSERTION, "consent_id")):
        others = _assertion(manifest, label).get("others")
        found += [
            one[key]
            for one in (others if isinstance(others, list) else [])
            if isinstance(one, dict) and isinstance(one.get(key), str)
        ]
    return tuple(dict.fromkeys(found))


def _assertion(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    for assertion in manifest.get("assertions", []):
        if assertion.get("label") == label and isinstance(assertion.get("data"), dict):
            data: dict[str, Any] = assertion["data"]
            return data
    return {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and is_film_id(value) else None


def _source_type(manifest: dict[str, Any]) -> str | None:
    for label in ("c2pa.actions.v2", "c2pa.actions"):
        for action in _assertion(manifest, label).get("actions", []):
            if action.get("action") == "c2pa.created":
                return _text(action.get("digitalSourceType"))
    return None


def _generator(manifest: dict[str, Any]) -> str | None:
    infos = manifest.get("claim_generator_info") or [{}]
    name, version = infos[0].get("name"), infos[0].get("version")
    return f"{name}/{version}" if name and version else _text(name)


def _training_allowed(manifest: dict[str, Any]) -> bool | None:
    entries = _assertion(manifest, "cawg.training-mining").get("entries")
    if not isinstance(entries, dict) or not entries:
        return None
    return not all(entry.get("use") == "notAllowed" for entry in entries.values())
