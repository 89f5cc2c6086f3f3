"""The diffusion engine asks for what a model can do, and gives back what was wished, or says why it cannot.

Its libraries are small ones here (``small_wan``); ``tests/neural`` does the same with the real ones.
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_wan import libraries, weights
from vivant.errors import EngineBrokeError, InputError, MissingError, ResourceError
from vivant.media.watch import Watch, unwatched
from vivant.models.hub_fetching import WeightsMissingError, use_own_folder
from vivant.places import Places
from vivant.render.engines.diffusion import (
    LARGE,
    Dials,
    DiffusionEngine,
    TooLongToMoveError,
    is_near,
    size_for,
)
from vivant.render.moving import Moved, MovingEngine, Wish

DIALS = Dials(steps=3, area_px=160 * 96, most_frames=121)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return libraries(tmp_path_factory.mktemp("small") / "venv")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def a_picture(width_px: int = 320, height_px: int = 180) -> np.ndarray:
    rows, columns = np.mgrid[:height_px, :width_px]
    return np.stack([columns % 256, rows % 256, (rows + columns) % 256], axis=-1).astype(np.uint8)


def moved(
    folder: Path,
    python: Path,
    *,
    frames: int = 7,
    rate: Fraction = Fraction(25),
    seed: int = 1,
    dials: Dials = DIALS,
    watch: Watch = unwatched,
) -> Moved:
    engine = DiffusionEngine(weights=folder, python=python, dials=dials)
    wish = Wish(first=a_picture(), prompt="she nods", seed=seed, frames=frames, rate=rate)
    try:
        return engine.move(wish, watch=watch)
    finally:
        engine.close()


def test_it_is_an_engine_that_moves_pictures() -> None:
    assert isinstance(DiffusionEngine(), MovingEngine)


def test_frames_come_back_at_a_size_and_length_that_the_model_can_do(
    python: Path, tmp_path: Path
) -> None:
    heard: list[tuple[str, int, int]] = []

    made = moved(weights(tmp_path / "w"), python, frames=7, watch=lambda *what: heard.append(what))

    assert made.pixels.shape == (9, 96, 160, 3)
    assert made.pixels.dtype == np.uint8
    assert made.rate == 25
    assert ("diffusion", 4, 4) in heard
    folder = Path(made.pixels.filename).parent  # type: ignore[attr-defined]
    made.close()
    assert not folder.exists()


def test_the_same_seed_gives_the_same_frames_and_another_seed_others(
    python: Path, tmp_path: Path
) -> None:
    folder = weights(tmp_path / "w", told="noise")
    one, again, other = (moved(folder, python, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(one.pixels, again.pixels)
    assert not np.array_equal(one.pixels, other.pixels)
    for made in (one, again, other):
        made.close()


def test_a_rate_near_to_the_films_is_shown_frame_by_frame_and_another_at_its_own_times(
    python: Path, tmp_path: Path
) -> None:
    folder = weights(tmp_path / "w")
    near = moved(folder, python, frames=25, rate=Fraction(25))
    far = moved(
        folder,
        python,
        frames=26,
        rate=Fraction(25),
        dials=Dials(rate=Fraction(16), steps=1, area_px=15_360),
    )

    assert (near.rate, len(near.pixels)) == (Fraction(25), 25)
    assert (far.rate, len(far.pixels)) == (Fraction(16), 17)
    near.close()
    far.close()


def test_a_shot_longer_than_the_model_can_do_is_refused_with_both_lengths(
    python: Path, tmp_path: Path
) -> None:
    with pytest.raises(TooLongToMoveError, match=r"lasts 6\.0 s.* at most 5\.0 s"):
        moved(weights(tmp_path / "w"), python, frames=150)


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        ("needs more memory", ResourceError, "more memory than the graphics card has free"),
        ("too large", ResourceError, "more memory than this machine has free"),
        ("dies", EngineBrokeError, r"render engine diffusion ended.*exit status 9.*memory"),
        ("fails", EngineBrokeError, r"failed \(RuntimeError\)"),
        ("another size", EngineBrokeError, "returned"),
    ],
)
def test_what_goes_wrong_is_said_to_people(
    told: str, error: type[Exception], words: str, python: Path, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words) as caught:
        moved(weights(tmp_path / "w", told=told), python)

    assert "Anna" not in str(caught.value)


def test_a_library_that_lacks_is_named_with_how_to_get_it(tmp_path: Path) -> None:
    python = libraries(tmp_path / "venv", without="transformers")

    with pytest.raises(MissingError, match=r"'transformers' is not in .*pip install"):
        moved(weights(tmp_path / "w"), python)


def test_without_the_library_it_says_how_to_install_it(places: Places, tmp_path: Path) -> None:
    engine = DiffusionEngine(weights=weights(tmp_path / "w"), places=places)
    wish = Wish(first=a_picture(), prompt="", seed=0, frames=5, rate=Fraction(25))

    with pytest.raises(MissingError, match=r"not installed.*engines/diffusion.*vivant\[neural\]"):
        engine.move(wish, watch=unwatched)


def test_without_weights_it_says_how_to_fetch_them_and_what_they_weigh(places: Places) -> None:
    with pytest.raises(WeightsMissingError, match=r"fetch wan2.2-ti2v-5b.*34\.2 GB.*--from FOLDER"):
        DiffusionEngine(places=places).identity()


def test_pickles_and_other_models_are_never_loaded(python: Path, tmp_path: Path) -> None:
    pickled = weights(tmp_path / "pickled")
    (pickled / "vae/diffusion_pytorch_model.bin").write_bytes(b"cos\nsystem\n")

    with pytest.raises(InputError, match="pickles"):
        moved(pickled, python)
    with pytest.raises(InputError, match="another kind of model"):
        moved(weights(tmp_path / "other", kind="StableDiffusionPipeline"), python)


def test_weights_of_which_a_file_lacks_are_said_to_be_damaged(python: Path, tmp_path: Path) -> None:
    folder = weights(tmp_path / "w")
    (folder / "vae/diffusion_pytorch_model.safetensors").rename(folder / "model.safetensors")

    with pytest.raises(MissingError, match="cannot be read"):
        moved(folder, python)


def test_its_identity_tells_weights_and_dials(places: Places, tmp_path: Path) -> None:
    folder = weights(tmp_path / "w")
    use_own_folder("wan2.2-ti2v-5b", folder, places=places)
    found = DiffusionEngine(places=places).identity()

    assert found.startswith("diffusion/1 own@")
    assert str(LARGE) in found  # the folder does not mark its first frame by times
    assert found != DiffusionEngine(places=places, dials=DIALS).identity()
    (folder / "vae/more.safetensors").write_bytes(b"other numbers")
    assert found != DiffusionEngine(places=places).identity()


@given(
    width_px=st.integers(64, 2000).map(lambda side: 2 * side),
    height_px=st.integers(64, 2000).map(lambda side: 2 * side),
    step=st.sampled_from([16, 32]),
)
def test_sizes_are_whole_steps_within_the_area_and_hardly_squeezed(
    width_px: int, height_px: int, step: int
) -> None:
    wide, high = size_for(width_px, height_px, area_px=1280 * 704, steps=(step, step))

    assert wide % step == high % step == 0
    assert wide * high <= 1280 * 704
    squeeze = abs(math.log(wide / high / (width_px / height_px)))
    assert squeeze <= 1.1 * step * (1 / wide + 1 / high)


@pytest.mark.parametrize(
    ("film", "model"),
    [((1280, 720), (1280, 704)), ((720, 1280), (704, 1280)), ((720, 720), (736, 736))],
)
def test_films_of_720_lines_take_the_sizes_that_the_model_has_learned(
    film: tuple[int, int], model: tuple[int, int]
) -> None:
    assert size_for(*film, area_px=1280 * 704, steps=(32, 32)) == model


def test_cinema_rates_are_near_and_16_is_not() -> None:
    assert is_near(Fraction(24), Fraction(25))
    assert is_near(Fraction(24), Fraction(24000, 1001))
    assert not is_near(Fraction(16), Fraction(25))
    assert not is_near(Fraction(24), Fraction(30))
