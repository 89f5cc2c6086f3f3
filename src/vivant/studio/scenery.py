"""What is baked of a set for a shot, once, and kept for every film: surfaces with their light, and plates of air."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.render.air.noise import cloud_noise
from vivant.render.air.planning import key_frames, plate_key, plate_view
from vivant.render.air.slabs import Slabs, bake_slabs, read_slabs, write_slabs
from vivant.render.raster.baking import BAKE_VERSION, bake_light, read_baked, write_baked
from vivant.render.shooting import Players, Scenery, shoot
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
BAKED_FORM: Form[tuple[Mesh, ...]] = Form(
    suffix=".set", write=lambda meshes, path: write_baked(path, meshes), read=read_baked
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
class SetStage:
    """A set in one look becomes surfaces with a light baked into them."""

    look: str
    light: Light
    threads: int
    name: str = "set"

    def key(self, given: SceneSet, /) -> str:
        """Hash the set, its look and the light."""
        light = replace(self.light, exposure=0.0)
        return key_of(("set", given.name, given.version, self.look, BAKE_VERSION, repr(light)))

    def __call__(self, given: SceneSet, /, *, watch: Watch = unwatched) -> tuple[Mesh, ...]:
        """Bake, unless the set lights itself."""
        watch("set", 0, 1)
        if isinstance(given, LitSet):
            meshes = given.lit(self.look, self.light)
        else:
            meshes = bake_light(given.solids(self.look), self.light, threads=self.threads)
        watch("set", 1, 1)
        return meshes


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
    solids = run_stage(
        SetStage(look=shot.look, light=shot.light, threads=threads),
        scene_set,
        form=BAKED_FORM,
        store=store,
        watch=watch,
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
    noise = None if shot.mist is None else cloud_noise(home)
    return Scenery(solids=solids, plates=plates, noise=noise)
