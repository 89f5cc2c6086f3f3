"""Contracts that every engine must keep: subclass one in a test, and give it your engine.

```python
class TestToneVoice(VoiceEngineContract):
    @pytest.fixture
    def engine(self) -> ToneVoice:
        return ToneVoice()
```
Needs pytest.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from jaxtyping import UInt8

from vivant.intake.engine import FaceEngine, FaceTraits
from vivant.media.face import SHAPE
from vivant.media.picture import Frame
from vivant.painting import Painted, paint_cat, portrait
from vivant.render.engine import RenderEngine, RenderTraits
from vivant.rig.rig import Rig
from vivant.voice.engine import Line, VoiceEngine, VoiceTraits
from vivant.voice.speaking import speak

SENTENCE = "We go home, and they stay here."
PUPILS = (468, 473)
NEAR = 0.12
"""How far a pupil may lie from the painted one, in eye distances."""


class VoiceEngineContract:
    """What every voice engine must do; give it through the fixture ``engine``."""

    @pytest.fixture
    def engine(self) -> VoiceEngine:
        """Give the engine under test."""
        pytest.fail("Override the fixture 'engine' so that it returns your voice engine.")

    @pytest.fixture
    def line(self, engine: VoiceEngine) -> Line:
        """Give a line that the engine can say; override it for a voice without English."""
        english = sorted(tag for tag in engine.traits.languages if tag.startswith("en"))
        if not english:
            pytest.fail(
                "The voice has no English: override the fixture 'line' with a line it can say."
            )
        return Line(text=SENTENCE, language=english[0])

    def test_it_is_an_engine(self, engine: VoiceEngine) -> None:
        """It has what the protocol asks for."""
        assert isinstance(engine, VoiceEngine)

    def test_its_traits_can_be_planned_with(self, engine: VoiceEngine) -> None:
        """They are complete, and say the same each time."""
        traits = engine.traits

        assert isinstance(traits, VoiceTraits)
        assert traits == engine.traits
        assert traits.name
        assert traits.version
        assert traits.licence
        assert traits.languages
        assert 8_000 <= traits.sample_rate_hz <= 192_000

    def test_a_line_is_heard(self, engine: VoiceEngine, line: Line) -> None:
        """It is mono, within full scale, and neither silent nor endless."""
        samples = engine.say(line).samples

        assert samples.ndim == 1
        assert samples.dtype == np.float32
        assert np.isfinite(samples).all()
        assert 0.01 < float(np.abs(samples).max()) <= 1.0
        assert 0.2 < len(samples) / engine.traits.sample_rate_hz < 60

    def test_the_same_line_sounds_the_same(self, engine: VoiceEngine, line: Line) -> None:
        """Sample for sample: films can be made again."""
        np.testing.assert_array_equal(engine.say(line).samples, engine.say(line).samples)

    def test_threads_may_share_it(self, engine: VoiceEngine, line: Line) -> None:
        """Two lines said at once sound like two lines said one after the other."""
        alone = engine.say(line).samples

        with ThreadPoolExecutor(2) as pool:
            together = list(pool.map(lambda _: engine.say(line).samples, range(4)))

        for samples in together:
            np.testing.assert_array_equal(samples, alone)

    def test_timings_are_given_when_promised(self, engine: VoiceEngine, line: Line) -> None:
        """Phones cover the sound without gap or overlap, words lie inside it in order."""
        said = engine.say(line)

        assert bool(said.phones) == engine.traits.gives_timings
        if said.phones:
            assert said.phones[0].first == 0
            assert said.phones[-1].last == len(said.samples)
            for before, after in zip(said.phones[:-1], said.phones[1:], strict=True):
                assert before.last == after.first
        ends = [edge for word in said.words for edge in (word.first, word.last)]
        assert ends == sorted(ends)
        assert all(0 <= edge <= len(said.samples) for edge in ends)

    def test_the_room_accepts_its_sound(self, engine: VoiceEngine, line: Line) -> None:
        """``speak`` takes it, and keeps what was asked to be said."""
        speech = speak(line.text, language=line.language, engine=engine)

        assert speech.text == line.text
        assert speech.sound.sample_rate_hz == engine.traits.sample_rate_hz
        assert speech.synthetic


class FaceEngineContract:
    """What every engine that sees faces must do; give it through the fixture ``engine``."""

    @pytest.fixture
    def engine(self) -> FaceEngine:
        """Give the engine under test."""
        pytest.fail("Override the fixture 'engine' so that it returns your face engine.")

    @pytest.fixture
    def painted(self) -> Painted:
        """Give a painted person to look at."""
        return portrait("man-bald", width_px=384, height_px=480)

    def test_it_is_an_engine(self, engine: FaceEngine) -> None:
        """It has what the protocol asks for."""
        assert isinstance(engine, FaceEngine)

    def test_its_traits_can_be_planned_with(self, engine: FaceEngine) -> None:
        """They are complete, and say the same each time."""
        traits = engine.traits

        assert isinstance(traits, FaceTraits)
        assert traits == engine.traits
        assert traits.version
        assert traits.smallest_eye_distance_px > 0
        assert traits.most_faces >= 1

    def test_it_finds_the_painted_person_where_the_painter_put_them(
        self, engine: FaceEngine, painted: Painted
    ) -> None:
        """Pupils lie on the painted pupils, angles near the painted angle, shapes in range."""
        faces = engine.find(painted.pixels)

        assert len(faces) == 1
        seen, truth = faces[0], painted.truth.pupils
        away = np.linalg.norm(seen.landmarks[list(PUPILS), :2] - truth, axis=1)
        assert away.max() < NEAR * np.linalg.norm(truth[0] - truth[1])
        assert seen.yaw_deg == pytest.approx(painted.truth.head_yaw_deg, abs=8)
        assert seen.landmarks.shape == (478, 3)
        assert seen.shapes.shape == (52,)
        assert 0 <= float(seen.shapes.min()) <= float(seen.shapes.max()) <= 1
        np.testing.assert_allclose(seen.matrix[3], (0, 0, 0, 1), atol=1e-4)

    def test_a_cat_and_an_empty_wall_have_no_face(self, engine: FaceEngine) -> None:
        """Only people count."""
        assert engine.find(paint_cat(width_px=384, height_px=480)) == ()
        assert engine.find(np.full((240, 320, 3), 128, np.uint8)) == ()

    def test_the_same_picture_gives_the_same_numbers(
        self, engine: FaceEngine, painted: Painted
    ) -> None:
        """Nothing is kept from one picture to the next."""
        first = engine.find(painted.pixels)[0]
        engine.find(np.zeros((64, 64, 3), np.uint8))

        np.testing.assert_array_equal(engine.find(painted.pixels)[0].landmarks, first.landmarks)

    def test_it_tells_the_person_from_the_background(
        self, engine: FaceEngine, painted: Painted
    ) -> None:
        """The mask has the picture's size, lies in 0..1 and agrees with the painter."""
        mask = engine.segment(painted.pixels)

        assert mask.shape == painted.pixels.shape[:2]
        assert mask.dtype == np.float32
        assert 0 <= float(mask.min()) <= float(mask.max()) <= 1
        seen, true = mask > 0.5, painted.truth.person > 127
        assert (seen & true).sum() > 0.9 * (seen | true).sum()

    def test_a_face_becomes_a_vector_of_length_one(
        self, engine: FaceEngine, painted: Painted
    ) -> None:
        """The same face gives the same vector, and a little noise hardly moves it."""
        landmarks = engine.find(painted.pixels)[0].landmarks
        noise = np.random.default_rng(1).normal(0, 2, painted.pixels.shape)
        noisy = np.clip(painted.pixels + noise, 0, 255).astype(np.uint8)

        vector = engine.vector(painted.pixels, landmarks)

        assert vector.shape == (128,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
        assert float(vector @ engine.vector(noisy, landmarks)) > 0.95

    def test_it_follows_a_face_through_a_film(self, engine: FaceEngine, painted: Painted) -> None:
        """It keeps the face when it moves, and says so when it is gone."""
        follower = engine.follow()
        try:
            seen = [follower.next(frame, 40 * i) for i, frame in enumerate(_moving(painted.pixels))]
            gone = follower.next(np.zeros_like(painted.pixels), 4_000)
        finally:
            follower.close()

        places = [face.landmarks[list(PUPILS), 0].mean() for face in seen if face is not None]
        assert len(places) == len(seen)
        assert places[-1] - places[0] == pytest.approx(12, abs=4)
        assert gone is None


class RenderEngineContract:
    """What every render engine must do; give it and a rig through ``engine`` and ``rig``."""

    @pytest.fixture
    def engine(self) -> RenderEngine:
        """Give the engine under test."""
        pytest.fail("Override the fixture 'engine' so that it returns your render engine.")

    @pytest.fixture
    def rig(self) -> Rig:
        """Give a rig to draw."""
        pytest.fail(
            "Override the fixture 'rig' so that it returns a rig; bake it once for the module."
        )

    def test_it_is_an_engine(self, engine: RenderEngine) -> None:
        """It has what the protocol asks for."""
        assert isinstance(engine, RenderEngine)

    def test_its_traits_can_be_planned_with(self, engine: RenderEngine) -> None:
        """They are complete, and say the same each time."""
        traits = engine.traits

        assert isinstance(traits, RenderTraits)
        assert traits == engine.traits
        assert traits.name
        assert traits.version
        assert traits.licence
        assert traits.yaw_limit_deg > 0
        assert traits.pitch_limit_deg > 0

    @pytest.mark.parametrize(("width_px", "height_px"), [(256, 256), (320, 180), (180, 320)])
    def test_a_frame_has_the_size_that_was_asked(
        self, engine: RenderEngine, rig: Rig, width_px: int, height_px: int
    ) -> None:
        """Luma is whole, chroma half; values keep to the range of video."""
        frame = _draw(engine, rig, size=(width_px, height_px))

        assert frame.y.shape == (height_px, width_px)
        assert frame.u.shape == frame.v.shape == (height_px // 2, width_px // 2)
        assert frame.y.dtype == frame.u.dtype == frame.v.dtype == np.uint8
        assert int(frame.y.min()) >= 16
        assert int(frame.y.max()) <= 235
        assert int(np.ptp(frame.y)) > 30

    def test_the_same_curves_give_the_same_frame(self, engine: RenderEngine, rig: Rig) -> None:
        """Whatever was drawn before, and with however many threads."""
        first = _draw(engine, rig, jaw=0.4)
        again = _draw(engine, rig, jaw=0.4, threads=1, before=0.9)

        np.testing.assert_array_equal(first.y, again.y)
        np.testing.assert_array_equal(first.u, again.u)

    def test_planes_belong_to_the_caller(self, engine: RenderEngine, rig: Rig) -> None:
        """What is written into a frame does not come back in the next one."""
        stage = engine.open(rig, width_px=256, height_px=256, threads=1)
        try:
            first = stage.draw(0, shapes=_rest(), head=_still(), breath=0.5)
            kept = first.y.copy()
            first.y[:] = 16
            second = stage.draw(1, shapes=_rest(), head=_still(), breath=0.5)
        finally:
            stage.close()

        assert (first.index, second.index) == (0, 1)
        np.testing.assert_array_equal(second.y, kept)

    def test_the_mouth_moves_and_the_background_does_not(
        self, engine: RenderEngine, rig: Rig
    ) -> None:
        """Opening the jaw changes the picture; its upper corners stay as they are."""
        shut, wide = _draw(engine, rig), _draw(engine, rig, jaw=0.7)

        assert int(np.abs(shut.y.astype(int) - wide.y).max()) > 20
        np.testing.assert_array_equal(shut.y[:24, :24], wide.y[:24, :24])
        np.testing.assert_array_equal(shut.y[:24, -24:], wide.y[:24, -24:])

    def test_wild_curves_are_drawn_without_folding(self, engine: RenderEngine, rig: Rig) -> None:
        """Whatever is asked, no cell turns over and nothing fails."""
        random = np.random.default_rng(3)
        stage = engine.open(rig, width_px=256, height_px=256, threads=1)
        try:
            for index in range(6):
                shapes = random.uniform(0, 1, 52).astype(np.float32)
                head = random.normal(0, 25, 6).astype(np.float32) * (1, 1, 1, 0.001, 0.001, 0.001)
                stage.draw(index, shapes=shapes, head=head.astype(np.float32), breath=1.0)
            folded = stage.folded
        finally:
            stage.close()

        assert folded == 0

    def test_closing_twice_is_allowed(self, engine: RenderEngine, rig: Rig) -> None:
        """A stage that was let go stays so."""
        stage = engine.open(rig, width_px=256, height_px=256, threads=1)

        stage.close()
        stage.close()


def _rest() -> np.ndarray:
    return np.zeros(52, np.float32)


def _still() -> np.ndarray:
    return np.zeros(6, np.float32)


def _draw(
    engine: RenderEngine,
    rig: Rig,
    *,
    jaw: float = 0.0,
    size: tuple[int, int] = (256, 256),
    threads: int = 2,
    before: float | None = None,
) -> Frame:
    shapes = _rest()
    stage = engine.open(rig, width_px=size[0], height_px=size[1], threads=threads)
    try:
        if before is not None:
            shapes[SHAPE["jawOpen"]] = before
            stage.draw(0, shapes=shapes, head=_still() + 3, breath=0.9)
        shapes = _rest()
        shapes[SHAPE["jawOpen"]] = jaw
        return stage.draw(1, shapes=shapes, head=_still(), breath=0.5)
    finally:
        stage.close()


def _moving(
    pixels: UInt8[np.ndarray, "height width 3"],
) -> list[UInt8[np.ndarray, "height width 3"]]:
    return [np.roll(pixels, 3 * i, axis=1) for i in range(5)]
