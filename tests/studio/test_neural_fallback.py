"""What a model invents is shown when it is good, and drawn as always when it is not; people are told either way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from small_wan import libraries, weights
from vivant.errors import MissingError
from vivant.film.decoding import read_frames
from vivant.film.verifying import verify_film
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, psnr, rgb_to_planes
from vivant.media.watch import Watch, unwatched
from vivant.models.hub_fetching import WeightsMissingError
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.render.engines.diffusion import Dials, DiffusionEngine
from vivant.render.moving import Moved, MovingEngine, MovingTraits, Wish
from vivant.render.shooting import Players
from vivant.scene.shot import Shot
from vivant.scene.storyboard import CastMember, Music, ShotPlan, Storyboard
from vivant.studio.neural import NeuralShooter
from vivant.studio.previewing import preview
from vivant.studio.scenery import FINE
from vivant.studio.telling import Told, tell
from vivant.testing.standins import PaintedFaces

SIZE = (256, 256)
RATE = Fraction(10)
PROMPT = "The gates close slowly, and light stays between them."


def a_picture(index: int, *, fast: float = 1.5) -> np.ndarray:
    """Hills that pass by."""
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]].astype(np.float32)
    x = columns + fast * index
    grey = 120 + 40 * np.sin(x / 17) * np.cos(rows / 23) + 25 * np.sin((x + rows) / 5)
    return np.stack([grey, grey * 0.9, grey * 0.8], axis=-1).clip(0, 255).astype(np.uint8)


class Hills:
    """Draws hills that pass by, and remembers of which shots it drew more than one picture."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

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
        del players, coarse, threads, places
        if frames is None:
            self.drawn.append(shot.name)
        for index in range(shot.frames) if frames is None else frames:
            y, u, v = rgb_to_planes(a_picture(index))
            yield Frame(index=index, y=y, u=u, v=v)
            watch("frames", index + 1, shot.frames)


class StandIn:
    """An engine that returns what a test wants."""

    traits = MovingTraits(name="diffusion", version="1", licence="Apache-2.0", needs_gpu=False)

    def __init__(self, made: Callable[[Wish], np.ndarray], *, version: str = "1") -> None:
        self.wishes: list[Wish] = []
        self.closed = 0
        self._made, self._version = made, version

    def identity(self) -> str:
        return f"diffusion/1 stand-in@{self._version}"

    def move(self, wish: Wish, /, *, watch: Watch) -> Moved:
        watch("diffusion", 1, 1)
        self.wishes.append(wish)
        return Moved(pixels=self._made(wish), rate=wish.rate, close=self._close)

    def close(self) -> None:
        """Nothing to let go."""

    def _close(self) -> None:
        self.closed += 1


def ours(wish: Wish) -> np.ndarray:
    return np.stack([a_picture(i) for i in range(wish.frames)])


def noise(wish: Wish) -> np.ndarray:
    return np.random.default_rng(wish.seed).integers(0, 255, (wish.frames, 64, 64, 3), np.uint8)


@pytest.fixture
def storyboard() -> Storyboard:
    plan = ShotPlan(
        name="plain",
        set="stairway",
        look="clouds",
        hour="golden",
        action="gates-close",
        length_s=3.6,
    )
    invented = replace(plan, name="invented", options={"engine": "diffusion", "prompt": PROMPT})
    return Storyboard(
        title="Farewell",
        cast={"mother": CastMember(voice="none")},
        rate=RATE,
        music=Music(piece="stillness"),
        shots=(plan, replace(invented, options={**invented.options, "transition": "light"})),
    )


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def consents() -> dict[str, Consent]:
    return {"mother": attest("kin")}


@pytest.fixture
def film(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> Callable[[MovingEngine, Hills], Told]:
    def filmed(engine: MovingEngine, hills: Hills) -> Told:
        faces = PaintedFaces([])
        return tell(
            storyboard,
            tmp_path / "film.mp4",
            consents=consents,
            size=SIZE,
            threads=1,
            shooter=NeuralShooter(hills, faces=faces, engines={"diffusion": engine}),
            faces=faces,
            places=places,
        )

    return filmed


Filmed = Callable[[MovingEngine, Hills], Told]


def test_what_is_as_good_as_ours_is_shown_and_somebody_is_asked_to_look(
    film: Filmed, places: Places
) -> None:
    engine, hills = StandIn(ours), Hills()

    told = film(engine, hills)

    assert hills.drawn == ["plain"]
    account = told.shots[1].account
    assert account is not None
    assert account.shown
    (word,) = told.needs_eyes
    assert word.startswith("shot invented: its pictures after the first are invented by diffusion")
    assert engine.wishes[0].prompt == PROMPT
    assert engine.closed == 1
    assert verify_film(told.film.path, places=places).ok


def test_the_papers_tell_engine_weights_seed_and_a_hash_of_the_prompt_and_never_its_words(
    film: Filmed,
) -> None:
    engine = StandIn(ours)

    versions = film(engine, Hills()).film.record.recipe.versions

    assert versions["diffusion"] == "diffusion/1 stand-in@1"
    assert versions["shot-2"].startswith(f"diffusion, seed {engine.wishes[0].seed}, prompt ")
    assert "shot-1" not in versions
    assert not any("gates" in text for text in versions.values())


def test_noise_is_not_shown_and_the_report_says_why(film: Filmed) -> None:
    hills = Hills()

    told = film(StandIn(noise), hills)

    assert hills.drawn == ["plain", "invented"]
    (word,) = told.needs_eyes
    assert "shot invented: what diffusion made of it cannot be shown" in word
    assert "does not begin with our picture" in word
    assert "shot-2" not in told.film.record.recipe.versions


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda made: made[:20], "ends after 20 of 36 pictures"),
        (lambda made: np.repeat(made[:1], 36, axis=0), "nothing moves"),
        (
            lambda made: np.stack([cv2.GaussianBlur(one, (0, 0), 9) for one in made]),
            "it is soft",
        ),
        (
            lambda made: np.stack(
                [(one * (0.94 if i % 2 else 1)).astype(np.uint8) for i, one in enumerate(made)]
            ),
            "it flickers",
        ),
    ],
)
def test_each_fault_is_told(
    spoil: Callable[[np.ndarray], np.ndarray], why: str, film: Filmed
) -> None:
    told = film(StandIn(lambda wish: spoil(ours(wish))), Hills())

    assert why in told.needs_eyes[0]


def test_what_was_made_is_kept_with_its_account_good_or_not(film: Filmed) -> None:
    for made in (ours, noise):
        engine = StandIn(made, version=made.__name__)
        first, again = film(engine, Hills()), film(engine, Hills())

        assert len(engine.wishes) == 1
        assert again.shots[1].kept
        assert again.shots[1].account == first.shots[1].account
        assert again.needs_eyes == first.needs_eyes


def test_other_weights_make_the_shot_anew(film: Filmed) -> None:
    film(StandIn(ours), Hills())
    engine = StandIn(ours, version="2")

    made = film(engine, Hills()).shots

    assert [one.kept for one in made] == [True, False]


def test_an_invented_shot_comes_out_of_light_as_ours_do(film: Filmed) -> None:
    told = film(StandIn(ours), Hills())

    seen = [planes_to_rgb(one.y, one.u, one.v) for one in read_frames(told.shots[1].path)]
    assert seen[0].mean() > 210
    between = [psnr(one, a_picture(index)) for index, one in enumerate(seen)]
    assert max(between) > 30  # past the light, and before the next
    assert between[0] < 15


def test_previews_show_our_own_staging_and_ask_no_model(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    engine, faces = StandIn(ours), PaintedFaces([])
    shooter = NeuralShooter(Hills(), faces=faces, engines={"diffusion": engine})

    shown = preview(
        storyboard,
        tmp_path / "stills",
        consents=consents,
        shooter=shooter,
        faces=faces,
        places=places,
    )

    assert not shown.failed
    assert not engine.wishes


def test_without_weights_nothing_is_made_and_it_says_what_to_do(
    storyboard: Storyboard, consents: dict[str, Consent], places: Places, tmp_path: Path
) -> None:
    hills = Hills()

    with pytest.raises(WeightsMissingError, match="none are fetched by themselves"):
        tell(
            storyboard,
            tmp_path / "film.mp4",
            consents=consents,
            size=SIZE,
            shooter=hills,
            faces=PaintedFaces([]),
            places=places,
        )

    assert not hills.drawn
    assert isinstance(WeightsMissingError("?"), MissingError)


def test_a_process_of_its_own_goes_on_from_our_picture_or_falls_back(
    film: Filmed, tmp_path: Path
) -> None:
    """The whole way: our first picture out to a process and back, measured, shown or drawn."""
    python = libraries(tmp_path / "venv")
    dials = Dials(steps=2, area_px=256 * 256)
    for behaves, shown in (("goes on", True), ("noise", False)):
        folder = weights(tmp_path / behaves, told=behaves)
        engine = DiffusionEngine(weights=folder, python=python, dials=dials)

        told = film(engine, Hills())

        account = told.shots[1].account
        assert account is not None
        assert account.shown == shown, account.why
