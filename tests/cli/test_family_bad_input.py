"""What goes wrong when several are in one film: told with who, the shot and the cure, and nothing is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image
from skimage import data

from terminal import Told
from vivant.cli.running import run
from vivant.painting import portrait
from vivant.places import Places
from vivant.provenance.consent import attest, write_consent
from vivant.provenance.ledger import Ledger

pytestmark = [pytest.mark.slow, pytest.mark.models]

HEAD = """vivant: storyboard/1
title: Together
rate: 12
opening_card: {words: "", seconds: 3}
cast:
"""
BESIDE = """
everywhere: {set: room}
shots:
  - {name: both, who: [mother, father], action: beside, length: 3 s}
"""


def refused(
    text: str, home: Path, told: Told, *, name: str, attested: str = "public-domain"
) -> str:
    """Film a storyboard that cannot be filmed; gives the message."""
    board, folder = home / f"{name}.yaml", home / f"out-{name}"
    board.write_text(text, encoding="utf-8")
    told()
    code = run(
        ["film", "--storyboard", str(board), "-o", str(folder / "film.mp4"), "--size", "256x256",
         "--attest", attested]
    )  # fmt: skip
    error = told()[1]
    assert code not in {0, 1}, error
    assert "Traceback" not in error
    assert "unforeseen" not in error
    assert list(folder.glob("*")) == []
    return error[error.index("vivant: ") :]


def saved(pixels: np.ndarray, path: Path, *, quality: int = 90) -> Path:
    Image.fromarray(pixels.astype(np.uint8)).save(path, quality=quality)
    return path


def person(name: str) -> np.ndarray:
    return np.array(portrait(name, width_px=384, height_px=480).pixels)


def cast(**photos: str) -> str:
    return HEAD + "".join(f"  {name}: {{{what}}}\n" for name, what in photos.items())


def test_one_file_given_for_two_people(home: Path, told: Told) -> None:
    saved(person("woman-smile"), home / "a.png")

    error = refused(
        cast(mother="photos: [a.png]", father="photos: [a.png]") + BESIDE, home, told, name="twice"
    )

    assert "twice.yaml, line 7" in error
    assert "one photo is given twice: to mother and to father" in error
    assert "face: N" in error


def test_one_photo_saved_again_for_two_people(home: Path, told: Told) -> None:
    saved(person("woman-smile"), home / "a.png")
    saved(person("woman-smile")[10:, 5:-9], home / "again.jpg", quality=70)

    error = refused(
        cast(mother="photos: [a.png]", father="photos: [again.jpg]") + BESIDE,
        home, told, name="again",
    )  # fmt: skip

    assert "shot both" in error
    assert "are one photo" in error
    assert "a photo of their own" in error


def test_photos_of_two_people_given_as_one(home: Path, told: Told) -> None:
    with Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)) as hopper:
        saved(np.array(hopper.convert("RGB")), home / "one.png")
    saved(data.astronaut(), home / "other.png")
    shots = "everywhere: {set: room}\nshots:\n  - {name: years, who: [mother], action: become, length: 4 s}\n"

    error = refused(
        cast(mother="photos: [one.png, other.png]") + shots, home, told, name="strangers"
    )

    assert "shot years" in error
    assert "somebody else" in error
    assert "same_person: yes" in error


def test_a_child_for_whom_no_guardian_agreed(home: Path, told: Told) -> None:
    saved(person("girl"), home / "girl.png")
    saved(person("woman-smile"), home / "a.png")

    error = refused(
        cast(mother="photos: [a.png], in_memory: yes", father="photos: [girl.png], child: yes")
        + BESIDE,
        home, told, name="child", attested="kin",
    )  # fmt: skip

    assert "child.yaml, line 7: father, seen in shot both" in error
    assert "guardian" in error
    assert "consent: FILE" in error
    assert "mother" not in error


def test_a_partner_who_was_not_asked(home: Path, told: Told) -> None:
    saved(person("woman-smile"), home / "a.png")
    saved(person("man-bald"), home / "b.png")
    both = cast(mother="photos: [a.png], in_memory: yes", father="photos: [b.png]") + BESIDE

    error = refused(both, home, told, name="unasked", attested="kin")

    assert "father, seen in shot both" in error
    assert "agreed: yes" in error


def test_a_partner_who_objects(home: Path, told: Told) -> None:
    saved(person("woman-smile"), home / "a.png")
    saved(person("man-bald"), home / "b.png")
    record = attest("self")
    write_consent(record, home / "father.json")
    Ledger.in_places(Places(data=home / "data", cache=home / "cache")).append(
        "consent.objection", {"record_id": record.record_id}
    )
    both = (
        cast(
            mother="photos: [a.png], in_memory: yes",
            father="photos: [b.png], consent: father.json",
        )
        + BESIDE
    )

    error = refused(both, home, told, name="objects", attested="kin")

    assert "father, seen in shot both" in error
    assert "held" in error
    assert "take father out" in error


def test_a_group_picture_in_which_nobody_was_chosen(home: Path, told: Told) -> None:
    saved(np.hstack([person("elder-man-beard"), person("woman-smile")]), home / "group.png")
    saved(person("man-bald"), home / "b.png")

    error = refused(
        cast(mother="photos: [group.png]", father="photos: [b.png]") + BESIDE,
        home, told, name="group",
    )  # fmt: skip

    assert "for shot both" in error
    assert "face: N" in error


def test_two_people_of_one_group_picture_can_be_chosen(home: Path, told: Told) -> None:
    saved(np.hstack([person("elder-man-beard"), person("woman-smile")]), home / "pair.png")
    board = home / "pair.yaml"
    board.write_text(
        cast(mother="photos: [pair.png], face: 2", father="photos: [pair.png], face: 1") + BESIDE,
        encoding="utf-8",
    )

    code = run(
        ["film", "--storyboard", str(board), "-o", str(home / "pair"), "--attest", "public-domain",
         "--preview", "--size", "256x256"]
    )  # fmt: skip

    assert code == 0, told()[1]
    assert list((home / "pair").glob("*both*"))


def test_an_animal_without_a_face(home: Path, told: Told) -> None:
    saved(data.grass(), home / "grass.png")
    shots = "everywhere: {set: room}\nshots:\n  - {name: our-cat, who: [cat], action: pet, length: 3 s}\n"

    error = refused(cast(cat="photos: [grass.png], pet: yes") + shots, home, told, name="no-cat")

    assert "our-cat" in error
    assert "vivant pet points" in error
