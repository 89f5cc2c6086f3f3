"""A storyboard is read whole, or every reason why not is told with its line and its cure."""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.media.hearing import write_wav
from vivant.media.sound import Sound
from vivant.scene.storyboard import (
    Line,
    LineTooLongError,
    ShotPlan,
    Storyboard,
    StoryboardError,
    pixels_of,
)
from vivant.scene.storyboard_reading import parse_storyboard, read_storyboard
from vivant.scene.storyboard_sounds import insist_on_sounds
from vivant.scene.storyboard_terms import ACTIONS, HOURS, SETS, TERMS

HERE = Path()
GOOD = """vivant: storyboard/1
title: Farewell
language: pt-BR
sizes: [16:9, 9:16]
rate: 30000/1001
seed: 7
captions: vtt
opening_card: In memory
cast:
  anna:
    photos: [demo:girl]
    in_memory: yes
    face: 2
    dress: {garment: uniform, hat: peaked, gloves: no, cloth: navy}
    build: {height_m: 1.62}
  ben:
    photos: [demo:man-bald, demo:man-bald+jacket]
    voice: none
  teller: {voice: kokoro:emma}
everywhere:
  look: light
  wave: no
music: {piece: ascent, level: 0.3}
shots:
  - name: with-us
    who: anna
    action: with-us
    line: |
      *Obrigada* por tudo. [pause 1s] Adeus.
    length: 8 s
    options: {leaves: light}
  - {name: up, action: climb, who: [anna], camera: behind, length: 4.5, options: {transition: light, particles: "petals, dust"}}
  - {name: turn, action: look-back, who: [anna]}
  - {name: change, action: become, who: ben, set: meadow, hour: dusk, speaker: teller, line: Era assim.}
titles:
  - {text: Saudade, over: end, seconds: 3}
"""


def parsed(text: str, name: str = "story.yaml", folder: Path = HERE) -> Storyboard:
    return parse_storyboard(text, name=name, folder=folder)


def problems(text: str | bytes, folder: Path = HERE) -> list[tuple[int, str]]:
    with pytest.raises(StoryboardError) as caught:
        parse_storyboard(text, name="story.yaml", folder=folder)
    return [(one.line, one.what) for one in caught.value.problems]


def parsed_or_told(text: str) -> bool:
    try:
        parsed(text)
    except StoryboardError as error:
        return all(one.line >= 0 and one.what for one in error.problems) and bool(error.problems)
    return True


def with_shot(shot: str) -> str:
    return (
        "vivant: storyboard/1\ntitle: x\ncast:\n  a: {photos: [demo:girl]}\n"
        "  b: {photos: [demo:man-bald], voice: none}\n  c: {voice: hibari}\nshots:\n  - "
        + shot
        + "\n"
    )


def test_a_storyboard_is_read_with_every_choice_made() -> None:
    story = parsed(GOOD)

    assert story.language == "pt-BR"
    assert story.sizes == ("16:9", "9:16")
    assert story.rate == Fraction(30000, 1001)
    assert story.captions == "vtt"
    assert story.opening_card.words == "In memory"
    assert story.music is not None
    assert (story.music.piece, story.music.level) == ("ascent", 0.3)
    assert story.remembers
    anna = story.cast["anna"]
    assert (anna.voice, anna.face, anna.in_memory) == ("hibari", 2, True)
    assert anna.dress == {"garment": "uniform", "hat": "peaked", "gloves": False, "cloth": "navy"}
    assert anna.build == {"height_m": 1.62}
    assert anna.photos[0].demo == "girl"
    first, up, turn, change = story.shots
    assert [line.say for line in first.lines] == ["*Obrigada* por tudo. [pause 1s] Adeus."]
    assert (first.set, first.look, first.hour) == ("stairway", "light", "golden")
    assert (first.length_s, first.choice("leaves", "?"), first.choice("nods", "?")) == (
        8.0,
        "light",
        "yes",
    )
    assert (up.camera, up.particles, up.transition) == ("behind", ("petals", "dust"), "light")
    assert (turn.choice("wave", "yes"), turn.length_s, turn.speakers) == ("no", None, ())
    assert (change.who, change.speakers, change.hour) == (("ben",), ("teller",), "dusk")
    assert story.titles[0].over == "end"
    assert GOOD.split("\n")[first.words_at - 1].strip() == "line: |"


def test_places_in_the_file_are_no_part_of_what_is_planned() -> None:
    moved = parsed(GOOD.replace("title: Farewell", "# a remark\n\ntitle: Farewell"))

    assert moved == parsed(GOOD)
    assert moved.shots[0].at_line == parsed(GOOD).shots[0].at_line + 2


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        GOOD.replace("title:", "titel:").replace("[16:9, 9:16]", "[16:10]").replace("action: climb", "action: clim")
        .replace("over: end", "over: nowhere").replace("demo:girl", "demo:gril").replace("garment: uniform", "garment: unifrom")
    )  # fmt: skip

    lines = [line for line, _ in found]
    assert lines == sorted(lines)
    told = "\n".join(what for _, what in found)
    for hint in ("Did you mean title?", "known are 16:9, 9:16, 1:1", "Did you mean climb?", "stand over start, end, with-us",
                 "Did you mean girl?", "unifrom"):  # fmt: skip
        assert hint in told


def test_a_message_names_the_file_the_line_and_the_cure() -> None:
    with pytest.raises(StoryboardError, match=r"^story\.yaml, line 7: .* Did you mean vtt\?"):
        parsed(GOOD.replace("captions: vtt", "captions: vt"))


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "empty"),
        ("# only a remark\n", 1, "empty"),
        ("title: x\n", 1, "does not say that it is a storyboard"),
        ("- a\n- b\n", 1, "does not say that it is a storyboard"),
        ("vivant: rig/1\n", 1, "storyboard/1"),
        ("vivant: storyboard/2\n", 1, "version 2"),
        ("vivant: storyboard/1\nshots:\n\t- a: b\n", 3, "tab"),
        ("vivant: storyboard/1\ntitle: Dear all: thank you\n", 2, "quotes"),
        ("vivant: storyboard/1\ntitle: *Dear* all\n", 2, "begins with *"),
        ("vivant: storyboard/1\ntitle: 'open\n", 2, "never closed"),
        ("vivant: storyboard/1\ntitle: {a\n", 2, "bracket"),
        ("vivant: storyboard/1\ntitle: a\ntitle: b\n", 3, "already written in line 2"),
        ("vivant: storyboard/1\na: &x b\nc: *x\n", 3, "points to another place"),
        ("vivant: storyboard/1\na: !!python/object/apply:os.system [x]\n", 2, "tag"),
        ("vivant: storyboard/1\n---\nvivant: storyboard/1\n", 2, "second document"),
        ("vivant: storyboard/1\ntitle: a\x00b\n", 2, "U+0000"),
        ("vivant: storyboard/1\n? [a]\n: b\n", 2, "name with a colon"),
        ("{" * 3000, 1, "nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_no_storyboard_is_told_plainly(text: str, line: int, told: str) -> None:
    assert [one for one in problems(text) if one[0] == line and told in one[1]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"vivant: storyboard/1\ntitle: caf\xe9\n", "line 2: a byte (0xe9) that is no UTF-8"),
        ("vivant: storyboard/1".encode("utf-16"), "UTF-16"),
    ],
)
def test_other_encodings_are_told(content: bytes, told: str) -> None:
    with pytest.raises(StoryboardError) as caught:
        parse_storyboard(content, name="story.yaml", folder=HERE)

    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("shot", "told"),
    [
        ("{action: climb}", "shows 0, and climb is for 1 person"),
        ("{action: with-us, who: [a, b]}", "shows 2, and with-us is for 1 person"),
        ("{action: with-us, who: [a, a]}", "same person twice"),
        ("{action: with-us, who: anna}", "not in the cast; there is a, b, c"),
        ("{action: with-us, who: c}", "needs 1 of c, who has no photo"),
        ("{action: become, who: a}", "needs 2 of a, who has 1 photo"),
        ("{action: show, who: a, options: {photo: 3}}", "shows photo 3 of a, who has 1"),
        ("{action: climb, who: a, set: meadow}", "happens only in stairway"),
        ("{action: climb, who: a, camera: top}", "known are wide, behind, beside"),
        ("{action: gates, who: a, camera: wide}", "has only one"),
        ("{action: climb, who: a, length: 1}", "needs 2 s"),
        ("{action: climb, who: a, length: 0.2}", "0.8 to 60"),
        ("{action: climb, who: a, length: long}", "a number from 0.8 to 60"),
        ("{action: climb, who: a, options: {wave: yes}}", "cannot be asked for 'wave'"),
        ("{action: climb, who: a, options: {pace: fast}}", "known are usual, slow, brisk"),
        ("{action: climb, who: a, look: meadow}", "known are clouds, light"),
        ("{action: climb, who: a, hour: midnight}", "known are golden"),
        ("{action: climb, who: a, set: stare}", "known are stairway, meadow, lake, room"),
        ("{action: flying, who: a}", "known are with-us"),
        ("{who: a}", "has no action"),
        ("{action: with-us, who: b, line: hello}", "whose voice is none"),
        ("{action: gates-close, line: hello}", "nobody to say them"),
        ("{action: with-us, who: a, line: [pause 1s]}", "stands in quotes"),
        ("{action: with-us, who: a, lines: [{by: x, say: Hi}]}", "names 'x', who is not in the cast"),
        ("{action: with-us, who: a, lines: [{by: b, say: Hi}]}", "has words for b, whose voice is none"),
        ("{action: with-us, who: a, lines: [{say: Hi}]}", "line 1 of shot shot-1 does not tell who says it"),
        ("{action: with-us, who: a, lines: [{by: a}]}", "line 1 of shot shot-1 has no words"),
        ("{action: with-us, who: a, lines: [{by: a, say: Hi, by_whom: c}]}", "knows no 'by_whom'"),
        ("{action: with-us, who: a, lines: [Hi]}", "line 1 of shot shot-1 is a text; needed is NAME: VALUE"),
        ("{action: with-us, who: a, lines: [{by: a, say: Hi, after: 21}]}", "it may be 0 to 20"),
        ("{action: with-us, who: a, lines: [{by: a, audio: nothing.wav}]}", "audio of line 1 of shot shot-1 was not found"),
        ("{action: with-us, who: a, line: Hi, lines: [{by: a, say: Hi}]}", "has lines: and line:"),
        ("{action: with-us, who: a, length: 6, lines: [{by: a, say: " + "wort " * 12 + "}, {by: c, after: 4, say: " + "wort " * 12 + "}]}", "or shorten a line"),
        ("{action: with-us, who: a, audio: nothing.wav}", "audio of shot shot-1 was not found"),
        ("{name: two words, action: with-us, who: a}", "letters, digits and hyphens"),
        ("{name: end, action: with-us, who: a}", "titles use that word"),
        ("hello", "is a text; needed is NAME: VALUE"),
        ("{action: with-us, who: a, length: 3, line: " + "wort " * 40 + "}", "words take about"),
        ("{action: with-us, who: a, length: 2}", "with-us needs 3 s"),
        ("{action: show, who: a, options: {photo: 1.5}}", "whole number"),
    ],
)  # fmt: skip
def test_a_shot_that_cannot_be_is_told_with_its_name_and_cure(shot: str, told: str) -> None:
    with pytest.raises(StoryboardError) as caught:
        parsed(with_shot(shot))

    assert [one for one in caught.value.problems if told in one.what], str(caught.value)
    assert all(one.line == 8 for one in caught.value.problems)


def test_a_photo_given_twice_is_told_once_with_both_people() -> None:
    ((line, what),) = problems(
        with_shot("{action: with-us, who: a}").replace("demo:man-bald", "demo:girl")
    )

    assert line == 5
    assert "given twice: to a and to b" in what


def test_files_are_seen_from_the_storyboards_folder_and_must_hold_something(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mother.jpg").write_bytes(b"a picture")
    (tmp_path / "own" / "empty.jpg").touch()
    story = tmp_path / "own" / "story.yaml"
    text = with_shot("{action: with-us, who: a}")

    story.write_text(text.replace("demo:girl", "mother.jpg"))
    assert (
        read_storyboard(story).cast["a"].photos[0].path
        == (tmp_path / "own" / "mother.jpg").resolve()
    )

    for name, told in (
        ("empty.jpg", "0 bytes"),
        ("../own", "is a folder"),
        ("x" * 400, "no name"),
        ("none.jpg", "was not found"),
    ):
        found = problems(text.replace("demo:girl", name), folder=tmp_path / "own")
        assert any(told in what for _, what in found)
        assert not any("none.jpg" in what for _, what in found)


def test_music_of_no_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "song.wav").touch()

    ((line, what),) = problems(
        with_shot("{action: with-us, who: a}") + "music: song.wav\n", folder=tmp_path
    )

    assert line == 9
    assert "empty (0 bytes)" in what


def test_sounds_that_cannot_be_heard_are_told_with_their_lines(tmp_path: Path) -> None:
    for name, seconds in (("song.wav", 0.0), ("word.wav", 0.1), ("good.wav", 4.0)):
        write_wav(
            tmp_path / name,
            Sound(samples=np.zeros(int(16_000 * seconds), np.float32), sample_rate_hz=16_000),
        )
    (tmp_path / "noise.wav").write_bytes(b"no sound at all")
    text = with_shot("{name: one, action: with-us, who: a, audio: word.wav}") + "music: song.wav\n"

    with pytest.raises(StoryboardError) as caught:
        insist_on_sounds(parsed(text, folder=tmp_path))
    assert {one.line for one in caught.value.problems} == {8, 9}
    with pytest.raises(StoryboardError, match="line 9: the music"):
        insist_on_sounds(
            parsed(text.replace("song", "noise").replace("word", "good"), folder=tmp_path)
        )
    insist_on_sounds(parsed(text.replace("song", "good").replace("word", "good"), folder=tmp_path))


def test_the_same_picture_under_two_names_is_one_photo(tmp_path: Path) -> None:
    for name, content in (("1.jpg", b"one"), ("2.jpg", b"one"), ("3.jpg", b"two")):
        (tmp_path / name).write_bytes(content)
    text = (
        with_shot("{action: with-us, who: a}")
        .replace("demo:girl", "1.jpg")
        .replace("demo:man-bald", "2.jpg")
    )

    ((line, what),) = problems(text, folder=tmp_path)

    assert line == 5
    assert "given twice" in what
    assert parsed(text.replace("2.jpg", "3.jpg"), folder=tmp_path).shots


def test_the_opening_card_cannot_be_switched_off() -> None:
    ((_, what),) = problems(with_shot("{action: with-us, who: a}") + "opening_card: no\n")

    assert "made with AI" in what


def test_titles_in_letters_that_cannot_be_drawn_are_refused() -> None:
    from dataclasses import replace

    terms = replace(TERMS, undrawable=lambda text: "".join(c for c in text if not c.isascii()))

    with pytest.raises(StoryboardError, match="1 letters that no font here can draw"):
        parse_storyboard(
            with_shot("{action: with-us, who: a}") + "titles: [{text: ཀ}]\n",
            name="s.yaml",
            folder=HERE,
            terms=terms,
        )


def test_a_film_may_not_be_too_long() -> None:
    shots = "\n".join("  - {action: with-us, who: a, length: 60}" for _ in range(4))

    found = problems(with_shot("{action: with-us, who: a}") + shots + "\n")

    assert any("3 to 180 s" in what for _, what in found)


def test_options_of_everywhere_that_nothing_knows_are_told() -> None:
    found = problems(with_shot("{action: with-us, who: a}") + "everywhere: {gates: no, hello: 1}\n")

    assert any("none of the shots can be asked for gates" in what for _, what in found)
    assert any("everywhere knows no 'hello'" in what for _, what in found)


@given(junk=st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(junk: str) -> None:
    for text in (junk, "vivant: storyboard/1\n" + junk, with_shot(junk)):
        assert parsed_or_told(text)


@given(
    place=st.integers(0, len(GOOD) - 1), sign=st.sampled_from(list("{}[]:#&*!|>'\"%@`\t\n ,-?~x\\"))
)
def test_one_wrong_sign_never_breaks_the_reader(place: int, sign: str) -> None:
    assert parsed_or_told(GOOD[:place] + sign + GOOD[place + 1 :])


def test_a_shot_is_found_by_its_name() -> None:
    story = parsed(GOOD)

    assert story.shot("up") is story.shots[1]
    with pytest.raises(InputError, match="Its shots are with-us, up, turn, change"):
        story.shot("down")


def test_a_line_too_long_names_shot_seconds_and_cure() -> None:
    plan = ShotPlan(
        name="word",
        set="room",
        look="window",
        hour="golden",
        action="speak",
        length_s=4.0,
        lines=(Line(by="a", say="Be good.", at_line=12),),
    )

    error = LineTooLongError(plan, name="story.yaml", line_s=5.03, room_s=2.8)

    assert str(error).startswith("story.yaml, line 12: shot word lasts 4 s")
    assert "length: 6.3" in str(error)
    assert str(error).endswith("or shorten the line.")


def test_errors_survive_pickling() -> None:
    with pytest.raises(StoryboardError) as caught:
        parsed("")

    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)


def test_delivery_sizes_are_even() -> None:
    assert pixels_of("16:9") == (1280, 720)
    assert pixels_of("9:16") == (720, 1280)
    assert pixels_of("1:1", short_side_px=270) == (270, 270)
    assert pixels_of("16:9", short_side_px=270) == (480, 270)


def test_the_terms_are_those_of_directions_and_sets() -> None:
    from vivant.scene.direction.registry import directions
    from vivant.scene.sets.hours import HOURS as LIGHTS
    from vivant.scene.sets.registry import SETS as PLACES
    from vivant.scene.sets.registry import set_named

    assert set(ACTIONS) == set(directions())
    assert set(SETS) == set(PLACES)
    assert set(HOURS) == set(LIGHTS)
    for name, terms in SETS.items():
        assert terms.looks == tuple(set_named(name).looks)


def test_the_terms_know_our_music_and_our_painted_faces() -> None:
    from vivant.music.pieces import PIECES
    from vivant.painting import CAST
    from vivant.painting.pets import PETS

    assert set(TERMS.pieces) == set(PIECES)
    assert TERMS.faces == {*CAST, *PETS, "grace-hopper"}


def test_the_reference_page_says_what_the_code_knows() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/storyboard.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    assert len(parsed(example).shots) == 2
    actions = page.split("<!-- actions")[1].split("<!-- /actions")[0]
    for name, acted in ACTIONS.items():
        (row,) = [row for row in actions.split("\n") if row.startswith(f"| `{name}` |")]
        words = [
            *acted.cameras,
            *acted.options,
            *acted.sets,
            f"{acted.shortest_s:g} s",
            f"{acted.usual_s:g} s",
        ]
        assert all(word in row for word in words)
    for name, place in SETS.items():
        assert f"| `{name}` | {', '.join(f'`{look}`' for look in place.looks)} |" in page
    for word in (*TERMS.pieces, *HOURS, *TERMS.clothes):
        assert f"`{word}`" in page
