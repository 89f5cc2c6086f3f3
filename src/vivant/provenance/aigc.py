"""The implicit label of GB 45438-2025, Annex E: one metadata field named ``AIGC`` in each file.

Its value is a JSON object of seven strings. In an MP4 it lies under ``moov.udta.meta`` with the key
``AIGC``; whoever muxes the film must ask FFmpeg for it (``movflags +use_metadata_tags``), or it is
dropped in silence. Readers meet the bare object and the object wrapped as ``{"AIGC": {...}}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vivant.provenance.record import FilmRecord, SoundRecord, is_film_id

KEY = "AIGC"
"""Name of the metadata field."""
PRODUCER = "vivant"
"""Who made it, until the operator has a registered producer code of its own."""
_FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
_LABELS = {"1": "made by AI", "2": "may be made by AI", "3": "suspected to be made by AI"}
_LONGEST = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class AigcReading:
    """What the AIGC field of a film or a sound says."""

    ok: bool
    why: str
    film_id: str | None
    """The ProduceID, where it is a film's or a sound's id of ours."""
    label: str | None
    """``"1"`` is made by AI, ``"2"`` may be, ``"3"`` is suspected."""
    producer: str | None
    produce_id: str | None


def aigc_value(record: FilmRecord | SoundRecord, *, producer: str = PRODUCER) -> str:
    """Write the value of the AIGC field for a film or a sound.

    Args:
        record: What was made.
        producer: Name or registered code of who makes it; letters, digits and ``-._`` only.

    Returns:
        JSON in ASCII. ReservedCode1, the producer's security field, is the record's SHA-256.
    """
    made_id = record.film_id if isinstance(record, FilmRecord) else record.sound_id
    values = ("1", producer, made_id, record.sha256, producer, made_id, "")
    return json.dumps(dict(zip(_FIELDS, values, strict=True)), separators=(",", ":"))


def read_aigc(text: str | None) -> AigcReading:
    """Read the value of an AIGC field, whoever wrote it.

    Args:
        text: The value, or ``None`` where the file has no such field.

    Returns:
        What it says; ``ok`` only when all seven fields are there as strings, the label says AI, and
        the producer and the produce id are not empty.
    """
    if text is None:
        return _no("The file has no AIGC field; it was never written, or was stripped.")
    value = _object_in(text)
    if value is None:
        return _no("The AIGC field does not hold the JSON object that GB 45438-2025 asks for.")
    missing = [name for name in _FIELDS if not isinstance(value.get(name), str)]
    if missing:
        return _no(f"The AIGC field lacks {', '.join(missing)}.")
    label, producer, produce_id = value["Label"], value["ContentProducer"], value["ProduceID"]
    film_id = produce_id if is_film_id(produce_id) else None
    if label not in _LABELS or not producer or not produce_id:
        why = "The AIGC field holds no known label, or names no producer and no produce id."
    else:
        why = f"The AIGC field says: {_LABELS[label]}."
    return AigcReading(
        ok=label in _LABELS and bool(producer and produce_id),
        why=why,
        film_id=film_id,
        label=label,
        producer=producer,
        produce_id=produce_id,
    )


def _object_in(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and set(value) == {KEY}:
        value = value[KEY]
        if isinstance(value, str):
            return _object_in(value)
    return value if isinstance(value, dict) else None


def _no(why: str) -> AigcReading:
    return AigcReading(ok=False, why=why, film_id=None, label=None, producer=None, produce_id=None)
