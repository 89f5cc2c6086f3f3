"""A film with all its papers, made without drawing anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import skimage.data
from skimage.transform import resize

from vivant.film.encoding import Encoder, Packing
from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.consent import Consent
from vivant.provenance.label import LABEL_TEXT, label_plate, labelled_frames, stamp
from vivant.provenance.manifest import sign_film
from vivant.provenance.record import FilmRecord, Recipe, Source, record_film
from vivant.provenance.watermark import Mark

SIDE_PX = 320
RATE = Fraction(25)
CONSENT_ID = "0123456789abcdef0123456789abcdef"


def record_of(seed: int = 0, *, consent: Consent | None = None) -> FilmRecord:
    """The record of a film of nobody in particular."""
    recipe = Recipe(
        photos=(Source(sha256="ab" * 32, mime="image/png"),),
        speech_sha256="cd" * 32,
        voice="test",
        seed=seed,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        rate=RATE,
        consent_id=CONSENT_ID if consent is None else consent.record_id,
        consent_sha256="ef" * 32 if consent is None else consent.sha256,
        versions={"vivant": "0"},
    )
    return record_film(
        recipe,
        label_text=LABEL_TEXT,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        generator="vivant/0",
    )


def shoot(
    path: Path,
    *,
    record: FilmRecord,
    frames: int,
    is_labelled: bool = True,
    is_marked: bool = True,
    tag_of: FilmRecord | None = None,
) -> None:
    """Write a film that is not signed yet: a still picture that drifts."""
    picture = resize(skimage.data.astronaut(), (SIDE_PX, SIDE_PX), anti_aliasing=True)
    planes = rgb_to_planes(np.ascontiguousarray((picture * 255).astype(np.uint8)))
    plate, mark = label_plate(SIDE_PX, SIDE_PX), Mark(record.film_id, SIDE_PX, SIDE_PX)
    labelled = labelled_frames(frames, RATE)
    tags = {aigc.KEY: aigc.aigc_value(tag_of or record)}
    with Encoder(
        path,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        rate=RATE,
        packing=Packing(preset="ultrafast", crf=18, tags=tags),
    ) as encoder:
        for index in range(frames):
            y, u, v = (np.roll(plane, index // 25 * 2, axis=1) for plane in planes)
            if is_marked:
                mark.apply(y, index)
            if is_labelled and index in labelled:
                stamp(plate, y, u, v)
            encoder.write(Frame(index=index, y=y, u=u, v=v))


def signed_film(folder: Path, places: Places, *, frames: int = 60) -> Path:
    """A film whose papers all hold."""
    shoot(folder / "unsigned.mp4", record=record_of(), frames=frames)
    sign_film(folder / "unsigned.mp4", folder / "film.mp4", record=record_of(), places=places)
    return folder / "film.mp4"
