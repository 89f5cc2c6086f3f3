"""One door for any file: a film, a picture, a sound, or something else altogether."""

from __future__ import annotations

from pathlib import Path

from vivant.errors import InputError
from vivant.film.sound_verifying import SoundVerification, verify_sound
from vivant.film.verifying import Verification, verify_film
from vivant.media.containers import is_decodable, opened
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.credentials import Credentials, read_credentials
from vivant.provenance.presence import media_type_of


def verify_file(
    path: Path,
    *,
    places: Places | None = None,
    credentials: Credentials | None = None,
    watch: Watch = unwatched,
) -> Verification | SoundVerification:
    """Check the papers of any file; what it is shows in its bytes, whatever it is called.

    Args:
        path: Any file.
        places: Whose trusted certificates, ledger and register.
        credentials: As they were read of the same file a moment ago.
        watch: Hears ``"verifying"``, and of a large file ``"checking"``, in bytes.

    Raises:
        InputError: There is no such file.
    """
    path = Path(path)
    if not path.is_file():
        message = "There is no file of that name. Give the path of a film, a picture or a sound."
        raise InputError(message)
    places = places or Places()
    credentials = credentials or read_credentials(path, places=places, watch=watch)
    if is_sound(path):
        return verify_sound(path, places=places, credentials=credentials)
    return verify_film(path, places=places, credentials=credentials, watch=watch)


def is_sound(path: Path) -> bool:
    """Tell whether a file is a sound without picture."""
    try:
        kind = media_type_of(path)
    except OSError:
        return False
    if kind.startswith("image/"):
        return False
    try:
        with opened(path) as file:
            pictures = [
                one
                for one in file.streams.video
                if is_decodable(one) and not int(one.disposition) & _COVER
            ]
            return not pictures and bool(file.streams.audio)
    except InputError:
        return kind.startswith("audio/")


_COVER = 0x0400
"""FFmpeg's disposition of a cover picture in a sound file: no film."""
