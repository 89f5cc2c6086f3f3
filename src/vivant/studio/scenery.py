"""What is baked of a set for a shot, once, and kept for every film: surfaces with their light, and plates of air."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.render.air.mist import Mist
from vivant.render.air.noise import cloud_noise
from vivant.render.air.planning import key_frames, plate_key, plate_view
from vivant.render.air.slabs import Slabs, bake_slabs, read_slabs, write_slabs
from vivant.render.raster.baking import VERSION as BAKE_VERSION
from vivant.render.raster.baking import bake_light, read_baked, write_baked
from vivant.render.raster.choosing import choose
from vivant.render.shooting import LOOKS, Players, Scenery, shoot
from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.set import SceneSet
from vivant.scene.sets.hours import LitSet
from vivant.scene.sets.registry import set_named
from vivant.scene.shot import Shot
from vivant.scene.view import View
from vivant.studio.run import run_stage
from vivant.studio.stage import Form
from vivant.studio.store import Store, key_of

FINE, COARSE = 2, 8
"""Film pixels for each pixel of air: in films, in previews."""
SLABS_FORM: Form[Slabs] = Form(
    suffix=".air", write=lambda slabs, path: write_slabs(path, slabs), read=read_slabs
)


def shoot_in_set(
    shot: Shot,
    *,
    players: Players,
    frames: Sequence[int] | None = None,
    coarse: int = FINE,
    threads: int = 2,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Iterator[Frame]:
    """Bake what the shot needs of its set, or take it out of the store, and shoot.

    Args:
        shot: Staged.
        players: Who is in it.
        frames: Which frames; all when left out.
        coarse: Film pixels for each pixel of air.
        threads: Threads that draw.
        places: Where the store is.
        watch: Hears ``"set"``, ``"air"`` and ``"frames"``.

    Yields:
        Frames with their places in the shot.
    """
    home = places or Places()
    scene_set = set_named(shot.set_name)
    scenery = scenery_of(
        shot, scene_set, frames=frames, coarse=coarse, threads=threads, places=home, watch=watch
    )
    yield from shoot(
        shot,
        players=players,
        scene_set=scene_set,
        scenery=scenery,
        frames=frames,
        threads=threads,
        watch=watch,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AirStage:
    """Clouds, seen from one place, become a plate of air."""

    clouds: Clouds | None
    light: Light
    coarse: int
    threads: int
    places: Places
    name: str = "air"

    def key(self, given: tuple[View, float], /) -> str:
        """Hash the view, the moment, and everything that the air depends on."""
        view, seconds = given
        return plate_key(view, self.clouds, self.light, seconds=seconds, coarse=self.coarse)

    def __call__(self, given: tuple[View, float], /, *, watch: Watch = unwatched) -> Slabs:
        """March through the clouds."""
        view, seconds = given
        return bake_slabs(
            view,
            self.clouds,
            self.light,
            seconds=seconds,
            coarse=self.coarse,
            threads=self.threads,
            places=self.places,
            watch=watch,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LightStage:
    """A set's surfaces get the light that does not change in a shot."""

    scene_set: SceneSet
    look: str
    light: Light
    rough: bool
    threads: int
    name: str = "set"

    def key(self, given: tuple[Mesh, ...], /) -> str:
        """Hash the set, its look, which of its forms were chosen, and the light."""
        points = ",".join(str(len(mesh.points_m)) for mesh in given)
        one = self.scene_set
        light = repr(replace(self.light, exposure=1.0))
        return key_of(
            ("set", one.name, one.version, self.look, points, BAKE_VERSION, str(self.rough), light)
        )

    def __call__(self, given: tuple[Mesh, ...], /, *, watch: Watch = unwatched) -> tuple[Mesh, ...]:
        """Find how much sky and sun each point sees."""
        return bake_light(given, self.light, rough=self.rough, threads=self.threads, watch=watch)


def _solids(
    shot: Shot, scene_set: SceneSet, *, rough: bool, threads: int, store: Store, watch: Watch
) -> tuple[Mesh, ...]:
    if isinstance(scene_set, LitSet):
        return scene_set.lit(shot.look, shot.light)
    views = [
        shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
        for frame in np.linspace(0, shot.frames - 1, LOOKS)
    ]
    built = choose(scene_set.solids(shot.look), views, only_seen=False)
    form: Form[tuple[Mesh, ...]] = Form(
        suffix=".light",
        write=lambda meshes, path: write_baked(path, meshes),
        read=lambda path: read_baked(path, built),
    )
    stage = LightStage(
        scene_set=scene_set, look=shot.look, light=shot.light, rough=rough, threads=threads
    )
    lit = run_stage(stage, built, form=form, store=store, watch=watch)
    return choose(lit, views)


def scenery_of(
    shot: Shot,
    scene_set: SceneSet,
    *,
    frames: Sequence[int] | None = None,
    coarse: int = FINE,
    threads: int = 2,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Scenery:
    """Bake a shot's surfaces and air; with a single frame wanted, only that frame's plate."""
    home = places or Places()
    store = Store.in_places(home)
    solids = _solids(
        shot, scene_set, rough=coarse > FINE, threads=threads, store=store, watch=watch
    )
    clouds = scene_set.clouds(shot.look)
    air = AirStage(clouds=clouds, light=shot.light, coarse=coarse, threads=threads, places=home)
    size = {"width_px": shot.width_px, "height_px": shot.height_px}
    keys = (
        (frames[0],)
        if frames is not None and len(frames) == 1
        else key_frames(shot.camera, rate=shot.rate, clouds=clouds, **size)
    )
    plates = tuple(
        (
            frame,
            run_stage(
                air,
                (plate_view(shot.camera, frame, **size), frame / float(shot.rate)),
                form=SLABS_FORM,
                store=store,
                watch=watch,
            ),
        )
        for frame in keys
    )
    mist = None
    if shot.mist is not None:
        top, seed = shot.mist_top, shot.seed % 16
        mist = Mist(cloud_noise(home), **size, top=top, seed=seed)
    return Scenery(solids=solids, plates=plates, mist=mist)
