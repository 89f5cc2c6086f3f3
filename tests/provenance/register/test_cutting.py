"""A film is recognised after one of its edges, or all of them, were cut off."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import UInt8
from skimage.transform import resize

from register_entries import entry_of
from vivant.provenance.register.cutting import NO_CUT, Cut
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.register.register import Register

HEIGHT, WIDTH = 360, 640
Luma = UInt8[np.ndarray, "h w"]


def shown(picture: str, *, count: int = 6) -> list[Luma]:
    """Somebody whom the camera nears slowly."""
    grey = getattr(skimage.data, picture)().mean(axis=2) / 255
    frames = []
    for number in range(count):
        off = 6 * number
        part = grey[10 + off : 390 - off, 2 * off : 500 - off]
        frame: Luma = (resize(part, (HEIGHT, WIDTH), anti_aliasing=True) * 219 + 16).astype(
            np.uint8
        )
        frames.append(frame)
    return frames


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    register = Register(folder=tmp_path_factory.mktemp("register"))
    for number, picture in enumerate(("astronaut", "coffee", "cat")):
        looking = Fingerprinter(Fraction(1), WIDTH, HEIGHT)
        for index, y in enumerate(shown(picture)):
            looking.see(index, y)
        register.note(entry_of(number), looking.done())
    return register


def cut_off(y: Luma, cut: Cut) -> UInt8[np.ndarray, "_ _"]:
    top, bottom = round(cut.top * HEIGHT), round(cut.bottom * HEIGHT)
    left, right = round(cut.left * WIDTH), round(cut.right * WIDTH)
    return y[top : HEIGHT - bottom, left : WIDTH - right].copy()


def copied(y: UInt8[np.ndarray, "h w"]) -> UInt8[np.ndarray, "_ _"]:
    """Half as large, in coarse steps."""
    height, width = (side // 2 * 2 for side in y.shape)
    small = y[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    coarse: UInt8[np.ndarray, "_ _"] = (small // 6 * 6 + 3).astype(np.uint8)
    return coarse


shares = st.floats(0, 0.2)


@given(left=shares, top=shares, right=shares, bottom=shares)
def test_the_inner_part_is_the_same_whatever_was_cut_off(
    left: float, top: float, right: float, bottom: float
) -> None:
    columns, rows = np.meshgrid(np.arange(200, dtype=np.uint8), np.arange(200, dtype=np.uint8))
    cut = Cut(left, top, right, bottom)
    at = [round(share * 200) for share in cut]
    for places in (columns, rows):
        kept = places[at[1] : 200 - at[3], at[0] : 200 - at[2]]
        inner, whole = cut.inner_of(kept), NO_CUT.inner_of(places)
        assert abs(int(inner[0, 0]) - int(whole[0, 0])) <= 2
        assert abs(int(inner[-1, -1]) - int(whole[-1, -1])) <= 2


@pytest.mark.parametrize("edge", Cut._fields)
@pytest.mark.parametrize("share", [0.07, 0.163, 0.2])
def test_a_film_is_found_with_one_edge_cut_off(edge: str, share: float, register: Register) -> None:
    cut = NO_CUT._replace(**{edge: share})
    matches = register.find_cut([copied(cut_off(y, cut)) for y in shown("astronaut")])

    assert [one.entry for one in matches] == [entry_of(0)]
    assert matches[0].by == "pictures"
    assert not matches[0].sure


@pytest.mark.parametrize("share", [0.03, 0.08, 0.17])
def test_a_film_is_found_with_all_edges_cut_off(share: float, register: Register) -> None:
    cut = Cut(share, share, share, share)
    matches = register.find_cut([copied(cut_off(y, cut)) for y in shown("coffee")])

    assert [one.entry for one in matches] == [entry_of(1)]


def test_a_screenshot_is_found_with_an_edge_cut_off(register: Register) -> None:
    whole = shown("cat")[2]
    matches = register.find_picture(cut_off(whole, NO_CUT._replace(right=0.12)))

    assert [(one.entry, one.sure) for one in matches] == [(entry_of(2), False)]


def test_strangers_are_not_found_however_they_are_cut(register: Register) -> None:
    assert register.find_cut(shown("rocket")) == ()
    assert register.find_cut([np.full((90, 160), 128, np.uint8)] * 3) == ()
    assert register.find_cut([np.zeros((3, 5), np.uint8)]) == ()
    assert register.find_cut([]) == ()


def test_the_same_inner_part_on_another_ground_is_another_film(register: Register) -> None:
    others = shown("coffee")
    for y, other in zip(shown("astronaut"), others, strict=True):
        NO_CUT.inner_of(other)[...] = NO_CUT.inner_of(y)
    cut = NO_CUT._replace(left=0.04)

    assert register.find_cut([cut_off(y, cut) for y in shown("astronaut")])
    assert register.find_cut([cut_off(y, cut) for y in others]) == ()


def test_an_empty_register_knows_no_cut_film(tmp_path: Path) -> None:
    assert Register(folder=tmp_path / "register").find_cut(shown("cat")) == ()
