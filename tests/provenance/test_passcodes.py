from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.passcodes import (
    ALIKE_FROM,
    Challenge,
    ChallengeError,
    _alike,
    _plain,
    claim,
    list_of,
    new_challenge,
    words_match,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RECORD, OTHER = "a" * 32, "b" * 32
LANGUAGES = ("en", "de", "fr", "es")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def test_a_passcode_is_good_once(places: Places) -> None:
    made = new_challenge(RECORD, places=places, now=NOON)

    assert claim(made.challenge_id, record_id=RECORD, places=places, now=NOON) == made
    with pytest.raises(ChallengeError, match="used already"):
        claim(made.challenge_id, record_id=RECORD, places=places, now=NOON)


def test_a_passcode_grows_old(places: Places) -> None:
    made = new_challenge(RECORD, places=places, now=NOON)

    with pytest.raises(ChallengeError, match="hand in the clip within 15 minutes"):
        claim(made.challenge_id, record_id=RECORD, places=places, now=NOON + timedelta(minutes=15))
    with pytest.raises(ChallengeError, match="used already"):
        claim(made.challenge_id, record_id=RECORD, places=places, now=NOON)


def test_a_clock_set_back_makes_no_passcode_good(places: Places) -> None:
    made = new_challenge(RECORD, places=places, now=NOON)

    with pytest.raises(ChallengeError, match="Ask for a new one"):
        claim(made.challenge_id, record_id=RECORD, places=places, now=NOON - timedelta(seconds=1))


def test_a_passcode_is_for_one_record(places: Places) -> None:
    made = new_challenge(RECORD, places=places, now=NOON)

    with pytest.raises(ChallengeError, match="another record"):
        claim(made.challenge_id, record_id=OTHER, places=places, now=NOON)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "x" * 32, "0" * 32])
def test_what_is_no_passcode_is_refused(places: Places, name: str) -> None:
    with pytest.raises(ChallengeError):
        claim(name, record_id=RECORD, places=places, now=NOON)


def test_a_passcode_that_was_tampered_with_is_unknown(places: Places) -> None:
    made = new_challenge(RECORD, places=places, now=NOON)
    (places.data / "challenges" / f"{made.challenge_id}.json").write_text("{}")

    with pytest.raises(ChallengeError, match="unknown"):
        claim(made.challenge_id, record_id=RECORD, places=places, now=NOON)


def test_old_passcodes_are_forgotten(places: Places) -> None:
    new_challenge(RECORD, places=places, now=NOON)
    new_challenge(RECORD, places=places, now=NOON + timedelta(hours=1))

    (left,) = (places.data / "challenges").glob("*.json")
    assert left.stat().st_mode & 0o777 == 0o600


def test_of_two_who_use_a_passcode_at_once_one_may(places: Places) -> None:
    made = new_challenge(RECORD, places=places, now=NOON)

    def use(_: int) -> Challenge | None:
        try:
            return claim(made.challenge_id, record_id=RECORD, places=places, now=NOON)
        except ChallengeError:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert sum(one is not None for one in pool.map(use, range(8))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_words_of_a_list_are_alike(language: str) -> None:
    words = [_plain(one) for one in list_of(language)]

    assert len(words) >= 110, "six of them are worth 40 bits"
    assert len(set(words)) == len(words)
    assert [pair for pair in permutations(words, 2) if _alike(*pair)] == []


def test_a_language_without_a_list_has_digits(places: Places) -> None:
    made = new_challenge(RECORD, places=places, language="zh-CN", now=NOON)

    assert len(made.passcode) == 8
    assert all(one.isdigit() for one in made.passcode)
    assert new_challenge(RECORD, places=places, digits=True, now=NOON).passcode[0].isdigit()
    with pytest.raises(InputError):
        list_of("zh")


@given(st.lists(st.sampled_from(list_of("en")), min_size=6, max_size=6, unique=True))
def test_what_was_said_matches_and_no_other_order_does(words: list[str]) -> None:
    assert words_match(words, "Well, " + ", ".join(words).upper() + ". Thank you!", language="en")
    assert not words_match(words, " ".join(reversed(words)), language="en")
    assert not words_match(words, " ".join(words[:-1]), language="en")


@pytest.mark.parametrize(
    ("passcode", "heard", "language", "matches"),
    [
        ("castle river zebra", "Castles, river, zebra.", "en", True),
        ("castle river zebra", "Castle and the river; a zebra.", "en", True),
        ("castle river zebra", "castle, table, zebra", "en", False),
        ("castle river zebra", "", "en", False),
        ("Brücke Käse", "Brucke, Kase.", "de", True),
        ("zèbre été", "Zebre ete", "fr", True),
        ("4 7 1 9", "4719", "en", True),
        ("4 7 1 9", "4, 7, 1, 9.", "en", True),
        ("4 7 1 9", "four seven one nine", "en", True),
        ("4 7 1 9", "vier sieben eins neun", "de", True),
        ("4 7 1 9", "四七一九", "zh", True),
        ("4 7 1 9", "4 7 9 1", "en", False),
        ("4 7 1 9", "四七九一", "zh", False),
    ],
)
def test_words_are_matched_as_people_say_them(
    passcode: str, heard: str, language: str, matches: bool
) -> None:
    assert words_match(passcode.split(), heard, language=language) is matches


def test_the_bar_is_what_it_says() -> None:
    assert 0.7 <= ALIKE_FROM < 1
