"""Triangles become pixels: without holes, at the right depth, in the right colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raster_surfaces import facing, mesh, plain, square
from vivant.render.raster.canvas import Canvas
from vivant.scene.mesh import Mesh
from vivant.scene.view import look

W, H = 96, 64


def rough_sheet(seed: int, count: int = 12) -> Mesh:
    """A wavy sheet, larger than the picture, of triangles of all shapes."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(-4, 4, count), np.linspace(-4, 4, count))
    x = x + rng.uniform(-0.3, 0.3, x.shape)
    y = y + rng.uniform(-0.3, 0.3, x.shape)
    points = np.stack([x, y, rng.uniform(-0.4, 0.4, x.shape)], -1).reshape(-1, 3)
    index = np.arange(count * count).reshape(count, count)
    a, b, c, d = (
        part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:])
    )
    return mesh(points, np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, c], 1)]))


@given(seed=st.integers(0, 10_000))
def test_a_sheet_has_no_holes(seed: int) -> None:
    sheet = rough_sheet(seed)
    canvas = Canvas(W, H, threads=1)

    canvas.draw(facing(), [sheet], [plain(sheet)])

    assert canvas.alpha.min() == 1
    assert np.abs(canvas.rgb - [1.0, 0.5, 0.25]).max() < 1e-4


@given(seed=st.integers(0, 10_000), x=st.floats(-0.2, 0.2))
def test_a_sheet_has_no_holes_while_the_camera_moves(seed: int, x: float) -> None:
    sheet = rough_sheet(seed)
    canvas = Canvas(W, H, threads=1)

    canvas.draw(facing(), [sheet], [plain(sheet)], close=facing(x=x, away=2.9))

    assert canvas.alpha.min() == 1


def test_coverage_is_the_area() -> None:
    """Six hundred odd pixels, with edges across pixels, at a slant."""
    turn = np.radians(17.0)
    flat = square(0.8)
    spin = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    slanted = replace(flat, points_m=(flat.points_m @ spin.T).astype(np.float32))
    canvas = Canvas(W, H)
    view = facing()

    canvas.draw(view, [slanted], [plain(slanted)])

    area = (0.8 * view.px_per_m / 3.0) ** 2
    assert abs(canvas.alpha.sum() - area) / area < 0.01


def test_the_nearer_surface_is_seen_whatever_the_order() -> None:
    near, far = square(0.5, z=-0.5), square(2.0, z=0.5)
    canvas = Canvas(W, H)
    view = facing()
    seen = []
    for order in ((near, far), (far, near)):
        colours = [plain(of, (1, 0, 0) if of is near else (0, 1, 0)) for of in order]
        canvas.draw(view, order, colours)
        seen.append((canvas.rgb.copy(), canvas.depth.copy()))

    assert np.array_equal(seen[0][0], seen[1][0])
    assert seen[0][0][H // 2, W // 2].tolist() == [1, 0, 0]
    assert seen[0][1][H // 2, W // 2] == pytest.approx(2.5, rel=1e-5)
    assert seen[0][0][H // 2, 25].tolist() == [0, 1, 0]
    assert seen[0][1][H // 2, 25] == pytest.approx(3.5, rel=1e-5)
    assert np.isinf(seen[0][1][0, 0])


def test_threads_do_not_change_the_picture() -> None:
    sheet = rough_sheet(3, 30)
    rng = np.random.default_rng(1)
    colours = rng.random((len(sheet.points_m), 3)).astype(np.float32)
    seen = []
    for threads in (1, 2, 3):
        canvas = Canvas(W, H, threads=threads)
        canvas.draw(facing(), [sheet], [colours])
        canvas.close()
        seen.append((canvas.rgb, canvas.alpha, canvas.depth))

    for other in seen[1:]:
        assert all(np.array_equal(one, two) for one, two in zip(seen[0], other, strict=True))


def test_colours_are_right_in_perspective() -> None:
    """A floor that goes from under the camera to far away shows its own z as red."""
    points = [[-50, -1, -10], [50, -1, -10], [-50, -1, 60], [50, -1, 60]]
    floor = mesh(points, [[0, 2, 1], [1, 2, 3]])
    colours = np.zeros((4, 3), np.float32)
    colours[:, 0] = [0.0, 0.0, 70.0, 70.0]
    canvas, view = Canvas(W, H), facing()

    canvas.draw(view, [floor], [colours])

    rows = np.arange(45, H)
    way = view.rays(np.full(len(rows), 30.0), rows.astype(float))
    depth = -1.0 / way[:, 1]
    expected = view.position_m[2] + depth * way[:, 2] + 10
    assert np.allclose(canvas.rgb[rows, 30, 0], expected, rtol=2e-3)
    assert np.allclose(canvas.depth[rows, 30], depth, rtol=0.06)
    assert canvas.alpha[H - 1].min() == 1


def test_what_is_behind_the_camera_is_not_drawn() -> None:
    behind = square(5.0, z=-9.0)
    canvas = Canvas(W, H)

    canvas.draw(facing(), [behind], [plain(behind)])

    assert canvas.alpha.max() == 0
    assert np.isinf(canvas.depth).all()


def test_a_closed_surface_hides_its_inside() -> None:
    front = square(1.0, closed=True)
    back = replace(front, triangles=np.ascontiguousarray(front.triangles[:, ::-1]))
    canvas = Canvas(W, H)

    canvas.draw(facing(), [front], [plain(front)])
    seen = float(canvas.alpha.sum())
    canvas.draw(facing(), [back], [plain(back)])

    assert seen > 100
    assert canvas.alpha.sum() == 0


def test_a_texture_lies_where_its_points_say() -> None:
    texture = np.zeros((8, 8, 4), np.float32)
    texture[..., 3] = 1
    texture[:, 4:, 0] = 2.0
    shown = square(
        1.0,
        texture=texture,
        uv=np.array([[7, 7], [0, 7], [0, 0], [7, 0]], np.float32),
        texture_weight=np.ones(4, np.float32),
    )
    light = np.ones((4, 6), np.float32)
    light[:, :3] = 0.8  # what the bare surface sends back of a light of 1
    canvas, view = Canvas(W, H), facing()

    canvas.draw(view, [shown], [light])

    right = canvas.rgb[H // 2, view.project(np.array([[0.3, 0, 0]]))[0, 0].astype(int)]
    left = canvas.rgb[H // 2, view.project(np.array([[-0.3, 0, 0]]))[0, 0].astype(int)]
    assert max(right[0], left[0]) == pytest.approx(2.0, rel=1e-4)
    assert min(right[0], left[0]) == pytest.approx(0.0, abs=1e-4)
    assert right[1] == pytest.approx(0.0, abs=1e-4)


def test_a_texture_without_weight_leaves_the_surface_as_it_is() -> None:
    shown = square(
        1.0,
        texture=np.ones((4, 4, 4), np.float32),
        uv=np.zeros((4, 2), np.float32),
        texture_weight=np.zeros(4, np.float32),
    )
    light = np.full((4, 6), 0.4, np.float32)
    canvas = Canvas(W, H)

    canvas.draw(facing(), [shown], [light])

    assert canvas.rgb[H // 2, W // 2] == pytest.approx([0.4] * 3, rel=1e-4)


def test_the_shutter_blurs_what_moves_and_loses_nothing() -> None:
    """A square moves by four pixels: its edges are soft over four, its area stays."""
    thing = square(0.5)
    view = facing()
    away = 4 * 3.0 / view.px_per_m
    later = (thing.points_m + np.array([away, 0, 0])).astype(np.float32)
    canvas = Canvas(W, H)
    canvas.draw(view, [thing], [plain(thing)])
    still = canvas.alpha.copy()

    canvas.draw(view, [thing], [plain(thing)], close_points_m=[later])

    middle = canvas.alpha[H // 2]
    assert abs(canvas.alpha.sum() - still.sum()) / still.sum() < 0.03
    assert ((middle > 0.1) & (middle < 0.9)).sum() >= 6
    assert ((still[H // 2] > 0.1) & (still[H // 2] < 0.9)).sum() <= 2


def test_a_veil_adds_light_and_covers_nothing() -> None:
    veil, before = square(1.0, material="light"), square(0.3, z=-0.5)
    canvas = Canvas(W, H)

    canvas.draw(facing(), [veil, before], [plain(veil), plain(before, (0.1, 0.1, 0.1))])

    beside = (H // 2, W // 2 + 12)
    assert canvas.alpha[beside] == 0
    assert canvas.rgb[beside] == pytest.approx([1.0, 0.5, 0.25], rel=1e-4)
    assert canvas.rgb[H // 2, W // 2] == pytest.approx([0.1] * 3, rel=1e-4)


def test_thin_bars_keep_their_light_while_they_move() -> None:
    """Bars a third of a pixel wide do not flicker as the camera drifts by fractions of a pixel."""
    parts: list[list[float]] = []
    triangles: list[list[int]] = []
    for bar in range(7):
        x = -0.6 + bar * 0.2
        first = len(parts)
        parts += [[x, -0.6, 0], [x + 0.011, -0.6, 0], [x + 0.011, 0.6, 0], [x, 0.6, 0]]
        triangles += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
    bars = mesh(parts, triangles)
    canvas = Canvas(W, H)
    total = []
    for step in range(8):
        view = look(
            np.array([step * 0.003, 0, -3.0]),
            np.array([step * 0.003 + 0.1, 0.02, 0]),
            fov_deg=40,
            width_px=W,
            height_px=H,
            roll_deg=9.0,
        )
        canvas.draw(view, [bars], [plain(bars)])
        total.append(float(canvas.alpha.sum()))

    assert np.std(total) / np.mean(total) < 0.05


def test_a_locked_off_camera_sees_the_same_twice() -> None:
    sheet = rough_sheet(5, 40)
    canvas = Canvas(W, H)
    rng = np.random.default_rng(2)
    colours = rng.random((len(sheet.points_m), 3)).astype(np.float32)
    canvas.draw(facing(), [sheet], [colours])
    first = canvas.rgb.copy()
    canvas.draw(facing(x=0.4), [sheet], [colours])

    canvas.draw(facing(), [sheet], [colours])

    assert np.array_equal(first, canvas.rgb)


def test_nothing_to_draw_empties_the_picture() -> None:
    thing = square()
    canvas = Canvas(W, H)
    canvas.draw(facing(), [thing], [plain(thing)])

    canvas.draw(facing(), [], [])

    assert canvas.alpha.max() == 0
    assert np.isinf(canvas.depth).all()


def test_a_view_of_another_size_is_refused() -> None:
    thing = square()
    with pytest.raises(ValueError, match="100 x 64"):
        Canvas(W, H).draw(facing(width=100), [thing], [plain(thing)])
    with pytest.raises(ValueError, match="1 meshes and 0"):
        Canvas(W, H).draw(facing(), [thing], [])


def test_many_triangles_stay_within_their_memory() -> None:
    """A hundred and fifty thousand triangles at 1280 x 720."""
    sheet = rough_sheet(1, 275)
    canvas = Canvas(1280, 720)

    canvas.draw(facing(width=1280, height=720), [sheet], [plain(sheet)])

    assert len(sheet.triangles) > 150_000
    assert canvas.bytes < 90e6
