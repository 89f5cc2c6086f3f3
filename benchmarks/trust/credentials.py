"""Whether any one changed byte of a film is found, and whether another C2PA reader than ours reads our films as valid.

Every changed byte is told apart by the box that it lies in. What the film shows and plays lies in ``mdat``, how it is put
together in ``moov``; a box of padding says nothing, and C2PA leaves the file type and such boxes out of its hash.

The other reader is ``encypher-c2pa`` (Apache-2.0): an implementation of its own, which does not build on ``c2pa-rs``, as the
library does that signs and reads here. It is used where it is installed, offline and without its telemetry.
"""

from __future__ import annotations

import importlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from vivant.film.encoding import Encoder, Packing
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.label import LABEL_TEXT
from vivant.provenance.manifest import read_credentials, sign_film, sign_sound
from vivant.provenance.presence import C2PA_BOX
from vivant.provenance.record import (
    FilmRecord,
    Recipe,
    SoundRecipe,
    record_film,
    record_sound,
)
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import trust_anchors

FLIPS = 500
"""Changed bytes for each of ``mdat`` and ``moov``."""
MORE_FLIPS = 100
"""For each other kind of box."""
SEED = 6
SIZE_PX = 256
FRAMES = 50
LATER = timedelta(days=11 * 365)
"""After our own certificate's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of a film: where it lies, and what is in it."""

    name: str
    first: int
    """Of its content, behind its head."""
    last: int
    """The byte after it."""


def run(folder: Path) -> list[dict[str, Any]]:
    """Measure both."""
    places = Places(data=folder / "data", cache=folder / "cache")
    film = _film(folder, places)
    sound = _sound(folder, places)
    return [*flips(film, places), *sound_flips(sound, places), *_second_reader(film, sound, places)]


def flips(film: Path, places: Places) -> list[dict[str, Any]]:
    """Change single bytes of a film, one at a time, and count what is found."""
    chance = random.Random(SEED)  # noqa: S311 - chance, no secret
    data = bytearray(film.read_bytes())
    changed = film.with_name("changed.mp4")
    whole = read_credentials(film, places=places)
    rows = []
    for name, boxes in _by_name(film).items():
        wanted = FLIPS if name in ("mdat", "moov") else MORE_FLIPS
        bytes_there = sum(box.last - box.first for box in boxes)
        found: Counter[str] = Counter()
        for _ in range(min(wanted, bytes_there) if bytes_there else 0):
            at = _place(boxes, chance)
            kept = data[at]
            data[at] ^= chance.randrange(1, 256)
            changed.write_bytes(data)
            data[at] = kept
            read = read_credentials(changed, places=places)
            if not read.ok and read.film_id is None:
                found["found"] += 1
            else:
                found["same" if read == whole else "other"] += 1
        rows.append(
            {
                "what": f"one changed byte in {name}",
                "bytes": bytes_there,
                "tried": found.total(),
                "found": found["found"],
                "not found, and the papers say the same": found["same"],
                "not found, and they say something else": found["other"],
                "is media": name in ("mdat", "moov"),
            }
        )
    return rows


def sound_flips(sound: Path, places: Places) -> list[dict[str, Any]]:
    """Change single bytes of a sound."""
    chance = random.Random(SEED)  # noqa: S311 - chance, no secret
    data = bytearray(sound.read_bytes())
    first = data.index(b"data") + 8
    last = first + int.from_bytes(data[first - 4 : first], "little")
    changed = sound.with_name("changed.wav")
    found = 0
    for _ in range(MORE_FLIPS):
        at = chance.randrange(first, last)
        data[at] ^= 1
        changed.write_bytes(data)
        data[at] ^= 1
        found += not read_credentials(changed, places=places).ok
    what = "one changed bit in the samples of a WAV"
    return [
        {"what": what, "bytes": last - first, "tried": MORE_FLIPS, "found": found, "is media": True}
    ]


def boxes_of(film: Path) -> Iterator[Box]:
    """Name the boxes on top of a film."""
    data = film.read_bytes()
    at = 0
    while at + 8 <= len(data):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        name = data[at + 4 : at + 8].decode("latin-1")
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        size = size or len(data) - at
        if name == "uuid" and data[at + head : at + head + 16] == C2PA_BOX:
            name = "the papers' own box"
        yield Box(name=name, first=at + head, last=at + size)
        at += size


def _by_name(film: Path) -> dict[str, list[Box]]:
    found: dict[str, list[Box]] = {}
    for box in boxes_of(film):
        found.setdefault(box.name, []).append(box)
    return found


def _place(boxes: list[Box], chance: random.Random) -> int:
    box = chance.choices(boxes, weights=[one.last - one.first for one in boxes])[0]
    return chance.randrange(box.first, box.last)


def _second_reader(film: Path, sound: Path, places: Places) -> list[dict[str, Any]]:
    """Let another reader say what it thinks of a film, a changed film and a sound."""
    try:
        reader = importlib.import_module("encypher_c2pa")
    except ImportError:
        return [{"what": "a second reader", "why": "encypher-c2pa is not installed"}]
    data = bytearray(film.read_bytes())
    media = next(box for box in boxes_of(film) if box.name == "mdat")
    data[(media.first + media.last) // 2] ^= 1
    broken = film.with_name("broken.mp4")
    broken.write_bytes(data)
    later = (datetime.now(UTC) + LATER).isoformat(timespec="seconds").replace("+00:00", "Z")
    cases: tuple[tuple[str, Path, dict[str, Any]], ...] = (
        ("film", film, {}),
        ("film, one bit changed", broken, {}),
        ("film, read after the certificate's end", film, {"validation_time": later}),
        ("sound (WAV)", sound, {}),
    )
    return [_said(reader, what, path, places, more) for what, path, more in cases]


def _said(
    reader: Any,  # noqa: ANN401 - the package has no types of its own for what it returns
    what: str,
    path: Path,
    places: Places,
    more: dict[str, Any],
) -> dict[str, Any]:
    begun = time.process_time()
    report = reader.verify(
        str(path),
        trust_pem=trust_anchors(places),
        no_default_trust=True,
        telemetry=False,
        online=False,
        **more,
    )
    return {
        "what": f"encypher-c2pa {reader.__version__} on a {what}",
        "integrity": report["integrity"],
        "signature": report["signature"],
        "binding": report["hard_binding"],
        "trust": report["trust"]["status"],
        "failures": [one["code"] for one in report["validation_results"]["failure"]],
        "cpu ms": round(1000 * (time.process_time() - begun), 1),
    }


def _film(folder: Path, places: Places) -> Path:
    """Make a small film with sound: coloured noise that drifts."""
    record = _record()
    chance = np.random.default_rng(SEED)
    plane = chance.integers(40, 200, (SIZE_PX, SIZE_PX), np.uint8)
    grey = np.full((SIZE_PX // 2, SIZE_PX // 2), 128, np.uint8)
    rate = Fraction(25)
    samples = (0.1 * chance.standard_normal(48_000 * FRAMES // 25)).clip(-1, 1).astype(np.float32)
    unsigned, film = folder / "unsigned.mp4", folder / "film.mp4"
    tags = {aigc.KEY: aigc.aigc_value(record)}
    with Encoder(
        unsigned,
        width_px=SIZE_PX,
        height_px=SIZE_PX,
        rate=rate,
        sound=Sound(samples=samples, sample_rate_hz=48_000),
        packing=Packing(preset="ultrafast", crf=30, tags=tags),
    ) as encoder:
        for index in range(FRAMES):
            y = np.roll(plane, index, axis=1).copy()
            encoder.write(Frame(index=index, y=y, u=grey.copy(), v=grey.copy()))
    sign_film(unsigned, film, record=record, places=places)
    return film


def _sound(folder: Path, places: Places) -> Path:
    import soundfile  # noqa: PLC0415 - only here

    samples = 0.1 * np.random.default_rng(SEED).standard_normal(48_000)
    soundfile.write(folder / "unsigned.wav", samples.clip(-1, 1), 48_000)
    recipe = SoundRecipe(
        speech_sha256="cd" * 32, voice="none", language="en", label="tones", versions={}
    )
    record = record_sound(recipe, made_at=utc_now(), generator="vivant/benchmark")
    sign_sound(folder / "unsigned.wav", folder / "sound.wav", record=record, places=places)
    return folder / "sound.wav"


def _record() -> FilmRecord:
    recipe = Recipe(
        photos=(),
        speech_sha256="cd" * 32,
        voice="recording",
        seed=0,
        width_px=SIZE_PX,
        height_px=SIZE_PX,
        rate=Fraction(25),
        consent_id="0" * 32,
        consent_sha256="ef" * 32,
        versions={},
    )
    return record_film(
        recipe, label_text=LABEL_TEXT, made_at=utc_now(), generator="vivant/benchmark"
    )


def main() -> None:
    """Measure, and print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        for row in run(Path(folder)):
            print(", ".join(f"{key}: {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
