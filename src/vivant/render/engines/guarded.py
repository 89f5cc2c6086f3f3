"""A render engine behind a guard: some poses are drawn and measured first, and the embedded engine steps in where they are bad."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.errors import EngineBrokeError
from vivant.intake.engine import FaceEngine
from vivant.media.face import SHAPE
from vivant.media.planes import planes_to_rgb
from vivant.render.engine import RenderEngine, RenderTraits, Stage
from vivant.render.engines.puppet import PuppetEngine
from vivant.render.judging import Verdict, judge_poses
from vivant.rig.rig import Rig

POSES: tuple[tuple[dict[str, float], tuple[float, float, float]], ...] = (
    ({}, (0, 0, 0)),
    ({"jawOpen": 0.35, "mouthSmileLeft": 0.4, "mouthSmileRight": 0.4}, (0, 0, 0)),
    ({"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}, (0, 4, 0)),
    ({"mouthPucker": 0.6}, (9, 0, 0)),
    ({"browInnerUp": 0.5, "jawOpen": 0.2}, (-9, -3, 4)),
)
"""Shapes, and yaw, pitch, roll in degrees: what a film asks for."""


class GuardedEngine:
    """Draws with an engine if what it draws of this person is good enough, and says so if not."""

    def __init__(self, engine: RenderEngine, *, faces: FaceEngine) -> None:
        """Choose whom to guard, and who sees faces."""
        self._engine, self._faces = engine, faces
        self.verdict = Verdict()
        """Of the rig that was opened last."""

    @property
    def traits(self) -> RenderTraits:
        """What the guarded engine can do."""
        return self._engine.traits

    @property
    def word(self) -> str:
        """Say to people that the embedded engine stepped in; empty where it did not."""
        if self.verdict.good:
            return ""
        return f"What {self.traits.name} draws of this person cannot be shown, so the embedded engine drew: {'; '.join(self.verdict.why)}."

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> Stage:
        """Open the rig, look at some poses, and open it with the embedded engine if they are bad.

        Raises:
            MissingError: The guarded engine lacks a library or weights: that is said, not covered up.
        """
        ours: Stage = PuppetEngine().open(
            rig, width_px=width_px, height_px=height_px, threads=threads
        )
        stage = self._engine.open(rig, width_px=width_px, height_px=height_px, threads=threads)
        try:
            self.verdict = judge_poses(
                [_posed(stage, place) for place in range(len(POSES))],
                first=_posed(ours, 0),
                people={"person": self._faces.vector(rig.photo, rig.landmarks)},
                faces=self._faces,
            )
        except EngineBrokeError as error:
            self.verdict = Verdict(why=(str(error),))
        except BaseException:
            stage.close()
            ours.close()
            raise
        good, other = (stage, ours) if self.verdict.good else (ours, stage)
        other.close()
        return good


def _posed(stage: Stage, place: int) -> np.ndarray:
    amounts, (yaw, pitch, roll) = POSES[place]
    shapes = np.zeros(52, np.float32)
    for name, amount in amounts.items():
        shapes[SHAPE[name]] = amount
    head: Float32[np.ndarray, " 6"] = np.array([yaw, pitch, roll, 0, 0, 0], np.float32)
    frame = stage.draw(place, shapes=shapes, head=head, breath=0.5)
    return planes_to_rgb(frame.y, frame.u, frame.v)
