"""The kernel against its NumPy oracle, and the promises it makes to the picture."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kernel_in_numpy as reference
from vivant.render import kernel

SOLID = np.uint32(0xFF << 24)
seeds = st.integers(0, 2**32 - 1)


def noise(seed: int, width: int, height: int, *, solid: bool = False) -> np.ndarray:
    """Make valid premultiplied texels at random."""
    random = np.random.default_rng(seed)
    alpha = np.full((height, width), 255) if solid else random.integers(0, 256, (height, width))
    y, u, v = (random.integers(0, alpha + 1).astype(np.uint8) for _ in range(3))
    return kernel.pack(y, u, v, alpha.astype(np.uint8))


def mesh(width: float, height: float, across: int, down: int) -> tuple[np.ndarray, np.ndarray]:
    """Lay a grid of triangles over a rectangle that begins at (0, 0)."""
    x, y = np.meshgrid(np.linspace(0, width, across + 1), np.linspace(0, height, down + 1))
    points = np.stack([x, y], axis=-1).reshape(-1, 2).astype(np.float32)
    first = (np.arange(down)[:, None] * (across + 1) + np.arange(across)).ravel()
    below = first + across + 1
    upper = np.stack([first, first + 1, below + 1], axis=1)
    lower = np.stack([first, below + 1, below], axis=1)
    return points, np.concatenate([upper, lower]).astype(np.int32)


def shaken(points: np.ndarray, seed: int, by: float) -> np.ndarray:
    random = np.random.default_rng(seed)
    return (points + random.uniform(-by, by, points.shape)).astype(np.float32)


def every(triangles: np.ndarray, *, solid: bool) -> np.ndarray:
    return np.full(len(triangles), solid)


def apart(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.abs(reference.channels(a) - reference.channels(b)).max())


@given(seed=seeds)
def test_texels_survive_being_taken_apart(seed: int) -> None:
    texels = noise(seed, 5, 3)

    assert (kernel.pack(*kernel.unpack(texels)) == texels).all()


@given(seed=seeds, width=st.integers(2, 40), height=st.integers(2, 40))
def test_a_picture_drawn_where_it_is_does_not_change(seed: int, width: int, height: int) -> None:
    texture = noise(seed, width, height, solid=True)
    canvas = np.full_like(texture, SOLID)
    points, triangles = mesh(width, height, 3, 2)

    kernel.draw(
        canvas,
        texture,
        vertices=points,
        uv=points,
        triangles=triangles,
        opaque=every(triangles, solid=True),
    )

    assert (canvas == texture).all()


@given(seed=seeds, sharp=st.booleans(), solid=st.booleans())
def test_the_kernel_agrees_with_plain_numpy(seed: int, sharp: bool, solid: bool) -> None:
    texture = noise(seed, 23, 17, solid=solid)
    if sharp:
        texture = np.pad(texture, ((1, 2), (1, 2)), mode="edge")
    canvas = noise(seed + 1, 31, 26, solid=True)
    points, triangles = mesh(22, 16, 3, 2)
    vertices = shaken(points * 1.2, seed, 6.0)  # folds too
    opaque = np.random.default_rng(seed).random(len(triangles)) < 0.5
    wanted = reference.draw(canvas, texture, vertices, points, triangles, opaque, sharp=sharp)

    (kernel.draw_sharp if sharp else kernel.draw)(
        canvas, texture, vertices=vertices, uv=points, triangles=triangles, opaque=opaque
    )

    assert apart(canvas, wanted) <= 4  # rounding of up to four layers


@given(
    seed=seeds,
    alpha=st.sampled_from([1, 77, 128, 254, 255]),
    across=st.integers(1, 12),
    down=st.integers(1, 12),
    sharp=st.booleans(),
)
def test_one_colour_stays_one_colour_without_holes_or_double_paint(
    seed: int, alpha: int, across: int, down: int, sharp: bool
) -> None:
    """A half-clear colour shows both: a hole keeps what was there, double paint adds to it."""
    shade = alpha // 2
    one = np.full((64, 64), shade | shade << 8 | shade << 16 | alpha << 24, np.uint32)
    points, triangles = mesh(63, 63, across, down)
    shift = shaken(points, seed, 0.24 * 63 / max(across, down))  # never folds
    edge = ((points == 0) | (points == 63)).any(axis=1)
    vertices = np.where(edge[:, None], points, shift).astype(np.float32)
    canvas = np.full((64, 64), SOLID)

    (kernel.draw_sharp if sharp else kernel.draw)(
        canvas,
        np.pad(one, ((1, 2), (1, 2)), mode="edge") if sharp else one,
        vertices=vertices,
        uv=points,
        triangles=triangles,
        opaque=every(triangles, solid=False),
    )

    within = canvas[:63, :63]  # the right and lower edges belong to the next mesh
    assert (within == within[0, 0]).all()
    assert within[0, 0] >> 8 == (shade | shade << 8 | 255 << 16)
    assert (canvas[63] == SOLID).all()


@given(seed=seeds, cuts=st.lists(st.integers(0, 40), max_size=3), sharp=st.booleans())
def test_bands_of_rows_make_the_same_picture_as_one_call(
    seed: int, cuts: list[int], sharp: bool
) -> None:
    texture = noise(seed, 30, 30)
    points, triangles = mesh(29, 29, 4, 4)
    vertices = shaken(points * 1.4, seed, 4.0)
    whole, parts = np.full((2, 40, 40), SOLID)
    draw = kernel.draw_sharp if sharp else kernel.draw

    def paint(canvas: np.ndarray, row0: int, row1: int | None) -> None:
        draw(
            canvas,
            texture,
            vertices=vertices,
            uv=points,
            triangles=triangles,
            opaque=every(triangles, solid=False),
            row0=row0,
            row1=row1,
        )

    paint(whole, 0, None)
    edges = [0, *sorted(cuts), 40]
    bands = [
        threading.Thread(target=paint, args=(parts, low, high))
        for low, high in itertools.pairwise(edges)
    ]
    for band in bands:
        band.start()
    for band in bands:
        band.join()

    assert (whole == parts).all()


wild = st.one_of(
    st.floats(width=32),
    st.sampled_from([np.nan, np.inf, -np.inf, 3.4e38, -3.4e38, 1e-38, 0.0]),
    st.floats(-50, 50, width=32),
)


@given(
    numbers=st.lists(wild, min_size=24, max_size=24),
    corners=st.lists(st.integers(-3, 9), min_size=9, max_size=9),
    row0=st.integers(-50, 50),
    row1=st.integers(-50, 50),
    sharp=st.booleans(),
)
def test_wild_coordinates_never_write_outside_the_canvas(
    numbers: list[float], corners: list[int], row0: int, row1: int, sharp: bool
) -> None:
    guarded = np.full((48, 20), 0xDEADBEEF, np.uint32)
    canvas = guarded[16:32]
    points = np.array(numbers, np.float32).reshape(2, 6, 2)

    (kernel.draw_sharp if sharp else kernel.draw)(
        canvas,
        noise(1, 7, 7),
        vertices=points[0],
        uv=points[1],
        triangles=np.array(corners, np.int32).reshape(3, 3),
        opaque=np.array([True, False, True]),
        row0=row0,
        row1=row1,
    )

    assert (guarded[:16] == 0xDEADBEEF).all()
    assert (guarded[32:] == 0xDEADBEEF).all()


def test_a_sharp_picture_at_rest_is_the_photo_and_in_motion_as_sharp_as_the_photo(
    photo: np.ndarray,
) -> None:
    height, width = photo.shape[:2]
    texture = kernel.sharp_texture(photo, np.full((height, width), 255, np.uint8))
    points, triangles = mesh(width - 1, height - 1, 1, 1)
    wanted = kernel.unpack(kernel.texture_from_rgba(photo, np.full((height, width), 255, np.uint8)))

    def seen(shift: tuple[float, float]) -> np.ndarray:
        canvas = np.full((height, width), SOLID)
        kernel.draw_sharp(
            canvas,
            texture,
            vertices=(points + np.array(shift, np.float32)),
            uv=points,
            triangles=triangles,
            opaque=every(triangles, solid=True),
        )
        return kernel.unpack(canvas)[0][8:-8, 8:-8].astype(np.float64)

    photo_luma = wanted[0][8:-8, 8:-8].astype(np.float64)
    error = np.mean((seen((0, 0)) - photo_luma) ** 2)
    moving = [
        cv2.Laplacian(seen((x / 5, y / 5)), cv2.CV_64F).var() for x in range(5) for y in range(5)
    ]

    assert 10 * np.log10(255**2 / error) > 42
    assert 0.95 < np.mean(moving) / cv2.Laplacian(photo_luma, cv2.CV_64F).var() < 1.06


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    from skimage import data

    return np.ascontiguousarray(data.astronaut()[:200, 100:330])


@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255))
def test_flat_colours_keep_their_colour_in_either_texture(red: int, green: int, blue: int) -> None:
    rgb = np.full((6, 6, 3), (red, green, blue), np.uint8)
    alpha = np.full((6, 6), 255, np.uint8)
    points, triangles = mesh(6, 6, 1, 1)
    canvas = np.full((6, 6), SOLID)

    kernel.draw_sharp(
        canvas,
        kernel.sharp_texture(rgb, alpha),
        vertices=points,
        uv=points,
        triangles=triangles,
        opaque=every(triangles, solid=True),
    )

    assert apart(canvas, kernel.texture_from_rgba(rgb, alpha)) <= 1


@given(seed=seeds, width=st.integers(1, 20), height=st.integers(1, 20))
def test_planes_agree_with_plain_numpy(seed: int, width: int, height: int) -> None:
    canvas = noise(seed, 2 * width, 2 * height, solid=True)
    y = np.zeros(canvas.shape, np.uint8)
    u, v = np.zeros((2, height, width), np.uint8)

    kernel.to_planes(canvas, y, u, v)

    for seen, wanted in zip((y, u, v), reference.planes(canvas), strict=True):
        assert (seen == wanted).all()


def test_a_band_of_planes_leaves_other_rows_alone() -> None:
    canvas = noise(3, 8, 8, solid=True)
    y, (u, v) = np.zeros((8, 8), np.uint8), np.zeros((2, 4, 4), np.uint8)

    kernel.to_planes(canvas, y, u, v, 2, 4)

    assert y[2:4].any()
    assert not y[:2].any()
    assert not y[4:].any()
    assert not u[0].any()


def read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "wrong",
    [
        lambda c, y, u, v: (c[:7], y[:7], u, v),
        lambda c, y, u, v: (c, np.asfortranarray(y), u, v),
        lambda c, y, u, v: (c, y, u, v, 1, 4),
        lambda c, y, u, v: (c, y, u, v, 0, 10),
        lambda c, y, u, v: (c, read_only(y), u, v),
    ],
    ids=["odd size", "not contiguous", "odd row", "too many rows", "read-only"],
)
def test_planes_that_do_not_fit_are_refused(wrong: Callable[..., tuple[Any, ...]]) -> None:
    canvas, y = noise(3, 8, 8, solid=True), np.zeros((8, 8), np.uint8)
    u, v = np.zeros((2, 4, 4), np.uint8)

    with pytest.raises(ValueError, match="must"):
        kernel.to_planes(*wrong(canvas, y, u, v))


def test_read_only_records_are_drawn_without_a_second_compilation() -> None:
    from vivant.render.spans import draw_triangles

    points, triangles = mesh(7, 7, 1, 1)
    kernel.draw(
        np.full((8, 8), SOLID),
        read_only(noise(1, 8, 8)),
        vertices=read_only(points),
        uv=read_only(points.copy()),
        triangles=read_only(triangles),
        opaque=read_only(every(triangles, solid=True)),
    )

    assert len(draw_triangles.signatures) == 1


@pytest.mark.parametrize("size", [(1, 5), (5, 1)])
def test_a_texture_of_one_line_is_refused(size: tuple[int, int]) -> None:
    points, triangles = mesh(7, 7, 1, 1)

    with pytest.raises(ValueError, match="2 x 2"):
        kernel.draw(
            np.full((8, 8), SOLID),
            np.zeros(size, np.uint32),
            vertices=points,
            uv=points,
            triangles=triangles,
            opaque=every(triangles, solid=True),
        )
