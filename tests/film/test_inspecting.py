"""What is measured in a film is what was put into it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image

from speeches import sentence
from vivant.errors import InputError
from vivant.film.comparing import readback
from vivant.film.encoding import Encoder
from vivant.film.inspecting import contact_sheet, inspect_film
from vivant.film.inspection import Inspection
from vivant.film.making import Film, make_film
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.taking import take_photos
from vivant.media.picture import Frame
from vivant.performance.performing import perform
from vivant.places import Places
from vivant.provenance.consent import attest
from vivant.provenance.record import Source
from vivant.rig.building import build_rig

pytestmark = pytest.mark.models
PHOTO = Path(get_sample_data("grace_hopper.jpg", asfileobj=False))


@pytest.fixture(scope="module")
def engine() -> MediapipeFaces:
    return MediapipeFaces()


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    home = tmp_path_factory.mktemp("home")
    return Places(data=home / "data", cache=Places().cache)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, places: Places, engine: MediapipeFaces) -> Film:
    consent = attest("public-domain")
    rig = build_rig(take_photos([PHOTO], consent=consent, engine=engine))
    return make_film(
        rig,
        sentence(times=2),
        tmp_path_factory.mktemp("film") / "film.mp4",
        consent=consent,
        width_px=512,
        height_px=512,
        photos=(Source(sha256="ab" * 32, mime="image/jpeg"),),
        places=places,
    )


@pytest.fixture(scope="module")
def inspection(film: Film, places: Places, engine: MediapipeFaces) -> Inspection:
    return inspect_film(film.path, photo=PHOTO, places=places, engine=engine)


def test_our_own_film_is_measured_whole(inspection: Inspection, film: Film) -> None:
    assert inspection.facts.frames == film.frames
    assert inspection.face_share == 1.0
    assert inspection.folded_cells == film.folded_cells
    assert inspection.papers.ok
    assert inspection.closures_from == "notes"
    assert inspection.closures >= 10
    assert inspection.loudness is not None
    assert inspection.resemblance is not None


def test_the_person_is_the_person_in_the_photo(inspection: Inspection) -> None:
    one = inspection.resemblance

    assert one is not None
    assert one.own_score > 0.9
    assert one.relative > 0.95
    assert one.identity_p05 <= one.identity_mean <= 1.0


def test_lips_move_in_time_and_the_background_stands_still(inspection: Inspection) -> None:
    assert inspection.lip_sync is not None
    assert inspection.lip_sync.correlation > 0.3
    assert abs(inspection.lip_sync.lag_ms) < 120
    assert inspection.background_psnr_db is not None
    assert inspection.background_psnr_db > 42
    assert inspection.pops == ()


def test_the_table_has_a_row_for_every_measurement(inspection: Inspection) -> None:
    names = [row.name for row in inspection.rows()]

    assert len(names) == len(set(names))
    assert len(inspection.lines()) == len(names)
    assert {"frames", "loudness", "identity over own score", "papers: label"} <= set(names)
    assert inspection.to_json()["papers"]["verdict"] == "ok"


def test_commands_are_read_back_from_the_film(film: Film, engine: MediapipeFaces) -> None:
    back = readback(perform(sentence(times=2)), film.path, engine=engine)

    for found, least in ((back.lips, 0.8), (back.lids, 0.8), (back.yaw, 0.8)):
        assert found is not None
        assert found > least


def test_curves_of_another_film_are_refused(film: Film, engine: MediapipeFaces) -> None:
    with pytest.raises(InputError, match="belong together"):
        readback(perform(sentence()), film.path, engine=engine)


def test_the_contact_sheet_is_a_picture(film: Film, tmp_path: Path, engine: MediapipeFaces) -> None:
    contact_sheet(film.path, tmp_path / "sheet.png", engine=engine)

    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width == 1920
        assert sheet.height > 1000


@pytest.fixture(scope="module")
def grey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of nothing."""
    path = tmp_path_factory.mktemp("grey") / "grey.mp4"
    half = np.full((64, 64), 128, np.uint8)
    with Encoder(path, width_px=128, height_px=128, rate=Fraction(25)) as encoder:
        for index in range(10):
            y = np.full((128, 128), 90, np.uint8)
            encoder.write(Frame(index=index, y=y, u=half, v=half))
    return path


def test_a_film_of_nobody_is_measured_as_far_as_it_goes(
    grey: Path, places: Places, engine: MediapipeFaces, tmp_path: Path
) -> None:
    inspection = inspect_film(grey, photo=PHOTO, places=places, engine=engine)

    assert inspection.face_share == 0.0
    assert inspection.resemblance is None
    assert inspection.lip_sync is None
    assert inspection.loudness is None
    assert inspection.blinks_per_minute is None
    assert inspection.head_range_deg is None
    assert not inspection.papers.ok
    assert inspection.lines()
    contact_sheet(grey, tmp_path / "sheet.png", engine=engine)
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width == 1920


def test_a_photo_without_a_face_is_refused(
    film: Film, places: Places, engine: MediapipeFaces, tmp_path: Path
) -> None:
    Image.new("RGB", (300, 300), (90, 120, 200)).save(tmp_path / "sky.png")

    with pytest.raises(InputError, match="no face"):
        inspect_film(film.path, photo=tmp_path / "sky.png", places=places, engine=engine)
