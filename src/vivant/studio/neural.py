"""Shots whose pictures are invented by a model, from our first one: made, measured, shown or not.

Whatever is not good enough is drawn as always, and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np
from jaxtyping import UInt8

from vivant.errors import InputError
from vivant.film.making import closable
from vivant.intake.engine import FaceEngine
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.render.engines.diffusion import DiffusionEngine
from vivant.render.judging import VERSION as JUDGED_BY
from vivant.render.judging import Verdict, judge
from vivant.render.moving import MovingEngine, Wish
from vivant.render.regrading import regraded
from vivant.render.retiming import Retimed
from vivant.render.shooting import Players
from vivant.scene.shot import Shot
from vivant.scene.storyboard import Storyboard
from vivant.scene.storyboard_terms import DIFFUSION, OURS
from vivant.studio.accounts import Account, account_of
from vivant.studio.scenery import FINE
from vivant.studio.shooting import Shooter, ShotMade, maker_of


class NeuralShooter:
    """Has shots moved by the engines that they ask for; draws all others, and those that did not turn out well."""

    def __init__(
        self,
        ours: Shooter,
        *,
        faces: FaceEngine,
        places: Places | None = None,
        engines: Mapping[str, MovingEngine] | None = None,
    ) -> None:
        """Choose who works; nothing is loaded yet.

        Args:
            ours: Who draws.
            faces: Who sees faces.
            places: Where weights are looked for.
            engines: Who moves pictures, by the name in storyboards.
        """
        self._ours, self._faces = ours, faces
        self._engines = (
            {DIFFUSION: DiffusionEngine(places=places)} if engines is None else dict(engines)
        )
        self._accounts: dict[str, Account] = {}

    def insist_on_weights(self, storyboard: Storyboard) -> None:
        """Find out before anything is made whether the engines asked for can work.

        Raises:
            InputError: There is no such engine.
            MissingError: It has no weights here.
        """
        for name in dict.fromkeys(plan.choice("engine", OURS) for plan in storyboard.shots):
            if name != OURS:
                self._engine(name).identity()

    def who(self, shot: Shot, /) -> str:
        """Name whoever makes a shot."""
        ours = maker_of(self._ours)
        if not shot.engine:
            return ours
        return f"{ours}|{self._engine(shot.engine).identity()}|judged by {JUDGED_BY}"

    def account(self, shot: Shot, /) -> Account | None:
        """Tell what came of a shot."""
        return self._accounts.get(shot.name)

    def close(self) -> None:
        """Let models go."""
        for engine in self._engines.values():
            engine.close()

    def __call__(
        self,
        shot: Shot,
        *,
        players: Players,
        frames: Sequence[int] | None = None,
        coarse: int = FINE,
        threads: int = 2,
        places: Places | None = None,
        watch: Watch = unwatched,
    ) -> Iterator[Frame]:
        """Give the frames of a shot; single ones, as previews want them, are always drawn."""
        plain = replace(shot, engine="", prompt="")

        def drawn(one: Shot, wanted: Sequence[int] | None) -> Iterator[Frame]:
            return self._ours(
                one,
                players=players,
                frames=wanted,
                coarse=coarse,
                threads=threads,
                places=places,
                watch=watch,
            )

        if not shot.engine or frames is not None:
            yield from drawn(plain, frames)
            return
        engine = self._engine(shot.engine)
        with closing(closable(drawn(replace(plain, white=None, black=None), (0,)))) as begun:
            one = next(iter(begun))
        first = planes_to_rgb(one.y, one.u, one.v)
        wish = Wish(
            first=first, prompt=shot.prompt, seed=shot.seed, frames=shot.frames, rate=shot.rate
        )
        moved = engine.move(wish, watch=watch)
        try:
            size = {"width_px": shot.width_px, "height_px": shot.height_px}
            film = Retimed(moved, rate=shot.rate, **size)
            verdict = self._verdict(film, shot, first, players)
            self._accounts[shot.name] = account_of(
                shot.engine, engine.identity(), shot, why=verdict.why, measured=verdict.measured
            )
            if verdict.good:
                for index in range(shot.frames):
                    yield regraded(film.frame(index), shot, index, threads=threads)
                    watch("frames", index + 1, shot.frames)
                return
        finally:
            moved.close()
        yield from drawn(plain, None)

    def _verdict(
        self,
        film: Retimed,
        shot: Shot,
        first: UInt8[np.ndarray, "height width 3"],
        players: Players,
    ) -> Verdict:
        if film.frames < shot.frames:
            return Verdict(why=(f"it ends after {film.frames} of {shot.frames} pictures",))
        people = {
            name: self._faces.vector(rig.photo, rig.landmarks) for name, rig in players.rigs.items()
        }
        return judge(film.frame, count=shot.frames, first=first, people=people, faces=self._faces)

    def _engine(self, name: str) -> MovingEngine:
        if name not in self._engines:
            message = f"There is no engine {name!r} for shots; there is {', '.join(self._engines)}. Write one of them, or engine: {OURS}."
            raise InputError(message)
        return self._engines[name]


def words_about(made: Sequence[ShotMade]) -> tuple[str, ...]:
    """Say of each shot that others were asked to make what came of it."""
    return tuple(one.account.word(one.name) for one in made if one.account is not None)


def versions_in(made: Sequence[ShotMade]) -> dict[str, str]:
    """Write into a film's papers what in it was invented, and by whom: shots by number, never by name."""
    found: dict[str, str] = {}
    for number, one in enumerate(made, start=1):
        if one.account is not None and one.account.shown:
            found[one.account.engine] = one.account.identity
            found[f"shot-{number}"] = one.account.papers()
    return found
