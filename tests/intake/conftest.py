"""The two photographs that tests may use, and the engine that sees them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image
from skimage import data

from vivant.intake.engine import FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.provenance.consent import Consent, attest


@pytest.fixture(scope="session")
def hopper_path() -> Path:
    return Path(get_sample_data("grace_hopper.jpg", asfileobj=False))


@pytest.fixture(scope="session")
def hopper(hopper_path: Path) -> np.ndarray:
    with Image.open(hopper_path) as image:
        return np.array(image.convert("RGB"))


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    return np.array(data.astronaut())


@pytest.fixture(scope="session")
def engine() -> MediapipeFaces:
    return MediapipeFaces()


@pytest.fixture(scope="session")
def hopper_face(engine: MediapipeFaces, hopper: np.ndarray) -> FoundFace:
    return engine.find(hopper)[0]


@pytest.fixture(scope="session")
def astronaut_face(engine: MediapipeFaces, astronaut: np.ndarray) -> FoundFace:
    return engine.find(astronaut)[0]


@pytest.fixture(scope="session")
def consent() -> Consent:
    return attest("public-domain", note="photographs that come with libraries, for tests")
