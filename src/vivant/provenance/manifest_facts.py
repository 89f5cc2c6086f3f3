"""What one C2PA manifest says, taken out of a reader's report; never trusts that anything is there."""

from __future__ import annotations

from typing import Any

from vivant.provenance.definitions import (
    CONSENT_ASSERTION,
    FILM_ASSERTION,
    SOUND_ASSERTION,
    SOURCES_ASSERTION,
    VOICE_ASSERTION,
)
from vivant.provenance.record import MODEL_MADE, PHOTO_DRIVEN, is_film_id

_AI_MADE = (MODEL_MADE, PHOTO_DRIVEN)


def named_within(manifests: dict[str, Any], active: object) -> tuple[str, ...]:
    """Name the films and sounds of ours that earlier manifests in a file are about."""
    found: list[str] = []
    for label, manifest in manifests.items():
        if label != active and isinstance(manifest, dict):
            for assertion, key in ((FILM_ASSERTION, "film_id"), (SOUND_ASSERTION, "sound_id")):
                made_id = id_or_none(said_in(manifest, assertion).get(key))
                found += [] if made_id is None else [made_id]
    return tuple(dict.fromkeys(found))


def photos_by_ai(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Name the photos whose own credentials say that AI made them."""
    sources = said_in(manifest, SOURCES_ASSERTION).get("photos")
    return tuple(
        str(one.get("photo"))
        for one in (sources if isinstance(sources, list) else [])
        if isinstance(one, dict) and one.get("digital_source_type") in _AI_MADE
    )


def other_consents(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Name the consents of all the others in a film."""
    found: list[str] = []
    for label, key in ((CONSENT_ASSERTION, "record_id"), (VOICE_ASSERTION, "consent_id")):
        others = said_in(manifest, label).get("others")
        found += [
            one[key]
            for one in (others if isinstance(others, list) else [])
            if isinstance(one, dict) and isinstance(one.get(key), str)
        ]
    return tuple(dict.fromkeys(found))


def said_in(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    """Give what an assertion says; nothing where there is none of that label."""
    for assertion in manifest.get("assertions", []):
        if assertion.get("label") == label and isinstance(assertion.get("data"), dict):
            data: dict[str, Any] = assertion["data"]
            return data
    return {}


def text_or_none(value: object) -> str | None:
    """Take a text; nothing for whatever is none."""
    return value if isinstance(value, str) else None


def id_or_none(value: object) -> str | None:
    """Take an id of a film or sound; nothing for whatever is none."""
    return value if isinstance(value, str) and is_film_id(value) else None


def source_type(manifest: dict[str, Any]) -> str | None:
    """Tell how the file came to be."""
    for label in ("c2pa.actions.v2", "c2pa.actions"):
        for action in said_in(manifest, label).get("actions", []):
            if action.get("action") == "c2pa.created":
                return text_or_none(action.get("digitalSourceType"))
    return None


def generator(manifest: dict[str, Any]) -> str | None:
    """Tell which program made it."""
    infos = manifest.get("claim_generator_info") or [{}]
    name, version = infos[0].get("name"), infos[0].get("version")
    return f"{name}/{version}" if name and version else text_or_none(name)


def training_allowed(manifest: dict[str, Any]) -> bool | None:
    """Tell whether models may be trained with it; nothing where it does not say."""
    entries = said_in(manifest, "cawg.training-mining").get("entries")
    if not isinstance(entries, dict) or not entries:
        return None
    return not all(entry.get("use") == "notAllowed" for entry in entries.values())
