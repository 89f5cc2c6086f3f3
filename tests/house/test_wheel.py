"""The wheel holds what it must, and works where only it is installed."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"),
            *("--disable-pip-version-check", "--wheel-dir", str(folder), str(ROOT)),
        ],
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_code_types_font_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "vivant/py.typed" in names
    assert any(name.endswith(".otf") for name in names)
    for data in ("engines/kokoro_styles.npz", "engines/names.txt", "everybody.npz"):
        assert f"vivant/voice/{data}" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("tests", "docs", "benchmarks"))]


def test_the_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    """Its own files come from the wheel, the libraries from this environment."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    folder = "Scripts" if sys.platform == "win32" else "bin"
    python = home / folder / "python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pip",
                "--python",
                str(python),
                "install",
                "--no-deps",
                "--quiet",
            ),
            *("--no-index", "--disable-pip-version-check", str(wheel)),
        ],
        check=True,
        capture_output=True,
    )
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (Path(site) / "libraries.pth").write_text(libraries + "\n")

    seen = subprocess.run(
        [home / folder / "vivant", "engines"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    where = subprocess.run(
        [python, "-c", "import vivant; print(vivant.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )

    assert seen.returncode == 0, seen.stderr
    assert "mediapipe" in seen.stdout
    assert str(home) in where.stdout
