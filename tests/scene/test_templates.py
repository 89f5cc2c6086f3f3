"""Every template works as it stands, and takes a family's photos without losing its remarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from vivant.errors import InputError
from vivant.scene.storyboard_checking import expected_s
from vivant.scene.storyboard_reading import parse_storyboard
from vivant.scene.storyboard_terms import TERMS
from vivant.scene.templates.shelf import Template, template_named, templates, with_photos
from vivant.scene.words_story import insist_on_dignity

SECONDS = {"stairway": 38, "a-word": 17, "wedding-day": 19, "album": 31}
OF_THE_LIVING = {"welcome"}
"""Films of joy, in which nobody is remembered."""


def photos(folder: Path, count: int) -> list[Path]:
    made = [
        folder / f'a "photo" no. {number}, übung #{number}.jpg' for number in range(1, count + 1)
    ]
    for one in made:
        one.write_bytes(str(one).encode())
    return made


def test_the_shelf_holds_the_four_and_each_tells_what_it_is() -> None:
    assert {one.name for one in templates()} >= SECONDS.keys()
    for one in templates():
        assert 30 < len(one.summary) < 140
        assert one.storyboard().template == one.name


@pytest.mark.parametrize("template", templates(), ids=lambda one: one.name)
def test_a_template_is_valid_out_of_the_box(template: Template) -> None:
    story = template.storyboard()

    insist_on_dignity(story)
    assert story.remembers or template.name in OF_THE_LIVING
    assert all(photo.demo for member in story.cast.values() for photo in member.photos)
    length_s = sum(expected_s(plan, terms=TERMS) for plan in story.shots)
    assert length_s == pytest.approx(SECONDS.get(template.name, length_s), abs=2)
    assert template.text.count("#") > 15, "remarks for families"


def test_no_template_puts_words_into_the_mouth_of_somebody_who_lived() -> None:
    for template in templates():
        story = template.storyboard()
        spoken = {name for plan in story.shots for name in plan.speakers}
        for name, member in story.cast.items():
            assert name not in spoken or not any(
                photo.demo == "grace-hopper" for photo in member.photos
            )


def test_the_stairway_is_cut_as_it_should_be() -> None:
    story = template_named("stairway").storyboard()

    assert [(plan.name, plan.length_s) for plan in story.shots] == [
        ("with-us", 10), ("first-steps", 5.5), ("behind", 4), ("beside", 3), ("look-back", 5), ("gates", 5), ("gates-close", 5.5)
    ]  # fmt: skip


def test_one_word_makes_the_stairway_neutral_in_faith() -> None:
    text = (
        template_named("stairway")
        .text.replace("look: clouds", "look: light")
        .replace("wave: yes", "wave: no")
    )

    story = parse_storyboard(text, name="s.yaml", folder=Path())

    assert {plan.look for plan in story.shots} == {"light"}
    assert story.shot("look-back").choice("wave", "yes") == "no"


def test_own_photos_take_the_place_of_demo_faces(tmp_path: Path) -> None:
    (mother,) = photos(tmp_path, 1)

    text = with_photos(template_named("stairway"), {"mother": [mother]}, folder=tmp_path)

    story = parse_storyboard(text, name="s.yaml", folder=tmp_path)
    assert [photo.path for photo in story.cast["mother"].photos] == [mother.resolve()]
    assert text.count("#") >= template_named("stairway").text.count("#")


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 7, 12])
def test_an_album_has_a_shot_for_each_photo(count: int, tmp_path: Path) -> None:
    text = with_photos(
        template_named("album"), {"pictures": photos(tmp_path, count)}, folder=tmp_path
    )

    story = parse_storyboard(text, name="s.yaml", folder=tmp_path)
    assert [plan.options["photo"] for plan in story.shots] == [
        str(one) for one in range(1, count + 1)
    ]
    assert len(story.cast["pictures"].photos) == count


def test_wrong_names_and_too_many_photos_are_told(tmp_path: Path) -> None:
    album = template_named("album")
    some = photos(tmp_path, 13)

    with pytest.raises(InputError, match="photos go to pictures"):
        with_photos(album, {"mother": some[:1]}, folder=tmp_path)
    with pytest.raises(InputError, match="heard and not seen"):
        with_photos(album, {"teller": some[:1]}, folder=tmp_path)
    with pytest.raises(InputError, match="12 fit"):
        with_photos(album, {"pictures": some}, folder=tmp_path)


def test_an_unknown_template_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean stairway"):
        template_named("stairwey")
