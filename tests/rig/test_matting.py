from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from painted_truth import figure
from rigs import rig
from vivant.painting import CAST
from vivant.rig.hair_edge import BACK, FRONT, STENCIL, UNSURE, lay_laplacian, solve_shares
from vivant.rig.layers import cut_person, own_colours
from vivant.rig.matting import lay_trimap

GREY_BEFORE_GREY = {"anna": 0.7, "martin": 0.7}
"""White hair before a ground as light: what differs by nothing is parted a little better than by the segmenter, not twice."""


@pytest.mark.parametrize("name", sorted(CAST))
def test_a_figure_is_parted_twice_as_well_as_by_the_segmenter(name: str) -> None:
    seen = figure(name)

    assert seen.error(cut_person(seen.ground)) < GREY_BEFORE_GREY.get(name, 0.5) * seen.plain_error


@pytest.mark.parametrize("backdrop", ["plain", "leaves", "flag"])
@pytest.mark.parametrize("name", ["young-woman-long-hair", "young-man-curls"])
def test_loose_hair_is_found_before_any_background(name: str, backdrop: str) -> None:
    seen = figure(name, backdrop=backdrop, strands=150)

    assert seen.error(cut_person(seen.ground)) < 0.5 * seen.plain_error


def test_colours_at_the_edge_are_the_persons_own() -> None:
    """Over another background, nothing of the old one shines."""
    seen = figure("young-woman-long-hair")
    alpha = cut_person(seen.ground)
    edge = (seen.truth > 0.2) & (seen.truth < 0.8) & (np.abs(alpha - seen.truth) < 0.15)
    own = own_colours(seen.ground, alpha)[edge].astype(float)
    photo = seen.ground.rgb[edge].astype(float)
    behind = np.array(CAST["young-woman-long-hair"].background, float)

    assert edge.sum() > 200
    assert np.abs(own - behind).mean() > 1.3 * np.abs(photo - behind).mean()


def test_a_portraits_matte_is_solid_in_the_face_and_clear_far_away() -> None:
    for name in ("hopper", "astronaut"):
        baked = rig(name)
        x, y = np.round(baked.landmarks[:, :2].mean(0)).astype(int)
        reach = round(0.2 * baked.face_height_px)

        assert baked.alpha[y - reach : y + reach, x - reach : x + reach].min() == 255
        assert baked.alpha[: reach // 4, : reach // 4].max() == 0


def test_a_mask_that_is_sure_everywhere_is_unsure_only_along_its_edge() -> None:
    mask = np.zeros((60, 80), np.float32)
    mask[20:, 30:60] = 1
    rows = np.full((60, 1), 4, np.float32)
    trimap = lay_trimap(mask, mask > 2, band=rows, doubt=np.full((60, 1), 0.1, np.float32))

    assert (trimap[cv2.erode(mask, np.ones((11, 11))) > 0] == FRONT).all()
    assert (trimap[cv2.dilate(mask, np.ones((11, 11))) == 0] == BACK).all()
    assert (trimap[20, 30:60] == UNSURE).all()


@given(
    colours=arrays(np.float32, (2, 3), elements=st.floats(0, 1, width=32)),
    shares=arrays(np.float32, (7,), elements=st.floats(0, 1, width=32)),
)
def test_shares_are_carried_where_colours_are_mixed(
    colours: np.ndarray, shares: np.ndarray
) -> None:
    """A picture mixed of two colours has those shares, though only its border is known."""
    one, other = colours
    if np.abs(one - other).max() < 0.2:
        other = 1 - np.round(one)
    wave = np.asarray(cv2.resize(shares[None], (14, 12), interpolation=cv2.INTER_LINEAR))
    wave[:, 7] = 1 - wave[:, 7]
    rgb = (wave[..., None] * one + (1 - wave[..., None]) * other).astype(np.float32)
    index = np.full(wave.shape, -1, np.int32)
    index[3:-3, 3:-3] = np.arange(48).reshape(6, 8)
    rows, columns = (at.astype(np.int32) for at in np.nonzero(index >= 0))
    table = np.zeros((48, STENCIL), np.float32)
    lay_laplacian(rgb, index, 1e-7, table)
    alpha = wave.astype(np.float64)
    alpha[3:-3, 3:-3] = 0.5
    nothing = np.zeros(48)

    solve_shares(table, rows, columns, nothing, nothing, alpha, 500, 1e-14)

    assert np.abs(table.sum(1)).max() < 1e-3
    assert np.abs(alpha - wave).max() < 0.05
