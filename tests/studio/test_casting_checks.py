"""Everybody in a film is asked for: each by a record of their own; and each photo is of whom the storyboard says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from jaxtyping import Float32, UInt8

from rigs import faces, rig
from vivant.errors import InputError
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.same_photo import face_print, is_same_photo
from vivant.painting import portrait
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.ledger import Ledger
from vivant.scene.storyboard import CastMember, PhotoSource, ShotPlan, Storyboard
from vivant.studio.casting_checks import (
    CastConsentError,
    Recognition,
    insist_on_consents,
    people_seen,
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


class Strangers(MediapipeFaces):
    """Takes every second face for somebody quite different."""

    asked = 0

    def vector(
        self,
        pixels: UInt8[np.ndarray, "height width 3"],
        landmarks: Float32[np.ndarray, "478 3"],
        /,
    ) -> Float32[np.ndarray, " 128"]:
        seen = super().vector(pixels, landmarks).copy()
        self.asked += 1
        if self.asked % 2 == 0:
            seen[::2] *= -1
        return seen


def photo(name: str) -> PhotoSource:
    return PhotoSource(asked=f"{name}.png", path=Path(f"{name}.png"))


def family(**changes: CastMember) -> Storyboard:
    cast = {
        "mother": CastMember(photos=(photo("a"),), in_memory=True, at_line=7),
        "father": CastMember(photos=(photo("b"),), at_line=9),
        **changes,
    }
    plan = ShotPlan(
        name="both", set="room", look="window", hour="golden", action="beside", who=tuple(cast)
    )
    return Storyboard(title="Two", cast=cast, shots=(plan,), name="two.yaml")


def guardians() -> Consent:
    return attest("self").model_copy(update={"kind": "guardians"})


def insist(board: Storyboard, consents: dict[str, Consent], places: Places) -> tuple[Consent, ...]:
    now: datetime = max(one.given_at for one in consents.values())
    return insist_on_consents(board, consents, now=now, places=places)


def test_everybody_who_is_seen_is_covered_by_a_record_of_their_own(places: Places) -> None:
    records = {"mother": attest("kin"), "father": attest("self")}

    assert insist(family(), records, places) == tuple(records.values())


def test_one_missing_consent_refuses_the_film_and_names_who_and_where(places: Places) -> None:
    with pytest.raises(
        CastConsentError, match=r"two.yaml, line 9: father, seen in shot both"
    ) as caught:
        insist(family(), {"mother": attest("kin")}, places)

    assert "agreed: yes" in str(caught.value)
    assert "mother" not in str(caught.value)


def test_all_who_are_missing_are_named_at_once(places: Places) -> None:
    board = family(uncle=CastMember(photos=(photo("c"),), in_memory=True, at_line=12))

    with pytest.raises(CastConsentError) as caught:
        insist(board, {"mother": attest("kin")}, places)

    assert "father" in str(caught.value)
    assert "uncle" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2


def test_one_record_does_not_speak_for_two(places: Places) -> None:
    shared = attest("kin")

    with pytest.raises(CastConsentError, match="that of mother"):
        insist(family(), {"mother": shared, "father": shared}, places)


def test_a_partner_who_objects_stops_the_film(places: Places) -> None:
    records = {"mother": attest("kin"), "father": attest("self")}
    Ledger.in_places(places).append("consent.objection", {"record_id": records["father"].record_id})

    with pytest.raises(CastConsentError, match=r"father, seen in shot both.*take father out"):
        insist(family(), records, places)


def test_a_child_needs_its_guardians(places: Places) -> None:
    board = family(girl=CastMember(photos=(photo("c"),), child=True, at_line=12))
    records = {"mother": attest("kin"), "father": attest("self"), "girl": attest("self")}

    with pytest.raises(CastConsentError, match=r"line 12: girl.*guardians"):
        insist(board, records, places)

    assert insist(board, records | {"girl": guardians()}, places)


def test_an_animal_agrees_to_nothing_and_needs_nothing(places: Places) -> None:
    board = family(cat=CastMember(photos=(photo("c"),), pet=True, at_line=12))

    assert set(people_seen(board)) == {"mother", "father"}
    assert len(insist(board, {"mother": attest("kin"), "father": attest("self")}, places)) == 2


def test_faces_that_nobody_has_may_share_a_record(places: Places) -> None:
    drawn = PhotoSource(asked="demo:woman-smile", path=Path("x.png"))
    board = family(father=CastMember(photos=(drawn,), at_line=9))
    shared = attest("kin")

    assert insist(board, {"mother": shared, "father": shared}, places) == (shared,)


def test_one_photo_saved_again_is_seen_to_be_one() -> None:
    engine = faces()
    pixels = portrait("woman-smile").pixels
    again = np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels[40:, 20:-60], [1, 60])[1], 1))
    smaller = np.asarray(cv2.resize(again, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
    other = portrait("woman-hijab").pixels

    prints = [face_print(one, engine.find(one)[0].landmarks) for one in (pixels, smaller, other)]

    assert is_same_photo(prints[0], prints[1])
    assert not is_same_photo(prints[0], prints[2])


def test_one_photo_given_for_two_people_is_refused_with_its_shots() -> None:
    seeing = Recognition(family(), faces())
    seeing.see("mother", rig("woman-smile"))

    with pytest.raises(
        InputError, match="shot both: the photos of mother and father are one photo"
    ):
        seeing.see("father", rig("woman-smile"))


def test_photos_of_two_people_given_as_one_are_refused_unless_the_family_says_so() -> None:
    two = (photo("a"), photo("c"))
    for says_so in (False, True):
        board = family(mother=CastMember(photos=two, same_person=says_so, at_line=7))
        seeing = Recognition(board, Strangers())
        seeing.see("mother", rig("woman-smile"))
        if says_so:
            seeing.see("mother/2", rig("man-bald"))
            continue
        with pytest.raises(
            InputError, match=r"photo 2 of mother seems to show somebody else.*same_person: yes"
        ):
            seeing.see("mother/2", rig("man-bald"))
