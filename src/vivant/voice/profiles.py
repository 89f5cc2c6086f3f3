"""Voice profiles: what was learned of a person's voice, kept in a private file, used only under consent.

A profile lies in ``places.data / "voices" / NAME.voice`` and can be read by its owner alone. The name is the
user's own label; inside the file there is no name, only the id and the hash of the consent record.
"""

from __future__ import annotations

import dataclasses
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from vivant.engines import declared
from vivant.errors import InputError, ResourceError
from vivant.media.document import Document, DocumentError, read_document, write_document
from vivant.media.files import sha256_of
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.consent import Consent, Use, write_consent
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import PRIVATELY, Asked, Said, Showing, permit
from vivant.provenance.safekeeping import private_folder, utc_now
from vivant.voice.permitting import kept_consent
from vivant.voice.person import Character, Reference, Resemblance
from vivant.voice.soundness import Soundness
from vivant.voice.speech import Phone

KIND, VERSION = "voice", 1
SUFFIX = ".voice"
LARGEST_BYTES = 200_000_000
TELEPHONE_HZ, RADIO_HZ = 4_200.0, 7_500.0
_NAME = re.compile(r"[^\W_][\w-]{0,39}")


class NoSuchVoiceError(InputError):
    """There is no learned voice of that name."""

    code = "voice.no-such-profile"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoiceProfile:
    """What was learned of a person's voice."""

    reference: Reference
    """What the engines learned from."""
    held_out: Reference
    """Other speech of the person, that no engine has seen: what results are held against."""
    characters: Mapping[str, Character]
    """For each engine how it is to sound."""
    resemblances: Mapping[str, Resemblance]
    """For each engine how like the person it then is."""
    before: Soundness
    """The recordings as they were."""
    after: Soundness
    """The recordings cleaned."""
    own_s: float
    """Seconds in which the person speaks alone."""
    consent_id: str
    consent_sha256: str
    recordings: tuple[str, ...]
    """SHA-256 of each recording."""
    learned_at: str
    """ISO 8601 in UTC."""
    notes: tuple[str, ...] = ()
    """What was done and found, for people."""
    sha256: str = ""
    """Hash of the file; empty until it was written."""

    @property
    def band(self) -> str:
        """How wide the recordings are, in a word."""
        hz = self.reference.bandwidth_hz
        return "telephone" if hz < TELEPHONE_HZ else "narrow" if hz < RADIO_HZ else "full"

    def promise(self, engine: str) -> str:
        """Tell what an engine can promise, in plain words and numbers."""
        found = self.resemblances[engine]
        return (
            f"{found.word} ({found.share:.2f} of the way: {found.encoder:.2f} by a speaker encoder, "
            f"{found.spectral:.2f} by spectra; {found.held_out_s:.0f} s held out), {self.band} band"
        )


def check_name(name: str) -> str:
    """Check that a voice may be called so.

    Returns:
        The name in NFC.

    Raises:
        InputError: It is empty, too long, holds other signs than letters, digits, ``-`` and ``_``, or is an engine's.
    """
    plain = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(plain):
        message = (
            f"A voice cannot be called so ({len(name)} signs): 1 to 40 letters, digits, - and _ are needed, beginning "
            "with a letter or a digit."
        )
        raise InputError(message)
    if plain.lower() in {engine.name.lower() for engine in declared("voice")}:
        message = "That is the name of a voice engine. Choose another name for the person's voice."
        raise InputError(message)
    return plain


def profile_path(name: str, *, places: Places) -> Path:
    """Tell where a profile lies, or would lie."""
    return places.data / "voices" / f"{check_name(name)}{SUFFIX}"


def save_profile(
    profile: VoiceProfile, *, name: str, consent: Consent, places: Places
) -> VoiceProfile:
    """Keep a profile and a copy of the consent that it stands on; whole or not at all.

    Args:
        profile: What was learned.
        name: What the user calls it. A voice of that name is replaced if it stands on the same consent.
        consent: The record that allows it.
        places: Where it is kept.

    Returns:
        The profile with the hash of its file.

    Raises:
        InputError: The name will not do, or is that of another person's voice.
        ResourceError: It cannot be written.
    """
    path = profile_path(name, places=places)
    check_free(name, consent=consent, places=places)
    private_folder(path.parent)
    facts, arrays = _packed(profile)
    kept = kept_path(consent.record_id, places=places)
    if not kept.is_file():
        private_folder(kept.parent)
        write_consent(consent, kept)
    ledger = Ledger.in_places(places)
    if ledger.consent_state(consent.record_id) == "unknown":
        ledger.note_consent(consent)
    write_document(path, kind=KIND, version=VERSION, facts=facts, arrays=arrays)
    path.chmod(0o600)
    saved = dataclasses.replace(profile, sha256=sha256_of(path))
    ledger.append("voice.learned", _events(saved))
    return saved


def check_free(name: str, *, consent: Consent, places: Places) -> None:
    """Check that no other person's voice has the name.

    Raises:
        InputError: One has.
    """
    path = profile_path(name, places=places)
    if not path.is_file():
        return
    try:
        old = load_profile(name, places=places)
    except InputError:
        return  # damaged: may be replaced
    if old.consent_id != consent.record_id:
        message = (
            f"There is a voice of that name already, and it stands on another consent ({old.consent_id[:12]}). "
            "Choose another name, or forget that voice first."
        )
        raise InputError(message)


def load_profile(name: str, *, places: Places) -> VoiceProfile:
    """Read a profile. Whether it may be used, ``permit_profile`` tells.

    Raises:
        InputError: There is none of that name, or it is damaged.
    """
    path = profile_path(name, places=places)
    if not path.is_file():
        known = ", ".join(list_profiles(places=places)) or "none"
        message = f"There is no learned voice of that name. Learned are: {known}."
        raise NoSuchVoiceError(message)
    document = read_document(path, kind=KIND, version=VERSION, at_most_bytes=LARGEST_BYTES)
    try:
        return _unpacked(document, sha256_of(path))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        message = "The voice profile is damaged. Forget it and learn it again."
        raise DocumentError(message) from error


def list_profiles(*, places: Places) -> tuple[str, ...]:
    """List the names of the learned voices, in order."""
    folder = places.data / "voices"
    if not folder.is_dir():
        return ()
    names = (path.stem for path in folder.glob(f"*{SUFFIX}"))
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def permit_profile(
    profile: VoiceProfile,
    *,
    use: Use = "voice-likeness",
    words: tuple[Said, ...] = (),
    showing: Showing = PRIVATELY,
    now: datetime | None = None,
    places: Places,
) -> Consent:
    """Insist that a profile may still be used: its consent is looked at anew each time.

    Args:
        profile: The voice.
        use: What it is used for.
        words: What it is to say.
        showing: To whom and where it will be heard.
        now: The moment; now when left out.
        places: Where the consent's copy and the ledger are kept.

    Returns:
        The consent record.

    Raises:
        ConsentError: The record is gone, was changed, has expired, was withdrawn, or does not allow the use.
    """
    consent = kept_consent(profile.consent_id, profile.consent_sha256, places=places)
    permit(
        consent,
        Asked(use=use, words=words).to_be_shown(showing),
        now=now or utc_now(),
        ledger=Ledger.in_places(places),
    )
    return consent


def forget_profile(name: str, *, places: Places) -> None:
    """Erase a voice: its bytes are overwritten and the file is removed. The ledger keeps the hashes.

    The copy of the consent record stays: it is the evidence that the voice was allowed.

    Raises:
        InputError: There is no voice of that name.
        ResourceError: The file cannot be removed.
    """
    path = profile_path(name, places=places)
    if not path.is_file():
        load_profile(name, places=places)  # says which there are
    try:
        facts = _events(load_profile(name, places=places))
    except DocumentError:
        facts = {"profile_sha256": sha256_of(path)}
    try:
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except OSError as error:
        message = (
            f"The voice could not be erased ({error.strerror}). Check the folder's permissions."
        )
        raise ResourceError(message) from error
    Ledger.in_places(places).append("voice.forgotten", facts)


def _events(profile: VoiceProfile) -> dict[str, Any]:
    return {
        "profile_sha256": profile.sha256,
        "consent_id": profile.consent_id,
        "consent_sha256": profile.consent_sha256,
        "recordings": len(profile.recordings),
    }


def _packed(profile: VoiceProfile) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    arrays: dict[str, np.ndarray] = {}
    characters = []
    for i, (name, character) in enumerate(sorted(profile.characters.items())):
        for part, array in character.arrays.items():
            arrays[f"character{i}.{part}"] = np.asarray(array)
        characters.append({"name": name, "engine": character.engine, "version": character.version})
    facts = {
        "reference": _reference_facts(profile.reference, "reference", arrays),
        "held_out": _reference_facts(profile.held_out, "held_out", arrays),
        "characters": characters,
        "resemblances": {
            name: dataclasses.asdict(found) for name, found in profile.resemblances.items()
        },
        "before": dataclasses.asdict(profile.before),
        "after": dataclasses.asdict(profile.after),
        "own_s": profile.own_s,
        "consent_id": profile.consent_id,
        "consent_sha256": profile.consent_sha256,
        "recordings": list(profile.recordings),
        "learned_at": profile.learned_at,
        "notes": list(profile.notes),
    }
    return facts, arrays


def _reference_facts(
    reference: Reference, name: str, arrays: dict[str, np.ndarray]
) -> dict[str, Any]:
    whole = np.clip(np.rint(reference.sound.samples * 32767.0), -32768, 32767)
    arrays[f"{name}.sound"] = whole.astype(np.int16)
    return {
        "sample_rate_hz": reference.sound.sample_rate_hz,
        "phones": [[p.symbol, p.first, p.last, p.stress] for p in reference.phones],
        "bandwidth_hz": reference.bandwidth_hz,
        "snr_db": reference.snr_db,
        "text": reference.text,
    }


def _unpacked(document: Document, sha256: str) -> VoiceProfile:
    facts, arrays = document.facts, document.arrays
    characters = {}
    for i, one in enumerate(facts["characters"]):
        start = f"character{i}."
        parts = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
        characters[str(one["name"])] = Character(
            engine=str(one["engine"]), version=str(one["version"]), arrays=parts
        )
    return VoiceProfile(
        reference=_reference(facts["reference"], arrays["reference.sound"]),
        held_out=_reference(facts["held_out"], arrays["held_out.sound"]),
        characters=characters,
        resemblances={name: Resemblance(**one) for name, one in facts["resemblances"].items()},
        before=Soundness(**facts["before"]),
        after=Soundness(**facts["after"]),
        own_s=float(facts["own_s"]),
        consent_id=str(facts["consent_id"]),
        consent_sha256=str(facts["consent_sha256"]),
        recordings=tuple(map(str, facts["recordings"])),
        learned_at=str(facts["learned_at"]),
        notes=tuple(map(str, facts["notes"])),
        sha256=sha256,
    )


def _reference(facts: Mapping[str, Any], whole: np.ndarray) -> Reference:
    sound = Sound(
        samples=(whole.astype(np.float32) / np.float32(32767.0)),
        sample_rate_hz=int(facts["sample_rate_hz"]),
    )
    phones = tuple(
        Phone(symbol=str(symbol), first=int(first), last=int(last), stress=stress)
        for symbol, first, last, stress in facts["phones"]
    )
    return Reference(
        sound=sound,
        phones=phones,
        bandwidth_hz=float(facts["bandwidth_hz"]),
        snr_db=float(facts["snr_db"]),
        text=str(facts["text"]),
    )
