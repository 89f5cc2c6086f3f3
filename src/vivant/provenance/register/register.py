"""The register: every film and sound that was made here, found again by number, by file, or by what it shows."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
from jaxtyping import UInt8, UInt64

from vivant.errors import ResourceError
from vivant.places import Places
from vivant.provenance.register import comparing
from vivant.provenance.register.cutting import films_cut
from vivant.provenance.register.entry import Entry, Fingerprints, Match, Query
from vivant.provenance.register.facts import Facts
from vivant.provenance.register.judging import Found, judged, nearest_pictures
from vivant.provenance.register.looking import words_of
from vivant.provenance.register.screens import views_of, without_bars
from vivant.provenance.register.shelf import Shelf, shelves_in
from vivant.provenance.register.stacking import stack

logger = logging.getLogger(__name__)

MOST_MATCHES = 5
_SHARED_SOUND = " Only the sound speaks: it is this film's, or that of another one with the same words or music."
_SELDOM = 4
"""A film with so many times fewer near pictures than the one with the most is not compared."""
_MOST_COMPARED = 200
"""Films that are compared in full, those with the most near pictures first."""


@dataclass(slots=True, kw_only=True, eq=False)
class Register:
    """A register in one folder. Threads and processes may use it at once.

    Looking is fast from the second time on: shelves stay mapped as long as the register is held.
    """

    folder: Path
    _shelves: dict[Path, Shelf | None] = field(default_factory=dict)
    _rest: Shelf | None = None
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def in_places(cls, places: Places) -> Register:
        """Find the register of this machine's user."""
        return cls(folder=places.data / "register")

    @property
    def facts(self) -> Facts:
        """The tables."""
        return Facts(path=self.folder / "register.sqlite3")

    @property
    def _shelf_folder(self) -> Path:
        return self.folder / "shelves"

    def note(self, entry: Entry, fingerprints: Fingerprints) -> None:
        """Write a film or sound down; it is on the disk when the call returns.

        Args:
            entry: Its ids, hashes and dates. The same ``made_id`` again adds the file to the same film.
            fingerprints: What it looks and sounds like, as delivered.

        Raises:
            WithdrawnFilmError: The same film was made before and withdrawn.
            ResourceError: The disk is full, or the folder cannot be written.
            RegisterError: The register is damaged.
        """
        facts = self.facts
        facts.note(entry, fingerprints)
        try:
            stack(facts, self._shelf_folder)
        except ResourceError as error:  # what was noted stands; only looking stays slower
            logger.warning("the register's shelves were not written", extra={"why": str(error)})

    def by_id(self, made_id: str) -> Entry | None:
        """Find a film or sound by its id."""
        return self.facts.by_id(made_id)

    def by_file(self, sha256: str) -> Entry | None:
        """Find a film or sound by the SHA-256 of its delivered file."""
        return self.facts.by_file(sha256)

    def set_state(self, made_id: str, state: Literal["withdrawn", "erased"]) -> bool:
        """Note that a film or sound was withdrawn or erased; tells whether it is known.

        A state never goes back. Of what is erased, only id, hashes and state stay in the file.
        """
        return self.facts.set_state(made_id, state)

    @property
    def count(self) -> int:
        """How many films and sounds are known, whatever their state."""
        return self.facts.count()

    def find(self, query: Query) -> tuple[Match, ...]:
        """Find the films and sounds that something is a copy or a part of, the likeliest first.

        Args:
            query: What was seen and heard of it, as ``film.fingerprints`` tells.

        Returns:
            At most ``MOST_MATCHES``; none for a stranger. Where several fit equally well all are told, and none of
            them is ``sure``.
        """
        shelves = self._all_shelves()
        seen = self._compared(shelves, query)
        heard = [] if seen else comparing.heard(shelves, self.facts, query)
        return self._told(judged(seen, heard, listen=lambda number: self._error_of(number, query)))

    def _error_of(self, number: int, query: Query) -> float:
        stored = self.facts.sound_of(number)
        if stored is None:
            return comparing.NOTHING_HEARD
        return comparing.sound_error(query.sound, stored)

    def find_cut(self, shown: Sequence[UInt8[np.ndarray, "height width"]]) -> tuple[Match, ...]:
        """Find the films that something may be a copy of whose edges were cut off, the likeliest first.

        Args:
            shown: Luma of some of its pictures, in order, 16 to 235; or of the only one.
        """
        shelves = self._all_shelves()
        inners, wholes = [one.inners for one in shelves], [one.wholes for one in shelves]
        seen = films_cut(inners, wholes, shown)
        if len(shown) == 1:
            return self._told(nearest_pictures(seen))
        return self._told(judged(seen, [], listen=lambda _: comparing.NOTHING_HEARD))

    def find_picture(self, y: UInt8[np.ndarray, "height width"]) -> tuple[Match, ...]:
        """Find the films that a screenshot is of, the likeliest first.

        It is looked up as it is, without borders, without a desktop around it, mirrored, turned, and with cut edges.

        Args:
            y: Its luma, 16 to 235.
        """
        shelves = self._all_shelves()
        for tried, views in enumerate(views_of(y)):
            within = comparing.CHANGED_BITS if tried else comparing.PICTURE_BITS
            best: dict[int, comparing.Seen] = {}
            for view in views:
                for shelf in shelves:
                    near = shelf.wholes.near(words_of(view.bits[None])[0], within=within)
                    for number, bits in zip(near.numbers.tolist(), near.bits.tolist(), strict=True):
                        if number not in best or bits < best[number].bits:
                            best[number] = comparing.Seen.of_picture(number, bits, within=within)
            if best:
                seen = list(best.values())
                return self._told(nearest_pictures(seen))
        return self.find_cut([without_bars(y)])

    def _compared(self, shelves: list[Shelf], query: Query) -> list[comparing.Seen]:
        """Look a few pictures up, and compare the films so found; more where these show nothing."""
        if not len(query.pictures) or not shelves:
            return []
        words = words_of(query.pictures)
        probes = words[comparing.spread(words)]
        crowds = np.sum([shelf.wholes.crowds(probes) for shelf in shelves], axis=0)
        order = np.argsort(crowds, kind="stable")[: comparing.PROBES]
        hits: Counter[int] = Counter()
        compared: set[int] = set()
        found: list[comparing.Seen] = []
        for part in (order[: comparing.FIRST_PROBES], order[comparing.FIRST_PROBES :]):
            for at in part:
                for shelf in shelves:
                    hits.update(np.unique(shelf.wholes.near(probes[at]).numbers).tolist())
            for number, count in hits.most_common(_MOST_COMPARED):
                if number in compared or _SELDOM * count < hits.most_common(1)[0][1]:
                    continue
                compared.add(number)
                stored = _of_film(shelves, number)
                one = comparing.compare(number, words, query.firmness, query.is_plain, stored)
                if one is not None:
                    found.append(one)
            if found:
                break
        return found

    def _told(self, found: list[Found]) -> tuple[Match, ...]:
        matches = []
        for one in found[:MOST_MATCHES]:
            entry = self.facts.by_number(one.number)
            if entry is None:
                continue
            is_shared = one.by == "sound" and entry.kind == "film"
            why = one.why + (_SHARED_SOUND if is_shared else "")
            sure = one.sure and not is_shared
            matches.append(Match(entry=entry, by=one.by, score=one.score, why=why, sure=sure))
        return tuple(matches)

    def _all_shelves(self) -> list[Shelf]:
        """Map what is new, and read what is on no shelf yet."""
        with self._lock:
            mapped: list[Shelf] = []
            at = 0
            for _, last, path in shelves_in(self._shelf_folder):
                if path not in self._shelves:
                    self._shelves[path] = Shelf.open(path)
                shelf = self._shelves[path]
                if shelf is None:  # damaged: what is on it is read from the facts
                    break
                mapped.append(shelf)
                at = last
            newest = self.facts.last()
            rest = self._rest
            if rest is None or rest.first != at + 1 or rest.last != newest:
                films = self.facts.after(at, to=newest)
                rest = Shelf.of(films, first=at + 1, last=newest, with_bands=False)
                self._rest = rest
            return [*mapped, rest] if len(rest.numbers) else mapped


def _of_film(shelves: list[Shelf], number: int) -> UInt64[np.ndarray, "n 4"]:
    for shelf in shelves:
        hashes = shelf.wholes.of_film(number)
        if hashes is not None:
            return hashes
    return np.zeros((0, 4), np.uint64)


def file_match(entry: Entry) -> Match:
    """Tell of an entry that was found by the very file."""
    why = f"The file is the {entry.kind} {entry.made_id} as it was delivered, byte for byte."
    return Match(entry=replace(entry), by="file", score=1.0, why=why)
