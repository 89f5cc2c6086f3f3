"""Brings what each claim says together into one finding that people understand.

The rule above all others: ``"ok"`` is said only where every claim holds, and all name one film. Everything else is
sorted by what it most likely is; a doubt is never sorted as good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vivant.film.claim import Claim
from vivant.film.origins import Origin
from vivant.provenance.credentials import Credentials

Finding = Literal[
    "ok",
    "incomplete",
    "signer-unknown",
    "ours-withdrawn",
    "ours-stripped",
    "ours-changed",
    "contradiction",
    "likely-ours",
    "not-ours",
    "unreadable",
]

MEANINGS: Final[dict[Finding, str]] = {
    "ok": "Made with Vivant and unchanged: everything holds.",
    "incomplete": "Made with Vivant and unchanged, but not all that it owes is there.",
    "signer-unknown": "Whole, and it says that Vivant made it; but nobody who is trusted here signed that.",
    "ours-withdrawn": "Made with Vivant, and a consent to it was taken back, is objected to, or has ended: it must not be shown any more.",
    "ours-stripped": "Made with Vivant, by its marks; its papers were lost on the way, and nothing speaks for what was changed.",
    "ours-changed": "Made with Vivant, by its marks, and changed or signed by somebody else since.",
    "contradiction": "Its papers and marks contradict each other: something in it is forged.",
    "likely-ours": "It looks like a film of ours, and nothing else in it shows that it is: it may be another film, or a picture, of "
    "the same people.",
    "not-ours": "Nothing in it shows that Vivant made it. That does not prove that it is real.",
    "unreadable": "It is no film, picture or sound that can be read.",
}
"""Each finding in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was found on one file."""

    claims: Sequence[Claim]
    """All that are owed."""
    credentials: Credentials
    is_readable: bool
    """Whether something was seen or heard."""
    marks: Sequence[str]
    """Ids that were read out of the pixels and out of the sound."""
    likenesses: Sequence[str]
    """Ids of films and sounds in the register that it looks or sounds like, or is byte for byte; the likeliest first."""
    is_sure: bool
    """Whether the first of them must be it: not where only pictures speak."""
    tag: str | None
    """The id in the AIGC entry; anybody can write that."""
    origin: Origin | None
    """What this machine knows of what it comes from."""
    known: frozenset[str] = frozenset()
    """Those of the ids named that this machine made."""


def find(evidence: Evidence) -> Finding:
    """Say what a file is."""
    found = _sorted(evidence)
    origin = evidence.origin
    stops = origin is not None and origin.stops
    if stops and found not in ("contradiction", "likely-ours", "not-ours", "unreadable"):
        return "ours-withdrawn"
    return found


def _sorted(evidence: Evidence) -> Finding:
    credentials = evidence.credentials
    solid = _solid(evidence)
    trusted = (credentials.film_id or credentials.sound_id) if credentials.ok else None
    if trusted is not None:
        return _signed(evidence, solid | {trusted})
    if len(solid) > 1 or (solid and evidence.tag is not None and evidence.tag not in solid):
        return "contradiction"
    if credentials.state in ("invalid", "valid"):
        return _unsigned(evidence, solid)
    if solid:  # whole credentials are then another maker's
        return "ours-changed" if credentials.ok else "ours-stripped"
    return _nothing(evidence)


def _solid(evidence: Evidence) -> set[str]:
    """Name what is sure without any papers: marks, and where there are none, a sure likeness."""
    if evidence.marks or not evidence.is_sure:
        return set(evidence.marks)
    return set(evidence.likenesses[:1])


def _nothing(evidence: Evidence) -> Finding:
    """Sort what holds neither mark nor sure likeness nor credentials of ours."""
    if evidence.tag in evidence.known and evidence.tag not in evidence.likenesses:
        return "contradiction"  # a number of ours, on what is not ours
    if evidence.likenesses:
        return "likely-ours"
    seen = evidence.is_readable or evidence.credentials.state != "absent"
    return "not-ours" if seen else "unreadable"


def _signed(evidence: Evidence, named: set[str]) -> Finding:
    """Sort what carries whole and trusted credentials of ours."""
    if all(claim.ok for claim in evidence.claims):
        return "ok"
    tags = set() if evidence.tag is None else {evidence.tag}
    return "contradiction" if len(named | tags) > 1 else "incomplete"


def _unsigned(evidence: Evidence, solid: set[str]) -> Finding:
    """Sort what carries credentials that do not hold, or whose signer is unknown here."""
    credentials = evidence.credentials
    named = credentials.named_id
    if named is None:  # another maker's, or beyond reading
        return "ours-changed" if solid else _nothing(evidence)
    if not solid and named in evidence.likenesses:  # it looks like what it says it is
        solid = {named}
    if solid and named not in solid:
        return "contradiction"
    if credentials.state == "invalid":
        if solid or (credentials.is_genuine and not evidence.is_readable):
            return "ours-changed"  # too damaged to be looked at is damaged, not forged
        return "contradiction"
    if not solid and named in evidence.known:  # in our name, and nothing in it is ours
        return "contradiction"
    return "signer-unknown"
