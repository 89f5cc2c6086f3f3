"""What the content credentials of films and sounds say.

A manifest travels with what it is about, so it holds no name, no file name and no picture of anybody:
photos and the voice are ingredients by the first digits of their hash, without thumbnails, and the
consent is an id and a hash. Specification: C2PA 2.4; training opt-out: CAWG training and data mining 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from vivant.provenance.record import (
    MODEL_MADE,
    ConsentSource,
    FilmRecord,
    MusicSource,
    PersonVoice,
    SoundRecord,
    Source,
)

MIME = "video/mp4"
CONSENT_ASSERTION = "org.vivant.consent"
FILM_ASSERTION = "org.vivant.film"
SOUND_ASSERTION = "org.vivant.sound"
VOICE_ASSERTION = "org.vivant.voice"
SOURCES_ASSERTION = "org.vivant.sources"
"""What the photos' own content credentials say."""
WATERMARK = "org.vivant.watermark"
"""Our watermark among soft bindings; a name of our own, not of the C2PA list of algorithms."""
SOUND_MARK = "sound-id-1"
"""Our inaudible mark in the sound."""
_RECORDING = "recording"


def manifest_for(record: FilmRecord) -> dict[str, Any]:
    """Write the manifest definition of a film, as the C2PA builder takes it."""
    recipe = record.recipe
    name, _, version = record.generator.partition("/")
    photos = [
        {
            "title": f"photo {photo.short_id}",
            "format": photo.mime,
            "relationship": "componentOf",
            "label": f"photo{number}",
            "instance_id": f"vivant:photo:{photo.short_id}",
        }
        for number, photo in enumerate(recipe.photos, start=1)
    ]
    voice = {
        "title": f"voice {recipe.voice}",
        "format": "audio/wav",
        "relationship": "componentOf",
        "label": "voice",
        "instance_id": f"vivant:voice:{recipe.speech_sha256[:12]}",
    }
    music = _music(recipe.music)
    placed = [str(part["label"]) for part in [*photos, *music]]
    return {
        "title": f"film {record.film_id}",
        "format": MIME,
        "claim_generator_info": [{"name": name, "version": version}],
        "ingredients": [*photos, *([] if recipe.is_silent else [voice]), *music],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": _actions(record, placed)},
            },
            _soft_binding(record.film_id),
            {"label": "c2pa.ai-disclosure", "data": _disclosure(record)},
            {"label": "cawg.training-mining", "data": {"entries": _OPT_OUT}},
            {
                "label": CONSENT_ASSERTION,
                "data": {"record_id": record.consent_id, "sha256": record.consent_sha256}
                | _others(recipe.consents),
            },
            {
                "label": FILM_ASSERTION,
                "data": {
                    "film_id": record.film_id,
                    "record_sha256": record.sha256,
                    "label": record.label_text,
                }
                | _where_known(
                    storyboard_sha256=recipe.storyboard_sha256, label_waiver=record.label_waiver
                ),
            },
            *_voice_assertions(recipe.person_voice, recipe.person_voices),
            *_source_assertions(recipe.photos),
        ],
    }


def _where_known(**facts: str | None) -> dict[str, str]:
    return {key: one for key, one in facts.items() if one is not None}


def _source_assertions(photos: Sequence[Source]) -> list[dict[str, Any]]:
    """Say what photos' own credentials say, for those that have some."""
    told = [
        {"photo": photo.short_id, **asdict(photo.credentials)}
        for photo in photos
        if photo.credentials is not None
    ]
    facts = [{key: one for key, one in each.items() if one is not None} for each in told]
    return [{"label": SOURCES_ASSERTION, "data": {"photos": facts}}] if facts else []


def _music(source: MusicSource | None) -> list[dict[str, Any]]:
    """Name the music: one of our own pieces by its name, a file by its hash."""
    if source is None:
        return []
    told = f"music {source.piece or source.sha256[:12]}"
    return [
        {
            "title": told,
            "format": "audio/wav",
            "relationship": "componentOf",
            "label": "music",
            "instance_id": f"vivant:music:{source.sha256[:12]}",
        }
    ]


def _others(consents: Sequence[ConsentSource] | None) -> dict[str, Any]:
    """Name the consents of all the others in the film."""
    others = [{"record_id": one.record_id, "sha256": one.sha256} for one in (consents or ())[1:]]
    return {"others": others} if others else {}


def manifest_for_sound(record: SoundRecord, *, mime: str) -> dict[str, Any]:
    """Write the manifest definition of a sound, as the C2PA builder takes it."""
    name, _, version = record.generator.partition("/")
    person = record.recipe.person_voice
    actions: list[dict[str, Any]] = [
        {
            "action": "c2pa.created",
            "when": record.to_facts()["made_at"],
            "digitalSourceType": record.digital_source_type,
            "softwareAgent": {"name": name, "version": version},
        }
    ]
    actions.append(_heard_mark(SOUND_MARK))
    if person is not None and person.watermark:
        actions.append(_heard_mark(person.watermark))
    consent = {"record_id": record.consent_id, "sha256": record.consent_sha256}
    return {
        "title": f"sound {record.sound_id}",
        "format": mime,
        "claim_generator_info": [{"name": name, "version": version}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": "c2pa.ai-disclosure", "data": _disclosure(record)},
            {"label": "cawg.training-mining", "data": {"entries": _OPT_OUT}},
            *([] if person is None else [{"label": CONSENT_ASSERTION, "data": consent}]),
            {
                "label": SOUND_ASSERTION,
                "data": {
                    "sound_id": record.sound_id,
                    "record_sha256": record.sha256,
                    "label": record.recipe.label,
                },
            },
            *_voice_assertions(person),
        ],
    }


def _voice_assertions(
    person: PersonVoice | None, every: Sequence[PersonVoice] | None = None
) -> list[dict[str, Any]]:
    """Say whose voice it is like, by hashes alone."""
    if person is None:
        return []
    others = [one.to_facts() for one in every or () if one != person]
    data = person.to_facts() | ({"others": others} if others else {})
    return [{"label": VOICE_ASSERTION, "data": data}]


_OPT_OUT = {
    f"cawg.{what}": {"use": "notAllowed"}
    for what in ("ai_inference", "ai_generative_training", "ai_training", "data_mining")
}


def _actions(record: FilmRecord, placed: list[str]) -> list[dict[str, Any]]:
    name, _, version = record.generator.partition("/")
    when = record.to_facts()["made_at"]
    spoken_by_machine = record.recipe.voice != _RECORDING
    label = record.label_text
    has_sound = not record.recipe.is_silent or record.recipe.music is not None
    dubbed: dict[str, Any] = {
        "action": "c2pa.dubbed",
        "parameters": {"ingredientIds": ["voice"]},
    }
    if spoken_by_machine:
        dubbed["digitalSourceType"] = MODEL_MADE
    return [
        {
            "action": "c2pa.created",
            "when": when,
            "digitalSourceType": record.digital_source_type,
            "softwareAgent": {"name": name, "version": version},
        },
        # a film may hold neither photo nor music: the action must then be left out
        *([{"action": "c2pa.placed", "parameters": {"ingredientIds": placed}}] if placed else []),
        *([] if record.recipe.is_silent else [dubbed]),
        *([{"action": "c2pa.addedText", "parameters": {"description": label}}] if label else []),
        {"action": "c2pa.watermarked.bound"},
        *([_heard_mark(SOUND_MARK)] if has_sound else []),
    ]


def _heard_mark(kind: str) -> dict[str, Any]:
    """Say which mark is in the sound."""
    return {"action": "c2pa.watermarked.unbound", "parameters": {"description": kind}}


def _soft_binding(film_id: str) -> dict[str, Any]:
    """Say which number the picture's watermark holds, so that a film without papers can be led back to them."""
    blocks = [{"scope": {}, "value": film_id}]
    return {"label": "c2pa.soft-binding", "data": {"alg": WATERMARK, "blocks": blocks}}


def _disclosure(record: FilmRecord | SoundRecord) -> dict[str, Any]:
    name, _, version = record.generator.partition("/")
    return {
        "modelType": "c2pa.types.model",
        "modelName": name,
        "modelIdentifier": f"{name}:{version}",
        "contentProfile": {"humanOversightLevel": "prompt_guided"},
    }
