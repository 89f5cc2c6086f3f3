"""What was commanded is found again in the film, by the eyes that look at photos."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rigs import draw, faces, rgb, stage
from vivant.intake.engine import FoundFace

FRAMES = 14
WIDTH_PX, HEIGHT_PX = 640, 480


def apart(face: FoundFace, a: int, b: int) -> float:
    return float(np.linalg.norm(face.landmarks[a, :2] - face.landmarks[b, :2]))


def tall(face: FoundFace) -> float:
    return apart(face, 10, 168)


MEASURES: dict[str, tuple[float, Callable[[FoundFace], float]]] = {
    "jawOpen": (0.7, lambda face: apart(face, 13, 14) / tall(face)),
    "eyeBlink": (1.0, lambda face: -apart(face, 159, 145) - apart(face, 386, 374)),
    "yaw": (10.0, lambda face: face.yaw_deg),
    "mouthSmile": (0.8, lambda face: apart(face, 61, 291) / tall(face)),
    "mouthPucker": (0.8, lambda face: -apart(face, 61, 291) / tall(face)),
}


@pytest.mark.models
@pytest.mark.parametrize("name", ["hopper", "astronaut"])
@pytest.mark.parametrize("what", MEASURES)
def test_a_commanded_movement_is_found_again(name: str, what: str) -> None:
    most, measure = MEASURES[what]
    on = stage(name, width_px=WIDTH_PX, height_px=HEIGHT_PX)
    turns = np.linspace(0, 2 * np.pi, FRAMES)
    commanded = most * (np.sin(turns) if what == "yaw" else 0.5 - 0.5 * np.cos(turns))

    seen = []
    for amount in commanded:
        found = faces().find(rgb(draw(on, **{what: float(amount)})))
        assert len(found) == 1
        seen.append(measure(found[0]))

    correlation = float(np.corrcoef(commanded, seen)[0, 1])
    print(f"{name} {what}: {correlation:.3f}")  # noqa: T201
    assert abs(correlation) >= 0.9 if what == "yaw" else correlation >= 0.9
