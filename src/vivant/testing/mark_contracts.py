"""The contract of engines that mark pictures: subclass it in a test, and give it your engine.

```python
class TestWaveMark(MarkEngineContract):
    @pytest.fixture
    def engine(self) -> WaveMark:
        return WaveMark(weights=HERE)
```
Needs pytest.
"""

from __future__ import annotations

import numpy as np
import pytest

from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.painting import portrait
from vivant.provenance.marking import EngineReading, FrameMarker, MarkEngine, MarkTraits

FILM_ID = "279e112179430cf8"
"""An id that passes its own check."""
OTHER_ID = "2024112200003f1f"
LEAST_DB = 38.0
"""Of a marked frame against the frame as it was."""


def painted_frames(count: int, *, width_px: int = 640, height_px: int = 480) -> list[Frame]:
    """Make frames of somebody who never lived, each a little brighter than the one before."""
    pixels = portrait("young-man-curls").pixels
    rows = np.arange(height_px) * pixels.shape[0] // height_px
    columns = np.arange(width_px) * pixels.shape[1] // width_px
    y, u, v = rgb_to_planes(np.ascontiguousarray(pixels[rows][:, columns]))
    return [
        Frame(index=i, y=np.clip(y, 16, 230) + np.uint8(i % 4), u=u.copy(), v=v.copy())
        for i in range(count)
    ]


class MarkEngineContract:
    """What every mark engine must do; give it through the fixture ``engine``."""

    @pytest.fixture
    def engine(self) -> MarkEngine:
        """Give the engine under test, with its weights."""
        pytest.fail("Override the fixture 'engine' so that it returns your mark engine.")

    def marked(self, engine: MarkEngine, frames: list[Frame], film_id: str = FILM_ID) -> None:
        """Mark frames, in place."""
        height_px, width_px = frames[0].y.shape
        marker = engine.begin(film_id, width_px=width_px, height_px=height_px)
        assert isinstance(marker, FrameMarker)
        for frame in frames:
            marker.apply(frame)
        marker.close()

    def test_it_is_an_engine_that_can_be_planned_with(self, engine: MarkEngine) -> None:
        """It has what the protocol asks for, and says the same each time."""
        assert isinstance(engine, MarkEngine)
        assert isinstance(engine.traits, MarkTraits)
        assert engine.traits == engine.traits
        assert engine.traits.name
        assert engine.traits.licence
        assert engine.traits.bits >= 64
        assert engine.ready
        assert engine.identity() == engine.identity()
        assert engine.identity().startswith(f"{engine.traits.name}/{engine.traits.version}")

    @pytest.mark.parametrize("size", [(640, 480), (480, 854), (1280, 720)], ids=str)
    def test_what_it_hides_is_read_and_not_seen(
        self, engine: MarkEngine, size: tuple[int, int]
    ) -> None:
        """The id comes back whole, and the frames look as they did."""
        count = max(4, engine.traits.least_frames)
        plain = painted_frames(count, width_px=size[0], height_px=size[1])
        frames = painted_frames(count, width_px=size[0], height_px=size[1])

        self.marked(engine, frames)

        reading = engine.read(frames)
        assert reading.film_id == FILM_ID
        assert 0.5 < reading.confidence <= 1.0
        for before, after in zip(plain, frames, strict=True):
            assert after.y.shape == before.y.shape
            assert after.y.dtype == np.uint8
            assert not np.array_equal(after.y, before.y)
            error = np.mean((after.y.astype(float) - before.y) ** 2)
            assert 10 * np.log10(255**2 / error) >= LEAST_DB
            assert 16 <= int(after.y.min()) <= int(after.y.max()) <= 235

    def test_the_same_frame_is_marked_the_same(self, engine: MarkEngine) -> None:
        """Pixel for pixel: films can be made again."""
        one, other = painted_frames(2), painted_frames(2)

        self.marked(engine, one)
        self.marked(engine, other)

        for first, second in zip(one, other, strict=True):
            np.testing.assert_array_equal(first.y, second.y)

    def test_two_films_have_two_marks(self, engine: MarkEngine) -> None:
        """Each id is read as itself."""
        frames = painted_frames(max(4, engine.traits.least_frames))

        self.marked(engine, frames, OTHER_ID)

        assert engine.read(frames).film_id == OTHER_ID

    def test_where_there_is_no_mark_none_is_read(self, engine: MarkEngine) -> None:
        """Neither in pictures nor in even tones nor in nothing, and it says why."""
        even = [
            Frame(
                index=0,
                y=np.full((480, 640), level, np.uint8),
                u=np.full((240, 320), 128, np.uint8),
                v=np.full((240, 320), 128, np.uint8),
            )
            for level in (16, 128, 235)
        ]
        for frames in (painted_frames(4), even, even[:1], []):
            reading = engine.read(frames)
            assert isinstance(reading, EngineReading)
            assert reading.film_id is None
            assert reading.confidence == 0.0
            assert reading.why
