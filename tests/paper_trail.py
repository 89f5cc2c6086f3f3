"""Records, pictures and films to test the papers with."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import matplotlib as mpl
import numpy as np
from PIL import Image

from vivant.provenance.consent import Consent, attest
from vivant.provenance.consent_history import Person
from vivant.provenance.label import LABEL_TEXT
from vivant.provenance.record import FilmRecord, Recipe, Source, record_film

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BROTHER = Person(entity_id="brother-1", relation="brother")
JUDGE = Person(entity_id="desk-7", relation="mediator")


def a_consent() -> Consent:
    return attest("public-domain", note="public domain portrait; demonstration", now=NOON)


def a_recipe(*, seed: int = 0, consent: Consent | None = None, voice: str = "hibari") -> Recipe:
    consent = consent or a_consent()
    return Recipe(
        photos=(
            Source(sha256="a" * 64, mime="image/jpeg"),
            Source(sha256="c" * 64, mime="image/heic"),
        ),
        speech_sha256="b" * 64,
        voice=voice,
        seed=seed,
        width_px=320,
        height_px=240,
        rate=Fraction(30000, 1001),
        consent_id=consent.record_id,
        consent_sha256=consent.sha256,
        versions={"voice": "1", "render": "1"},
    )


def a_record(*, seed: int = 0, voice: str = "hibari") -> FilmRecord:
    return record_film(
        a_recipe(seed=seed, voice=voice),
        label_text=LABEL_TEXT,
        made_at=NOON,
        generator="vivant/0.1.0",
    )


@cache
def hopper(width_px: int, height_px: int) -> np.ndarray:
    """Luma of the public-domain portrait, cut to a size."""
    with Image.open(Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg") as picture:
        scale = max(width_px / picture.width, height_px / picture.height)
        size = (round(picture.width * scale + 0.5), round(picture.height * scale + 0.5))
        large = np.asarray(picture.convert("L").resize(size, Image.Resampling.BICUBIC))
    left = (large.shape[1] - width_px) // 2
    cut = large[:height_px, left : left + width_px].astype(np.float32)
    luma = np.round(16 + cut * (219 / 255)).astype(np.uint8)
    luma.flags.writeable = False
    return luma


def encoded(lumas: list[np.ndarray], *, crf: int = 23) -> bytes:
    """Encode grey frames as H.264, as a hasty platform would."""
    buffer = io.BytesIO()
    height, width = lumas[0].shape
    with av.open(buffer, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": str(crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for luma in lumas:
            frame = av.VideoFrame(width, height, "yuv420p")
            grey = np.full((height // 2, width // 2), 128, dtype=np.uint8)
            for plane, values in zip(frame.planes, (luma, grey, grey), strict=True):
                rows = np.frombuffer(memoryview(plane), np.uint8).reshape(
                    plane.height, plane.line_size
                )
                rows[:, : plane.width] = values
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return buffer.getvalue()


def decoded(film: bytes) -> list[np.ndarray]:
    """Decode the luma of every frame."""
    lumas = []
    with av.open(io.BytesIO(film), "r") as source:
        for frame in source.decode(video=0):
            plane = frame.planes[0]
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            lumas.append(rows[:, : plane.width].copy())
    return lumas


def a_film(path: Path, *, frames: int = 25) -> Path:
    """Write a small unsigned MP4."""
    lumas = [np.full((96, 128), 60 + i, dtype=np.uint8) for i in range(frames)]
    path.write_bytes(encoded(lumas))
    return path
