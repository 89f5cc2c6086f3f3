"""Passcodes for a living person to read to a camera: random, speakable, good once and for a quarter of an hour."""

from __future__ import annotations

import difflib
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from vivant.errors import ConsentError, InputError
from vivant.places import Places
from vivant.provenance.notices import form_text
from vivant.provenance.safekeeping import canonical, locked, sha256_hex, utc_now, write_private

WORDS = 6
DIGITS = 8
LASTS = timedelta(minutes=15)
LARGEST_BYTES = 4096
ALIKE_FROM = 0.75
"""A word that was heard counts as the one that was shown from here on: letters in common, of all letters."""

_NUMBERS: Mapping[str, str] = {
    "en": "zero one two three four five six seven eight nine",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zh": "零 一 二 三 四 五 六 七 八 九",
}


class ChallengeError(ConsentError):
    """A passcode cannot be used: it is unknown, too old, used up, or for another record."""

    code = "consent.challenge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A passcode for one record."""

    challenge_id: str
    record_id: str
    passcode: tuple[str, ...]
    """What is to be said, in order: words, or digits."""
    language: str
    made_at: datetime
    expires_at: datetime

    @property
    def sha256(self) -> str:
        """Hash of what was asked; evidence keeps this, and the passcode is forgotten."""
        return sha256_hex(canonical({"id": self.challenge_id, "said": list(self.passcode)}))


def new_challenge(
    record_id: str,
    *,
    places: Places,
    language: str = "en",
    digits: bool = False,
    now: datetime | None = None,
) -> Challenge:
    """Make a passcode and remember it until it is used or too old.

    Args:
        record_id: Of the record that is to be confirmed.
        places: Where it is remembered.
        language: BCP 47 of what is to be said; where there is no list of words, digits are.
        digits: Digits, also where there is a list.
        now: The moment.
    """
    moment = utc_now() if now is None else now
    primary = language.partition("-")[0].lower()
    known = _lists().get(primary)
    if digits or known is None:
        said = tuple(str(secrets.randbelow(10)) for _ in range(DIGITS))
    else:
        said = tuple(secrets.SystemRandom().sample(known, WORDS))
    challenge = Challenge(
        challenge_id=secrets.token_hex(16),
        record_id=record_id,
        passcode=said,
        language=primary,
        made_at=moment,
        expires_at=moment + LASTS,
    )
    facts = {
        "record_id": record_id,
        "passcode": list(said),
        "language": primary,
        "made_at": moment.isoformat(),
    }
    forget_old(places, now=moment)
    write_private(_path(challenge.challenge_id, places), canonical(facts) + b"\n")
    return challenge


def claim(
    challenge_id: str, *, record_id: str, places: Places, now: datetime | None = None
) -> Challenge:
    """Use a passcode up. Whatever becomes of it, it is never good again.

    Raises:
        ChallengeError: It is unknown here or used up, too old, made later than now, or for another record.
    """
    moment = utc_now() if now is None else now
    if not re.fullmatch(r"[0-9a-f]{32}", challenge_id):
        message = (
            "That is no passcode's id: 32 hex digits, as `vivant consent live RECORD` shows them."
        )
        raise ChallengeError(message)
    with locked(places.data / "challenges" / ".lock"):
        challenge = _read(challenge_id, places)
        if challenge is None:
            message = "The passcode is unknown here, or was used already. Ask for a new one; each is good once."
            raise ChallengeError(message)
        if challenge.record_id != record_id:
            message = "The passcode was made for another record. Ask for one for this record."
            raise ChallengeError(message)
        _path(challenge_id, places).unlink(missing_ok=True)
    if not challenge.made_at <= moment < challenge.expires_at:
        message = (
            f"The passcode was good from {challenge.made_at:%H:%M:%S} to {challenge.expires_at:%H:%M:%S} UTC, and it is "
            f"{moment:%H:%M:%S}. Ask for a new one, and hand in the clip within {LASTS.seconds // 60} minutes."
        )
        raise ChallengeError(message)
    return challenge


def forget_old(places: Places, *, now: datetime) -> None:
    """Remove passcodes that nobody may use any more."""
    for path in (places.data / "challenges").glob("*.json"):
        challenge = _read(path.stem, places)
        if challenge is None or challenge.expires_at <= now:
            path.unlink(missing_ok=True)


def words_match(passcode: Sequence[str], heard: str, *, language: str) -> bool:
    """Tell whether a passcode was said, in order; other words may stand before, between and after.

    Args:
        passcode: Words or digits.
        heard: What a recogniser wrote.
        language: Of both; digits may be written out in it.
    """
    said = _pieces(heard, language)
    wanted = [_plain(one) for one in passcode]
    if all(len(one) == 1 and one.isdigit() for one in wanted):
        return "".join(wanted) in "".join(one for one in said if one.isdigit())
    at = 0
    for word in wanted:
        found = next((i for i in range(at, len(said)) if _alike(word, said[i])), None)
        if found is None:
            return False
        at = found + 1
    return True


def _alike(wanted: str, heard: str) -> bool:
    return difflib.SequenceMatcher(None, wanted, heard, autojunk=False).ratio() >= ALIKE_FROM


def _pieces(heard: str, language: str) -> list[str]:
    numbers = {_plain(word): str(i) for i, word in enumerate(_NUMBERS.get(language, "").split())}
    if language == "zh":
        return [numbers.get(one, one) for one in _plain(heard) if not one.isspace()]
    pieces = [numbers.get(one, one) for one in re.findall(r"\w+", _plain(heard))]
    return [one for piece in pieces for one in (piece if piece.isdigit() else [piece])]


def _plain(word: str) -> str:
    """Without capitals and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    lists: Mapping[str, str] = yaml.safe_load(form_text("passcode.yaml"))
    return {language: tuple(words.split()) for language, words in lists.items()}


def _path(challenge_id: str, places: Places) -> Path:
    return places.data / "challenges" / f"{challenge_id}.json"


def _read(challenge_id: str, places: Places) -> Challenge | None:
    try:
        with _path(challenge_id, places).open("rb") as file:
            facts = json.loads(file.read(LARGEST_BYTES))
        made_at = datetime.fromisoformat(facts["made_at"])
        return Challenge(
            challenge_id=challenge_id,
            record_id=str(facts["record_id"]),
            passcode=tuple(str(one) for one in facts["passcode"]),
            language=str(facts["language"]),
            made_at=made_at,
            expires_at=made_at + LASTS,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def list_of(language: str) -> tuple[str, ...]:
    """Give the words from which passcodes are made in a language.

    Raises:
        InputError: There is no list in it.
    """
    if language not in _lists():
        message = f"There are lists of words in {', '.join(_lists())}; in other languages digits are said."
        raise InputError(message)
    return _lists()[language]
