"""One photo of a person becomes another."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.render.bust.becoming import gives_way


@pytest.mark.parametrize(("amount", "least", "most"), [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)])
def test_before_and_after_only_one_of_them_is_seen(
    amount: float, least: float, most: float
) -> None:
    share = gives_way(180, 320, amount=amount, eyes_px=(160, 70), face_px=60)

    assert share.min() == pytest.approx(least, abs=0.02)
    assert share.max() == pytest.approx(most, abs=0.02)


def test_clothes_change_first_and_the_face_evenly() -> None:
    share = gives_way(180, 320, amount=0.45, eyes_px=(160, 70), face_px=60)
    hem, face = share[170, 160], share[60:90, 145:175]

    assert hem > face.mean()
    assert np.ptp(face) < 0.35


def test_nothing_jumps_from_frame_to_frame() -> None:
    shares = [
        gives_way(90, 160, amount=a, eyes_px=(80, 35), face_px=30) for a in np.linspace(0, 1, 60)
    ]
    steps = np.abs(np.diff(np.array(shares), axis=0))

    assert steps.max() < 0.13
    assert (np.diff(np.array(shares), axis=0) >= -1e-6).all(), "nothing comes back"
