"""Whatever the evidence, a doubt is never found good."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vivant.film.claim import Claim
from vivant.film.finding import MEANINGS, Evidence, find
from vivant.film.origins import Origin
from vivant.provenance.credentials import Credentials, State
from vivant.provenance.film_states import FilmWord

A, B = "394eb04e9b5b6f4c", "b466aa1b4ae9980b"
IDS = st.sampled_from([None, A, B])
FEW = st.lists(st.sampled_from([A, B]), max_size=2)
STATES: list[State] = ["trusted", "valid", "invalid", "absent"]
WORDS: list[FilmWord | None] = [None, "free", "unknown", "held", "withdrawn", "expired"]
FOUND = st.fixed_dictionaries(
    {
        "state": st.sampled_from(STATES),
        "named": IDS,
        "genuine": st.booleans(),
        "fine": st.lists(st.booleans(), min_size=4, max_size=4),
        "likenesses": FEW,
        "sure": st.booleans(),
        "word": st.sampled_from(WORDS),
        "readable": st.booleans(),
        "marks": FEW,
        "tag": IDS,
        "known": FEW,
    }
)


def evidence_of(found: dict[str, Any]) -> Evidence:
    state: State = found["state"]
    named = found["named"]
    credentials = Credentials(
        ok=state == "trusted",
        why="",
        state=state,
        film_id=named if state in ("trusted", "valid") else None,
        named_id=named if state != "absent" else None,
        is_genuine=state == "trusted" or found["genuine"],
    )
    names = ("label", "aigc", "watermark", "consent")
    claims = [Claim(name=n, ok=ok, why="") for n, ok in zip(names, found["fine"], strict=True)]
    signed = Claim(name="credentials", ok=credentials.ok, why="", film_id=credentials.film_id)
    word: FilmWord | None = found["word"]
    origin = (
        None if word is None else Origin(made_id=A, by="watermark", score=1.0, why="", state=word)
    )
    return Evidence(
        claims=[*claims, signed],
        credentials=credentials,
        is_readable=found["readable"],
        marks=found["marks"],
        likenesses=found["likenesses"],
        is_sure=bool(found["likenesses"]) and found["sure"],
        tag=found["tag"],
        origin=origin,
        known=frozenset(found["known"]),
    )


@given(FOUND)
def test_good_is_said_only_where_everything_holds(found: dict[str, Any]) -> None:
    evidence = evidence_of(found)
    finding = find(evidence)

    assert finding in MEANINGS
    if finding == "ok":
        assert all(claim.ok for claim in evidence.claims)
        assert evidence.credentials.state == "trusted"
        assert evidence.origin is None or evidence.origin.state in ("free", "unknown")


@given(FOUND)
def test_two_marks_of_different_films_are_never_one_film(found: dict[str, Any]) -> None:
    evidence = evidence_of(found)
    if len(set(evidence.marks)) > 1 and not evidence.credentials.ok:
        assert find(evidence) == "contradiction"


@given(FOUND)
def test_what_is_said_to_be_ours_has_something_sure(found: dict[str, Any]) -> None:
    """A mark, a sure likeness, whole credentials; or papers of ours on what cannot be seen, or looks like it."""
    evidence = evidence_of(found)
    if find(evidence) in ("ours-stripped", "ours-withdrawn", "incomplete"):
        sure = evidence.marks or evidence.is_sure or evidence.credentials.named_id is not None
        assert sure


@given(FOUND)
def test_what_was_withdrawn_is_never_told_as_free(found: dict[str, Any]) -> None:
    evidence = evidence_of(found)
    origin = evidence.origin
    if origin is not None and origin.state in ("held", "withdrawn", "expired"):
        assert find(evidence) not in (
            "ok",
            "incomplete",
            "signer-unknown",
            "ours-stripped",
            "ours-changed",
        )
