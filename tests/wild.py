"""What becomes of films in the wild, done by hand: encoded again, cut, framed, photographed off a screen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

Change = Callable[[np.ndarray], np.ndarray]


def pictures_of(film: Path) -> list[np.ndarray]:
    """Decode every frame to RGB."""
    with av.open(str(film)) as source:
        return [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]


def written(pictures: list[np.ndarray], to: Path) -> Path:
    """Encode pictures as a film that is not ours."""
    with av.open(str(to), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(25), options={"preset": "veryfast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return to


def encoded_again(
    film: Path,
    to: Path,
    *,
    change: Change = lambda picture: picture,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    crf: int = 23,
    tags: dict[str, str] | None = None,
) -> Path:
    """Encode a film as a platform would, each picture changed."""
    options = {"crf": str(crf), "preset": "veryfast"} if codec == "libx264" else {}
    flags = {"movflags": "use_metadata_tags"} if tags else {}
    with av.open(str(to), "w", options=flags) as out:
        out.metadata.update(tags or {})
        stream: VideoStream | None = None
        for picture in pictures_of(film):
            changed = np.ascontiguousarray(change(picture))
            if stream is None:
                stream = cast(
                    VideoStream, out.add_stream(codec, rate=Fraction(25), options=options)
                )
                stream.height, stream.width = changed.shape[:2]
                stream.pix_fmt = pixels
            out.mux(stream.encode(av.VideoFrame.from_ndarray(changed, format="rgb24")))
        assert stream is not None
        out.mux(stream.encode())
    return to


def remuxed(film: Path, to: Path, *, keeps_tags: bool = False) -> Path:
    """Put the same packets into a new file."""
    flags = {"movflags": "use_metadata_tags"} if keeps_tags else {}
    with av.open(str(film)) as given, av.open(str(to), "w", options=flags) as made:
        if keeps_tags:
            made.metadata.update(given.metadata)
        source = given.streams.video[0]
        stream = made.add_stream_from_template(source)
        for packet in given.demux(source):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return to


def half_size(picture: np.ndarray) -> np.ndarray:
    size = (picture.shape[1] // 4 * 2, picture.shape[0] // 4 * 2)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def cropped(picture: np.ndarray) -> np.ndarray:
    """Cut a tenth away, evenly around."""
    height, width = picture.shape[:2]
    top, left = round(height * 0.05), round(width * 0.05)
    return picture[
        top : top + (height - 2 * top) // 2 * 2, left : left + (width - 2 * left) // 2 * 2
    ]


def letterboxed(picture: np.ndarray) -> np.ndarray:
    """Put bars above and below."""
    bar = picture.shape[0] // 8 * 2
    return np.pad(picture, ((bar, bar), (0, 0), (0, 0)))


def screenshot(film: Path, to: Path, *, number: int = 10, **given: object) -> Path:
    """Save one frame as a picture."""
    if to.suffix in {".heic", ".avif"}:
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.fromarray(pictures_of(film)[number]).save(to, **given)  # type: ignore[arg-type]
    return to


def truncated(film: Path, to: Path, *, share: float) -> Path:
    """Keep only the beginning of a file."""
    data = film.read_bytes()
    to.write_bytes(data[: int(len(data) * share)])
    return to
