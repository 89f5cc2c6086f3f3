"""Light that stays: the open sky, the sun, and how it is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from raster_surfaces import facing, mesh, square
from vivant.errors import InputError
from vivant.render.raster.baking import bake_light, read_baked, write_baked
from vivant.render.raster.choosing import choose
from vivant.render.raster.tree import grow_tree, is_hidden
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh


def floor(count: int = 25, size: float = 4.0) -> Mesh:
    side = np.linspace(-size / 2, size / 2, count)
    x, z = np.meshgrid(side, side)
    points = np.stack([x, np.zeros_like(x), z], -1).reshape(-1, 3)
    index = np.arange(count * count).reshape(count, count)
    a, b, c, d = (
        part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:])
    )
    triangles = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])
    return mesh(points, triangles, normal=(0, 1, 0))


def roof(height: float = 0.4, half: float = 0.5) -> Mesh:
    points = [
        [-half, height, -half],
        [half, height, -half],
        [-half, height, half],
        [half, height, half],
    ]
    return mesh(points, [[0, 1, 2], [1, 3, 2]], normal=(0, 1, 0))


def at(ground: Mesh, x: float, z: float) -> int:
    away = np.abs(ground.points_m - np.array([x, 0, z], np.float32)).sum(1)
    return int(away.argmin())


def test_a_roof_takes_sky_and_sun_from_what_is_below() -> None:
    ground, cover = bake_light([floor(), roof()], Light(sun=(0.0, 1.0, 0.0)))

    below, beside = at(ground, 0, 0), at(ground, 1.8, 1.8)

    assert ground.sunlit[below] == 0
    assert ground.sunlit[beside] == 1
    assert ground.open_sky[below] < 0.6
    assert ground.open_sky[beside] > 0.9
    assert cover.sunlit.min() == 1


def test_a_shadow_falls_away_from_the_sun_and_is_soft_at_its_edge() -> None:
    sun = np.array([0.8, 0.6, 0.0])
    ground, _ = bake_light([floor(161), roof(0.6, 0.5)], Light(sun=tuple(sun)))

    row = np.abs(ground.points_m[:, 2]) < 0.001
    order = np.argsort(ground.points_m[row, 0])
    x, lit = ground.points_m[row, 0][order], ground.sunlit[row][order]

    assert lit[np.abs(x + 0.8).argmin()] == 0
    assert lit[np.abs(x - 0.5).argmin()] == 1
    assert ((lit > 0) & (lit < 1)).any()


def test_threads_do_not_change_the_light() -> None:
    meshes, light = [floor(), roof()], Light(sun=(0.6, 0.8, 0.0))

    one = bake_light(meshes, light, threads=1)
    two = bake_light(meshes, light, threads=3)

    for first, second in zip(one, two, strict=True):
        assert np.array_equal(first.open_sky, second.open_sky)
        assert np.array_equal(first.sunlit, second.sunlit)


def test_light_in_the_air_throws_no_shadow() -> None:
    veil = replace(roof(), material=square(material="light").material)

    ground, same = bake_light([floor(), veil], Light(sun=(0.0, 1.0, 0.0)))

    assert ground.sunlit.min() == 1
    assert same is veil


def test_rays_meet_what_they_should() -> None:
    """As often as when every triangle is tried."""
    rng = np.random.default_rng(7)
    points = rng.uniform(-1, 1, (900, 3)).astype(np.float32)
    points[1::3] = points[::3] + rng.uniform(-0.35, 0.35, (300, 3))
    points[2::3] = points[::3] + rng.uniform(-0.35, 0.35, (300, 3))
    triangles = np.arange(900, dtype=np.int32).reshape(-1, 3)
    tree = grow_tree(points, triangles)
    stack = np.zeros(64, np.int64)
    a, b, c = (points[triangles[:, corner]].astype(np.float64) for corner in range(3))
    agree = hits = 0
    for _ in range(200):
        start, way = rng.uniform(-1, 1, 3), rng.normal(size=3)
        way /= np.linalg.norm(way)
        p = np.cross(way, c - a)
        over = 1 / ((b - a) * p).sum(1)
        u = ((start - a) * p).sum(1) * over
        q = np.cross(start - a, b - a)
        v, t = (q @ way) * over, ((c - a) * q).sum(1) * over
        wanted = bool(((u >= 0) & (v >= 0) & (u + v <= 1) & (t > 1e-4) & (t < 5)).any())
        numbers = np.concatenate([start, way, [5.0]]).astype(np.float32)
        found = is_hidden(tree.boxes, tree.nodes, tree.corners, stack, *numbers)
        agree += found == wanted
        hits += wanted

    assert 20 < hits < 180
    assert agree >= 199


def test_kept_light_comes_back(tmp_path: Path) -> None:
    meshes = [floor(), roof()]
    baked = bake_light(meshes, Light(sun=(0.6, 0.8, 0.0)))
    path = tmp_path / "light.zip"

    write_baked(path, baked)
    back = read_baked(path, meshes)

    for one, two in zip(baked, back, strict=True):
        assert np.abs(one.open_sky - two.open_sky).max() <= 0.5 / 255 + 1e-6
        assert np.abs(one.sunlit - two.sunlit).max() <= 0.5 / 255 + 1e-6


def test_light_of_other_surfaces_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "light.zip"
    write_baked(path, [floor(), roof()])

    with pytest.raises(InputError, match="bake again"):
        read_baked(path, [floor(9), roof()])
    path.write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(InputError):
        read_baked(path, [floor(), roof()])


def test_far_things_take_their_coarser_form_for_the_whole_shot() -> None:
    coarse = replace(square(), error_m=0.05)
    fine = replace(square(), coarser=coarse)

    near = choose([fine], [facing(away=1.0), facing(away=60.0)])
    far = choose([fine], [facing(away=60.0)])

    assert near[0].error_m == 0
    assert far[0].error_m == 0.05
    assert near[0].coarser is None


def test_what_no_camera_sees_is_left_out() -> None:
    aside = replace(square(), points_m=square().points_m + np.float32(40))

    assert choose([aside], [facing()]) == ()
    assert len(choose([aside], [facing()], only_seen=False)) == 1
