"""A notice to a platform that shows a film whose consent has ended: the words, and the evidence under our seal.

The evidence says which film it is, how it was recognised, what became of its papers, and when the consent ended. It names
nobody, and not where the copy was found: the address stands in the words alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import Template
from typing import Any, Literal

import yaml

from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.film_states import state_of_film
from vivant.provenance.ledger import Ledger
from vivant.provenance.ledger_lines import stamp_of
from vivant.provenance.notices import form_text
from vivant.provenance.safekeeping import canonical, sha256_hex, utc_now
from vivant.provenance.sealing import seal

LANGUAGES: tuple[str, ...] = ("en", "zh", "de", "fr", "es")
DOCUMENT = "takedown-evidence/1"
By = Literal["credentials", "watermark", "sound", "file", "pictures", "aigc"]


class NothingToTakeDownError(InputError):
    """There is no ground for a notice: the film is not known, or everybody in it still agrees."""

    code = "takedown.no-ground"


class UnsureError(InputError):
    """A file looks like a film of ours, and no person has compared the two."""

    code = "takedown.unsure"


SURE: frozenset[By] = frozenset({"credentials", "watermark", "sound", "file"})
"""What tells a film by itself; pictures may be of another film of the same photo, and anybody can write a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """How a file found in the wild was recognised as a film of ours."""

    made_id: str
    """The film's or sound's id."""
    by: By
    score: float
    """0..1."""
    why: str
    """Sentences with the numbers."""
    file_sha256: str
    """Of the file that was found."""
    file_bytes: int
    papers: Mapping[str, str]
    """Each mark and paper, and what was found of it: ``{"credentials": "stripped"}``."""
    compared: bool = False
    """Whether a person compared the file with our film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is sent."""

    notice_id: str
    texts: Mapping[str, str]
    """By language."""
    evidence: Mapping[str, Any]
    """Sealed; to be attached."""
    sha256: str
    """Of the attachment's bytes."""

    @property
    def attachment(self) -> bytes:
        """The evidence as bytes."""
        return canonical(self.evidence) + b"\n"


def write_notice(
    found: Recognised,
    *,
    urls: Sequence[str] = (),
    languages: Sequence[str] = ("en",),
    now: datetime | None = None,
    places: Places | None = None,
) -> Notice:
    """Write a notice, and write down that it was written: ids and hashes, no address.

    Args:
        found: The file, and how it was recognised.
        urls: Where it is shown; left to be filled in when there are none.
        languages: Of the words; see ``LANGUAGES``.
        now: The moment; now when left out.
        places: Where key and ledger are.

    Raises:
        UnsureError: It was recognised by its pictures alone, and no person compared it.
        NothingToTakeDownError: The ledger does not know the film, or everybody in it still agrees.
        InputError: There are no words in a language.
        KeyBrokenError: The key cannot be used.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    unknown = [one for one in languages if one not in LANGUAGES]
    if unknown or not languages:
        message = f"Notices are written in {', '.join(LANGUAGES)}. Choose among those."
        raise InputError(message)
    if found.by not in SURE and not found.compared:
        message = (
            f"The file looks like film {found.made_id}, and nothing else tells which film it is: another film of the "
            "same photo looks the same. Compare the two; then name the film (--film ID)."
        )
        raise UnsureError(message)
    ledger = Ledger.in_places(places)
    state = state_of_film(ledger, found.made_id, at=ledger.moment(moment))
    if state.state not in ("withdrawn", "held", "expired") or state.since is None:
        message = (
            f"{state.why} There is no ground for a notice; withdraw the film or the consent first "
            "(vivant withdraw)."
        )
        raise NothingToTakeDownError(message)
    notice_id = sha256_hex(f"{found.made_id}:{found.file_sha256}:{state.state}".encode())[:32]
    facts = {
        "document": DOCUMENT,
        "notice_id": notice_id,
        "made_id": found.made_id,
        "state": state.state,
        "since": stamp_of(state.since),
        "recognised": {"by": found.by, "score": round(found.score, 4), "why": found.why},
        "compared_by_a_person": found.compared,
        "found": {"sha256": found.file_sha256, "bytes": found.file_bytes},
        "papers": dict(found.papers),
        "written": stamp_of(moment),
    }
    evidence = seal(facts, places=places, now=moment)
    sha256 = sha256_hex(canonical(evidence) + b"\n")
    texts = {
        one: _words(one, found, state.state, state.since, urls=urls, sha256=sha256, now=moment)
        for one in languages
    }
    if not any(entry.event == "notice.written" for entry in ledger.about(notice_id)):
        told = {
            "notice_id": notice_id,
            "film_id": found.made_id,
            "file_sha256": found.file_sha256,
            "by": found.by,
            "evidence_sha256": sha256,
        }
        ledger.append("notice.written", told, now=moment)
    return Notice(notice_id=notice_id, texts=texts, evidence=evidence, sha256=sha256)


def _words(
    language: str,
    found: Recognised,
    state: str,
    since: datetime,
    *,
    urls: Sequence[str],
    sha256: str,
    now: datetime,
) -> str:
    form: Mapping[str, Any] = yaml.safe_load(form_text("takedown.yaml"))[language]
    day = str(form["date"])
    percent = f"{100 * found.score:.0f}"
    return Template(form["text"]).substitute(
        urls="\n".join(f"  {url}" for url in urls) or "  [address]",
        state=Template(form["states"][state]).substitute(since=since.strftime(day)),
        by=Template(form["by"][found.by]).substitute(score=percent),
        made_id=found.made_id,
        papers=", ".join(f"{name} {what}" for name, what in found.papers.items()),
        sha256=sha256,
        date=now.strftime(day),
    )
