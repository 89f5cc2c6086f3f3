"""No door makes anything of a person without a consent that covers it; and no door is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vivant
from attempts import KINDS, RECORDED, Wrong
from attempts_at_doors import DOORS, Outcome, attempt, attempted
from consents_for_policy import recorded
from vivant.places import Places
from vivant.provenance.asked import Showing
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import signing_key

PAIRS = max(len(doors) for _, doors in KINDS) * len(KINDS)
"""So many attempts try everything that can be wrong at every door where it can."""
BELOW = "provenance"
"""Where records are made and asked about; nothing is made of a person there."""
TAKERS = {
    "film.labelled.label_for": "works out a label",
    "film.labelled.label_of_story": "works out a label",
    "film.making._recipe_of": "behind make_film",
    "film.making.make_film": "make_film",
    "film.permitting.insist_on_all": "asks",
    "film.permitting.permit_film": "asks",
    "film.telling.make_story_film": "make_story_film",
    "intake.taking.permit_photos": "asks",
    "intake.taking.take_photos": "take_photos",
    "studio.baking.RigStage": "bake",
    "studio.casting.CastStudio": "call_the_cast",
    "studio.casting.call_the_cast": "call_the_cast",
    "studio.casting_checks._lacks_guardians": "asks",
    "studio.casting_checks._refusal": "asks",
    "studio.casting_checks.insist_on_consents": "asks",
    "studio.casting_rules.insist_on_photos": "asks",
    "studio.casting_rules.notes_on": "asks",
    "studio.live_consent._insist_on_living": "checks a record",
    "studio.live_consent.check_live": "checks a record",
    "studio.live_consent.insist_on_askable": "checks a record",
    "studio.pipeline.film_from_photos": "film_from_photos",
    "studio.previewing.preview": "preview",
    "studio.telling._recipe": "behind tell",
    "studio.telling.tell": "tell",
    "voice.learning.learn": "learn",
    "voice.profiles.check_free": "compares ids",
    "voice.profiles.save_profile": "behind learn and refresh",
}
"""Everything outside the rooms of papers and commands that takes a consent, and at which door it is proved."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    signing_key(Places(data=folder / "data", cache=folder / "cache"), now=utc_now())
    return folder / "data"


def faults(outcomes: list[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if not one.is_refused]


def test_whatever_is_wrong_with_a_consent_every_door_refuses_and_leaves_nothing(
    keys: Path, tmp_path: Path
) -> None:
    outcomes = [attempt(seed, tmp_path / str(seed), keys=keys) for seed in range(PAIRS)]

    assert faults(outcomes) == []
    tried = {(one.what, one.door) for one in outcomes}
    assert {door for _, door in tried} == set(DOORS)
    assert len(tried) >= sum(len(doors) for _, doors in KINDS) - 20


@given(seed=st.integers(PAIRS, 10**9))
def test_nor_does_chance_find_a_way(
    keys: Path, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert faults([attempt(seed, tmp_path_factory.mktemp("try"), keys=keys)]) == []


@pytest.mark.parametrize("door", RECORDED)
def test_a_consent_that_covers_it_comes_through_every_door(
    door: str, keys: Path, tmp_path: Path
) -> None:
    """The contrary: what stops these is the work, on files that hold no picture and no sound."""
    allowed = Wrong(
        what="nothing",
        rules=(),
        consent=recorded("kin", "portrait-film", "voice-likeness", "family-link"),
        showing=Showing(audience="family"),
    )

    outcome = attempted(allowed, door, tmp_path, keys=keys)

    assert outcome.rule == "", outcome
    assert not outcome.code.startswith(("consent", "studio.cast")), outcome


def test_no_door_is_forgotten() -> None:
    """A new function that takes a consent must be tried at a door above, or say why it makes nothing."""
    root = Path(vivant.__path__[0])
    found = {
        f"{'.'.join(path.relative_to(root).with_suffix('').parts)}.{name}"
        for path in root.rglob("*.py")
        if path.relative_to(root).parts[0] not in (BELOW, "cli")
        for name in _takers(path)
    }

    assert found == set(TAKERS)
    proved = {at for at in TAKERS.values() if at in DOORS}
    assert proved >= set(DOORS) - {"from_file", "build_rig", "refresh", "permit_profile", "speak", "make_sound", "stream_sound"}  # fmt: skip


def _takers(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            given_ = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if any(_is_consent(argument.annotation) for argument in given_):
                yield node.name
        if isinstance(node, ast.ClassDef):
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            if any(_is_consent(one.annotation) for one in fields):
                yield node.name


def _is_consent(annotation: ast.expr | None) -> bool:
    return annotation is not None and any(
        isinstance(part, ast.Name) and part.id == "Consent" for part in ast.walk(annotation)
    )
