"""The built-in mark as an engine among others: in every film, without weights."""

from __future__ import annotations

from collections.abc import Sequence

from vivant.media.picture import Frame
from vivant.places import Places
from vivant.provenance.marking import EngineReading, FrameMarker, MarkTraits
from vivant.provenance.record import ID_BITS
from vivant.provenance.watermark import Mark, read_mark


class LumaMark:
    """Marks luma, as ``watermark`` says."""

    traits = MarkTraits(
        name="luma",
        version="1",
        licence="Apache-2.0",
        bits=ID_BITS,
        algorithm="org.vivant.luma.1",
        least_frames=1,
    )
    ready = True

    def __init__(self, *, places: Places | None = None) -> None:
        """Need nothing."""
        del places

    def identity(self) -> str:
        """Name and version."""
        return f"{self.traits.name}/{self.traits.version}"

    def begin(self, film_id: str, /, *, width_px: int, height_px: int) -> FrameMarker:
        """Make ready to mark a film."""
        return _Marking(Mark(film_id, width_px, height_px))

    def read(self, frames: Sequence[Frame], /) -> EngineReading:
        """Read the mark."""
        reading = read_mark([frame.y for frame in frames])
        return EngineReading(
            film_id=reading.film_id, confidence=reading.confidence, why=reading.why
        )


class _Marking:
    def __init__(self, mark: Mark) -> None:
        self._mark = mark

    def apply(self, frame: Frame, /) -> None:
        self._mark.apply(frame.y, frame.index)

    def close(self) -> None:
        """Hold nothing."""
