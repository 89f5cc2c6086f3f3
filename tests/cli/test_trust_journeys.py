"""The whole way of a consent: given, filmed under, found again in the wild, taken back, erased."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import cv2
import pytest

from terminal import Answer
from vivant.cli.hopper import portrait
from vivant.film.decoding import read_frames
from vivant.film.delivering import DeliveryStoppedError, deliver
from vivant.film.encoding import Encoder, Packing
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb
from vivant.places import Places
from vivant.provenance.consent_forms import form_for
from vivant.provenance.links import LinkDeadError, make_link, read_link

pytestmark = [pytest.mark.slow, pytest.mark.models]

WORDS = "I had a good life, and you were in it. Farewell, my dear ones."


def granted(home: Path, answer: Answer) -> Path:
    """Collect a full consent of next of kin."""
    for name in ("SCAN", "DEATH-CERTIFICATE", "BIRTH-CERTIFICATE"):
        (home / f"{name}.pdf").write_text(name)
    form = form_for("kin")
    for empty, said in (
        ("objections_until: 2026-03-31", "objections_until: 2099-03-31"),
        ("agrees: unknown", "agrees: yes"),
        ("until: 2027-12-31", "until: 2099-12-31"),
        ("on: 2026-01-31", "on: 1992-01-01"),
        ("FULL NAME", "Ada Example"),
        ("YOUR NAME OR COMPANY", "A Studio"),
        ("YOUR E-MAIL OR TELEPHONE", "a@b.example"),
    ):
        form = form.replace(empty, said)
    (home / "kin.yaml").write_text(form)
    record = home / "kin.json"
    answer("consent", "new", "--from", str(home / "kin.yaml"), "-o", str(record))
    return record


def copied(film: Path, to: Path) -> Path:
    """Encode a film again, smaller and without its sound: what a platform makes of it."""
    small = [_halved(frame) for frame in read_frames(film)]
    height, width = small[0].y.shape
    packing = Packing(preset="veryfast", crf=28)
    with Encoder(to, width_px=width, height_px=height, rate=Fraction(25), packing=packing) as out:
        for frame in small:
            out.write(frame)
    return to


def _halved(frame: Frame) -> Frame:
    height, width = (side // 4 * 2 for side in frame.y.shape)
    y, u, v = (
        cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        for plane, size in (
            (frame.y, (width, height)),
            (frame.u, (width // 2, height // 2)),
            (frame.v, (width // 2, height // 2)),
        )
    )
    return Frame(index=frame.index, y=y, u=u, v=v)


def screenshot(film: Path, to: Path) -> Path:
    """Take one picture of a film, as a person does who sees it in a window."""
    frame = next(frame for frame in read_frames(film) if frame.index == 40)
    rgb = planes_to_rgb(frame.y, frame.u, frame.v)
    window = cv2.resize(rgb, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_LINEAR)
    cv2.imwrite(str(to), window[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 70])
    return to


def test_a_consent_binds_from_the_first_film_to_the_last_work_file(
    own_home: Path, answer: Answer
) -> None:
    places = Places(data=own_home / "data", cache=own_home / "cache")
    record = granted(own_home, answer)
    film = own_home / "farewell.mp4"
    line = ["film", str(portrait()), "--say", WORDS, "--consent", str(record), "-o"]

    film_id = answer(*line, str(film))["film_id"]

    whole = answer("verify", str(film))
    assert (whole["verdict"], whole["film_id"]) == ("ok", film_id)
    for wild in (copied(film, own_home / "copy.mp4"), screenshot(film, own_home / "shot.jpg")):
        found = answer("verify", str(wild), code=4)
        assert found["watermark"]["film_id"] == film_id
        assert not found["credentials"]["ok"]
    token = make_link(film_id, places=places)
    assert read_link(token, places=places) == film_id
    deliver(film, own_home / "handed-over.mp4", places=places)

    taken = answer("withdraw", str(record))

    assert answer("consent", "check", str(record), code=3)["state"] == "withdrawn"
    with pytest.raises(LinkDeadError):
        read_link(token, places=places)
    with pytest.raises(DeliveryStoppedError):
        deliver(film, own_home / "again.mp4", places=places)
    assert not (own_home / "again.mp4").exists()
    refused = answer(*line, str(own_home / "second.mp4"), code=3)
    assert refused["error"]["code"].startswith("consent")
    assert not (own_home / "second.mp4").exists()
    shown = json.dumps(answer("verify", str(film), code=4))
    assert "withdrawn" in shown
    assert not list((own_home / "cache" / "studio").glob("??/*")), taken
    assert not list((own_home / "data" / "films").glob("*"))

    notice = answer(
        "takedown", str(own_home / "copy.mp4"), "--at", "https://example.com/watch", "-o", str(own_home / "notices")
    )  # fmt: skip
    assert film_id in json.dumps(notice)
    assert answer("ledger", "verify")["ok"]
    ledger = (own_home / "data" / "ledger" / "ledger.jsonl").read_text()
    for secret in ("Ada", "Example", "Studio", WORDS[:12]):
        assert secret not in ledger
