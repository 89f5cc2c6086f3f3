"""A film appears whole and with its papers, or not at all."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from jaxtyping import Float32
from matplotlib.cbook import get_sample_data
from skimage.transform import resize

from speeches import sentence
from vivant.errors import ConsentError, EngineBrokeError, InputError, PapersError, ResourceError
from vivant.film.decoding import probe, read_frames, read_sound
from vivant.film.keeping import read_notes
from vivant.film.making import Film, make_film
from vivant.film.verifying import verify_film
from vivant.intake.taking import take_photos
from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.performance.performing import perform
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.ledger import Ledger
from vivant.provenance.record import Source
from vivant.render.engine import RenderTraits
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig

pytestmark = pytest.mark.models
SIDE_PX = 256
PHOTOS = (Source(sha256="ab" * 32, mime="image/jpeg"),)


class DriftingStage:
    """A landscape that drifts by."""

    folded = 0

    def __init__(self, width_px: int, height_px: int, *, breaks_at: int) -> None:
        picture = resize(skimage.data.astronaut(), (height_px, width_px), anti_aliasing=True)
        self._y, _, _ = rgb_to_planes(np.ascontiguousarray((picture * 255).astype(np.uint8)))
        self._half = np.full((height_px // 2, width_px // 2), 128, np.uint8)
        self._breaks_at = breaks_at

    def draw(
        self,
        index: int,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
    ) -> Frame:
        del shapes, head, breath
        if index == self._breaks_at:
            message = "the stand-in was told to break"
            raise EngineBrokeError(message)
        y = np.roll(self._y, index // 8, axis=1)
        return Frame(index=index, y=y, u=self._half.copy(), v=self._half.copy())

    def close(self) -> None:
        """Hold nothing."""


class DriftingEngine:
    """Draws a drifting picture, and counts how often it was asked to."""

    traits = RenderTraits(
        name="drifting",
        version="1",
        licence="Apache-2.0",
        needs_gpu=False,
        yaw_limit_deg=0.0,
        pitch_limit_deg=0.0,
    )

    def __init__(self, *, breaks_at: int = -1) -> None:
        self.opened = 0
        self._breaks_at = breaks_at

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> DriftingStage:
        del rig, threads
        self.opened += 1
        return DriftingStage(width_px, height_px, breaks_at=self._breaks_at)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "film.mp4"


@pytest.fixture(scope="session")
def consent() -> Consent:
    return attest("public-domain", note="public domain portrait; demonstration")


@pytest.fixture(scope="session")
def rig(consent: Consent) -> Rig:
    photo = Path(get_sample_data("grace_hopper.jpg", asfileobj=False))
    return build_rig(take_photos([photo], consent=consent))


def shot(
    rig: Rig,
    to: Path,
    *,
    consent: Consent,
    places: Places,
    engine: DriftingEngine | None = None,
    performance: Performance | None = None,
    watch: Watch = unwatched,
    rate: Fraction = Fraction(25),
) -> Film:
    return make_film(
        rig,
        sentence(),
        to,
        consent=consent,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        rate=rate,
        performance=performance,
        photos=PHOTOS,
        engine=engine or DriftingEngine(),
        places=places,
        watch=watch,
    )


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_film_is_whole_and_every_paper_holds(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    film = make_film(
        rig,
        sentence(),
        out,
        consent=consent,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        photos=PHOTOS,
        places=places,
        watch=lambda what, done, total: seen.append((what, done, total)),
    )

    facts = probe(out)
    frames = perform(sentence()).frames
    assert facts.frames == film.frames == frames
    assert facts.rate == film.rate == Fraction(25)
    assert facts.sound_s == facts.picture_s
    assert verify_film(out, places=places).ok
    assert film.verification.film_id == film.record.film_id
    assert [done for what, done, _ in seen if what == "frames"] == list(range(frames + 1))
    assert left_in(out.parent) == ["film.mp4"]
    assert [entry.event for entry in Ledger.in_places(places).entries()][-1] == "film.made"
    notes = read_notes(film.record.film_id, places=places)
    assert notes is not None
    assert notes.speech is not None
    assert [phone.symbol for phone in notes.speech.phones] == [
        phone.symbol for phone in sentence().phones
    ]


def test_the_speech_is_heard_where_the_film_says(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    film = shot(rig, out, consent=consent, places=places)

    sound = read_sound(out)
    first = int(np.flatnonzero(np.abs(sound.samples) > 0.005)[0])

    assert first == pytest.approx(film.speech_starts * 1920, abs=480)


def test_the_same_seed_gives_the_same_film(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    one = shot(rig, out, consent=consent, places=places)
    two = shot(rig, out.with_name("two.mp4"), consent=consent, places=places)

    assert one.record.film_id == two.record.film_id
    for a, b in zip(read_frames(one.path), read_frames(two.path), strict=True):
        assert np.array_equal(a.y, b.y)
        assert np.array_equal(a.u, b.u)


def test_stopping_in_the_middle_leaves_nothing(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    def stop(what: str, done: int, total: int, /) -> None:
        if what == "frames" and done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shot(rig, out, consent=consent, places=places, watch=stop)

    assert left_in(out.parent) == []
    assert list(Ledger.in_places(places).entries()) == []


def test_an_engine_that_breaks_leaves_the_old_film_as_it_was(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    out.write_bytes(b"the old film")

    with pytest.raises(EngineBrokeError, match="told to break"):
        shot(rig, out, consent=consent, places=places, engine=DriftingEngine(breaks_at=20))

    assert left_in(out.parent) == ["film.mp4"]
    assert out.read_bytes() == b"the old film"


def test_a_refused_signing_leaves_no_film(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    shot(rig, out.with_name("first.mp4"), consent=consent, places=places)
    for key in (places.data / "keys").rglob("*.pem"):
        key.write_bytes(b"broken")

    with pytest.raises(PapersError):
        shot(rig, out, consent=consent, places=places)

    assert left_in(out.parent) == ["first.mp4"]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may grow beyond 60 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_leaves_nothing(rig: Rig, consent: Consent, places: Places, out: Path) -> None:
    with pytest.raises(ResourceError, match="disk"):
        shot(rig, out, consent=consent, places=places)

    assert left_in(out.parent) == []


def test_nothing_is_done_without_consent(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    engine = DriftingEngine()
    expired = attest("self", now=datetime(2020, 1, 1, tzinfo=UTC))
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": consent.record_id})

    for refused in (expired, consent):
        with pytest.raises(ConsentError):
            shot(rig, out, consent=refused, places=places, engine=engine)

    assert engine.opened == 0
    assert left_in(out.parent) == []


def test_two_runs_to_one_file_at_once_are_refused(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    refusals: list[str] = []

    def again(what: str, done: int, total: int, /) -> None:
        del total
        if what == "frames" and done == 5:
            with pytest.raises(ResourceError) as refusal:
                shot(rig, out, consent=consent, places=places)
            refusals.append(str(refusal.value))

    film = shot(rig, out, consent=consent, places=places, watch=again)

    assert len(refusals) == 1
    assert verify_film(film.path, places=places).ok


def test_curves_of_another_rate_are_refused(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    curves = perform(sentence(), rate=Fraction(24))

    with pytest.raises(InputError, match="rate"):
        shot(rig, out, consent=consent, places=places, performance=curves)


def test_other_endings_are_refused(rig: Rig, consent: Consent, places: Places, out: Path) -> None:
    with pytest.raises(InputError, match=r"\.mp4"):
        shot(rig, out.with_suffix(".avi"), consent=consent, places=places)


def test_given_curves_make_a_film_without_sound(
    rig: Rig, consent: Consent, places: Places, out: Path
) -> None:
    curves = perform(sentence(), rate=Fraction(25))
    film = make_film(
        rig,
        None,
        out,
        consent=consent,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        performance=curves,
        photos=PHOTOS,
        engine=DriftingEngine(),
        places=places,
    )

    assert probe(out).sound_s is None
    assert film.frames == curves.frames
    assert film.verification.ok
    with pytest.raises(InputError, match="speech or a performance"):
        make_film(rig, None, out, consent=consent, places=places)
