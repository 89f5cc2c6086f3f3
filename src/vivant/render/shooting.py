"""Shoot a staged shot: set, figures and living photos become frames, one by one, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.render.air.mist import Mist, mist_rgb
from vivant.render.air.over import Air
from vivant.render.air.slabs import Slabs
from vivant.render.crowd import Crowd
from vivant.render.finishing.defocus import defocus
from vivant.render.finishing.finish import finish
from vivant.render.lowland import lay_lowland
from vivant.render.near import Near
from vivant.render.particles import draw_particles
from vivant.render.raster.canvas import Canvas
from vivant.render.raster.choosing import choose
from vivant.render.raster.shading import shade
from vivant.rig.pet import PetRig
from vivant.rig.relief import Relief
from vivant.rig.rig import Rig
from vivant.scene.figure.figure import Figure
from vivant.scene.mesh import Mesh
from vivant.scene.set import SceneSet, ShadingSet
from vivant.scene.shot import Animal, Bust, Shot, Walker, set_props
from vivant.scene.view import View

Far = tuple[Float32[np.ndarray, "height width 3"], Float32[np.ndarray, "height width"]]
"""Light and depth of what is far."""
SHUTTER = 0.25
"""The shutter is open this much of a frame before and after its middle: 180 degrees."""
SUN_AWAY_M = 1e4
SOFT = 0.0055
"""Radius of the discs of what is far, in heights of the picture, from which on it is drawn at half its size."""
LOOKS = 9
"""Moments of a shot at which it is asked how near things are: once, so that nothing changes its form while one watches."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenery:
    """What was baked of a set for a shot; it does not depend on who is in it."""

    solids: tuple[Mesh, ...]
    """With the light of the shot baked in."""
    plates: tuple[tuple[int, Slabs], ...]
    """The air, marched from the camera's place in some frames."""
    mist: Mist | None = None
    """Along the picture's lower edge, where the shot has any; of the shot's size."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Players:
    """Everybody and everything that a shot may show, ready to be drawn."""

    rigs: Mapping[str, Rig] = field(default_factory=dict)
    """Living photos, by ``NAME``, and ``NAME/2`` for a second photo of the same person."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Small figures, by ``NAME``."""
    reliefs: Mapping[str, Relief] = field(default_factory=dict)
    """Photographs that are shown as such, by ``NAME`` and ``NAME/2``."""
    pets: Mapping[str, PetRig] = field(default_factory=dict)
    """Living photos of animals, by ``NAME``."""


def shoot(
    shot: Shot,
    *,
    players: Players,
    scene_set: SceneSet,
    scenery: Scenery,
    frames: Sequence[int] | None = None,
    threads: int = 2,
    watch: Watch = unwatched,
) -> Iterator[Frame]:
    """Draw the frames of a shot.

    Args:
        shot: Staged.
        players: Who is in it.
        scene_set: Where it is.
        scenery: What was baked of it.
        frames: Which frames; all when left out.
        threads: Threads that draw; the frames do not depend on how many.
        watch: Hears ``"frames"``.

    Yields:
        Frames with their places in the shot.
    """
    stage = ShotStage(shot, players=players, scene_set=scene_set, scenery=scenery, threads=threads)
    wanted = list(range(shot.frames) if frames is None else frames)
    coming: Future[Far] | None = None
    with ThreadPoolExecutor(1) as ahead:  # what is far is drawn while what is near is finished
        try:
            if wanted:
                coming = ahead.submit(stage.far, wanted[0])
            for count, index in enumerate(wanted):
                assert coming is not None  # noqa: S101 - there is one for each frame wanted
                far = coming.result()
                if count + 1 < len(wanted):
                    coming = ahead.submit(stage.far, wanted[count + 1])
                yield stage.near(index, far)
                watch("frames", count + 1, len(wanted))
        finally:
            if coming is not None:
                coming.cancel()
                wait([coming])
            stage.close()


class ShotStage:
    """A shot opened at its size, ready to draw any of its frames. One thread at a time."""

    def __init__(
        self,
        shot: Shot,
        *,
        players: Players,
        scene_set: SceneSet,
        scenery: Scenery,
        threads: int,
    ) -> None:
        self.shot, self._set, self._threads = shot, scene_set, threads
        self._step = 2 if _far_is_soft(shot) else 1
        width_px, height_px = shot.width_px // self._step, shot.height_px // self._step
        self._canvas = Canvas(width_px, height_px, threads=threads)
        self._air = Air(
            scenery.plates,
            light=shot.light,
            width_px=width_px,
            height_px=height_px,
            threads=threads,
        )
        self._looks = [self._far_view(frame) for frame in np.linspace(0, shot.frames - 1, LOOKS)]
        self._crowd = Crowd(shot, players.figures, scenery.solids)
        self._near = Near(shot, players.rigs, players.reliefs, pets=players.pets, threads=threads)
        self._mist = scenery.mist

    def close(self) -> None:
        """Let threads go."""
        self._canvas.close()
        self._air.close()
        self._near.close()

    @property
    def people(self) -> UInt8[np.ndarray, "height width"] | None:
        """How far each pixel of the last frame is covered by people, 0..255; unknown where nobody touches anybody."""
        return self._near.people

    def draw(self, index: int) -> Frame:
        """Draw one frame."""
        return self.near(index, self.far(index))

    def near(self, index: int, far: Far) -> Frame:
        """Put what is near before what is far, and finish the frame; ``far`` is written over."""
        shot = self.shot
        hdr, depth = far
        if shot.camera.aperture:
            focus = float(shot.camera.focus_m[index])
            hdr = defocus(hdr, depth, focus, shot.camera.aperture, threads=self._threads)
        view = self._view(index)
        seconds = index / float(shot.rate)
        near_m = min(
            (one.depth_m for one in shot.presences if isinstance(one, Bust | Animal)), default=0.0
        )
        self._float(hdr, depth, index, farther_m=near_m)
        hdr = self._near.over(hdr, index, view=view)
        if self._mist is not None and shot.mist is not None:
            self._mist.over(
                hdr, seconds=seconds, amount=float(shot.mist[index]), rgb=mist_rgb(shot.light)
            )
        if near_m:
            self._float(hdr, depth, index, nearer_m=near_m)
        return finish(
            hdr,
            sun_px=self._sun_px(view),
            rays=shot.rays,
            bloom=shot.bloom,
            exposure=shot.light.exposure,
            white=_at(shot.white, index),
            black=_at(shot.black, index),
            seed=shot.seed,
            frame=index,
            threads=self._threads,
        )

    def _float(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        depth: Float32[np.ndarray, "height width"],
        index: int,
        *,
        nearer_m: float = np.inf,
        farther_m: float = 0.0,
    ) -> None:
        """Draw what floats in the air, behind whoever is near or before them."""
        shot = self.shot
        draw_particles(
            hdr,
            depth,
            shot.particles,
            self._view(index - SHUTTER),
            self._view(index + SHUTTER),
            shot.light,
            seconds=index / float(shot.rate),
            seed=shot.seed,
            focus_m=float(shot.camera.focus_m[index]),
            aperture=max(shot.camera.aperture, 4.0),
            nearer_m=nearer_m,
            farther_m=farther_m,
            sunlit_at=self._sunlit_at,
        )

    def far(self, index: int) -> Far:
        """Draw set, figures and air; the next frame's may be drawn while this one is finished."""
        shot = self.shot
        state = {name: float(curve[index]) for name, curve in shot.state.items()}
        state["seconds"] = index / float(shot.rate)
        glow = state.get("glow", 0.0)
        opening, closing = self._far_view(index - SHUTTER), self._far_view(index + SHUTTER)
        moving = choose(self._set.moving(shot.look, state), self._looks)
        meshes = [*self._crowd.ground(index), *moving]
        ends: list[Float32[np.ndarray, "points 3"] | None] = [None] * len(meshes)
        for mesh, end in self._crowd.figures(index, shutter=SHUTTER):
            meshes.append(mesh)
            ends.append(end)
        colours = [shade(mesh, opening, shot.light, glow=glow) for mesh in meshes]
        canvas = self._canvas
        canvas.draw(opening, meshes, colours, close=closing, close_points_m=ends)
        view = self._far_view(index)
        hdr = self._air.over(
            view,
            index,
            seconds=state["seconds"],
            glow=glow,
            rgb=canvas.rgb,
            alpha=canvas.alpha,
            depth=canvas.depth,
        )
        lay_lowland(
            hdr,
            self._air.depth_m,
            self._set,
            shot.look,
            view=view,
            light=shot.light,
            seconds=state["seconds"],
            threads=self._threads,
        )
        depth = self._air.depth_m
        if self._step == 1:
            return hdr.copy(), depth.copy()  # the air draws into the same arrays again
        size = (shot.width_px, shot.height_px)
        return (
            np.asarray(cv2.resize(hdr, size, interpolation=cv2.INTER_LINEAR), np.float32),
            np.asarray(cv2.resize(depth, size, interpolation=cv2.INTER_LINEAR), np.float32),
        )

    def _sunlit_at(
        self, points_m: Float64[np.ndarray, "points 3"]
    ) -> Float32[np.ndarray, " points"]:
        """Tell where dust shines: in a room, where the sun comes in."""
        if isinstance(self._set, ShadingSet):
            return self._set.sunlit_at(points_m, self.shot.look, self.shot.light)
        return np.ones(len(points_m), np.float32)

    def _view(self, frame: float) -> View:
        return self.shot.camera.view(
            frame, width_px=self.shot.width_px, height_px=self.shot.height_px
        )

    def _far_view(self, frame: float) -> View:
        return self.shot.camera.view(
            frame,
            width_px=self.shot.width_px // self._step,
            height_px=self.shot.height_px // self._step,
        )

    def _sun_px(self, view: View) -> tuple[float, float] | None:
        """Tell where the sun stands in the picture; nothing when it is behind the camera."""
        away = view.position_m + SUN_AWAY_M * np.asarray(self.shot.light.sun)
        x, y, depth = view.project(away[None])[0]
        return (float(x), float(y)) if depth > 0 else None


def _far_is_soft(shot: Shot) -> bool:
    """Tell whether the set is so far out of focus behind somebody near that half of its pixels hold all of it."""
    if shot.width_px % 4 or shot.height_px % 4 or set_props(shot):
        return False
    if any(isinstance(one, Walker) for one in shot.presences):
        return False
    if not any(isinstance(one, Bust | Animal) for one in shot.presences):
        return False
    blur = shot.camera.aperture * 1e-3 / float(shot.camera.focus_m.max())
    return blur >= SOFT


def _at(curve: Float32[np.ndarray, " frames"] | None, index: int) -> float:
    return 0.0 if curve is None else float(curve[index])
