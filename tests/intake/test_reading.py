"""Any file becomes an upright sRGB picture, or an error in plain words."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from vivant.errors import InputError
from vivant.intake.colour import shallow
from vivant.intake.reading import Part, read_photo

WIDTH, HEIGHT = 120, 80


def a_picture(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Red at the left, green at the top right, blue at the bottom right, in smooth patches."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2] = (200, 40, 40)
    pixels[: height // 2, width // 2 :] = (40, 180, 40)
    pixels[height // 2 :, width // 2 :] = (40, 40, 200)
    return pixels


def alike(pixels: np.ndarray, wanted: np.ndarray, *, within: float = 6.0) -> bool:
    return (
        pixels.shape == wanted.shape
        and float(np.abs(pixels.astype(float) - wanted).mean()) < within
    )


def saved(folder: Path, image: Image.Image, name: str, **options: Any) -> Path:
    image.save(folder / name, **options)
    return folder / name


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("a.jpg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.webp", "image/webp"),
        ("a.tif", "image/tiff"),
        ("a.avif", "image/avif"),
        ("a.bmp", "image/bmp"),
        ("a.jp2", "image/jp2"),
    ],
)
def test_common_formats_are_read(tmp_path: Path, name: str, mime: str) -> None:
    path = saved(tmp_path, Image.fromarray(a_picture()), name)

    reading = read_photo(path)

    assert alike(reading.picture.pixels, a_picture())
    assert reading.picture.mime == mime
    assert not reading.picture.was_grey
    assert reading.scale == 1.0
    assert not reading.notes


def test_heic_is_read(tmp_path: Path) -> None:
    file = pillow_heif.from_pillow(Image.fromarray(a_picture()))
    file.save(tmp_path / "a.heic", quality=90)

    reading = read_photo(tmp_path / "a.heic")

    assert alike(reading.picture.pixels, a_picture(), within=10)
    assert reading.picture.mime == "image/heic"


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("longest_px", [2560, 60])
def test_a_photo_comes_out_upright_however_it_was_held(
    tmp_path: Path, turned: int, longest_px: int
) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = Image.fromarray(a_picture())
    held = image if turned == 1 else image.transpose(back[turned])
    exif = Image.Exif()
    exif[0x0112] = turned
    path = saved(tmp_path, held, "a.jpg", exif=exif, quality=95)

    reading = read_photo(path, longest_px=longest_px)

    wanted = np.array(image if longest_px > WIDTH else image.resize((60, 40)))
    assert (reading.full_width_px, reading.full_height_px) == (WIDTH, HEIGHT)
    assert alike(reading.picture.pixels, wanted, within=8)


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16", "I", "F"])
def test_grey_of_any_depth_is_read_as_grey(tmp_path: Path, mode: str) -> None:
    ramp = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
    if mode in ("I;16", "I"):
        image = Image.fromarray(ramp.astype(np.uint16) * 257)
        image = image if mode == "I;16" else image.convert("I")
    elif mode == "F":
        image = Image.fromarray(ramp.astype(np.float32) / 255)
    else:
        image = Image.fromarray(ramp).convert(mode)
    path = saved(tmp_path, image, "a.tif" if mode in ("F", "I", "I;16") else "a.png")

    reading = read_photo(path)

    assert reading.picture.was_grey
    assert alike(
        reading.picture.pixels,
        np.repeat(ramp[..., None], 3, axis=2),
        within=90 if mode == "1" else 2,
    )


def test_sixteen_bit_colour_is_read(tmp_path: Path) -> None:
    """Written by hand, since Pillow writes none."""
    rows = b"".join(b"\0" + (row.astype(">u2") * 257).tobytes() for row in a_picture())
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))

    assert alike(read_photo(tmp_path / "a.png").picture.pixels, a_picture(), within=1)


def test_cmyk_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(a_picture()).convert("CMYK"), "a.jpg", quality=95)

    assert alike(read_photo(path).picture.pixels, a_picture(), within=8)


def test_a_palette_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(a_picture()).quantize(8), "a.png")

    assert alike(read_photo(path).picture.pixels, a_picture())
    assert alike(
        read_photo(path, longest_px=60).picture.pixels,
        np.array(Image.fromarray(a_picture()).resize((60, 40))),
        within=8,
    )


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_light(tmp_path: Path, mode: str) -> None:
    alpha = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    alpha[:, :30] = 0
    image = Image.fromarray(np.dstack([a_picture(), alpha]))
    path = saved(tmp_path, image.quantize(16) if mode == "P" else image.convert(mode), "a.png")

    pixels = read_photo(path).picture.pixels

    assert pixels[:, :20].min() > 220
    assert pixels[:, 50].max() < 230


def test_a_colour_profile_is_followed(tmp_path: Path) -> None:
    """A profile in which red and blue have changed places must give blue for red."""
    lab = ImageCms.createProfile("sRGB")
    profile = bytearray(ImageCms.ImageCmsProfile(lab).tobytes())
    r, b = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[r : r + 4], profile[b : b + 4] = profile[b : b + 4], profile[r : r + 4]
    path = saved(tmp_path, Image.fromarray(a_picture()), "a.png", icc_profile=bytes(profile))

    left = read_photo(path).picture.pixels[40, 20]

    assert left[2] > 150 > left[0]


def test_a_broken_profile_is_noted_and_the_photo_still_read(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(a_picture()), "a.png", icc_profile=b"no profile" * 20)

    reading = read_photo(path)

    assert "profile" in reading.notes[0]
    assert alike(reading.picture.pixels, a_picture(), within=1)


def test_the_first_frame_of_an_animation_is_taken_and_that_is_said(tmp_path: Path) -> None:
    first = Image.fromarray(a_picture()).quantize(8)
    second = Image.new("P", first.size, 3)
    path = saved(tmp_path, first, "a.gif", save_all=True, append_images=[second], duration=100)

    reading = read_photo(path)

    assert "2 frames" in reading.notes[0]
    assert alike(reading.picture.pixels, a_picture())


def test_a_large_photo_is_reduced_and_a_part_of_it_is_read_at_full_size(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(a_picture(4000, 3000)), "a.jpg")

    whole = read_photo(path)
    part = read_photo(path, part=Part(left=1900, top=1400, right=2100, bottom=1600))

    assert (whole.picture.width_px, whole.picture.height_px) == (2560, 1920)
    assert whole.scale == pytest.approx(0.64)
    assert (part.picture.width_px, part.picture.height_px, part.scale) == (200, 200, 1.0)
    assert alike(part.picture.pixels, a_picture(200, 200))


def test_a_hundred_million_pixels_are_read_and_more_are_refused(tmp_path: Path) -> None:
    most = saved(tmp_path, Image.new("L", (10_000, 10_000), 90), "most.jpg")
    more = saved(tmp_path, Image.new("1", (10_001, 10_000)), "more.png")
    bomb = saved(tmp_path, Image.new("1", (20_000, 20_000)), "bomb.png")

    assert read_photo(most).picture.pixels.shape == (2560, 2560, 3)
    with pytest.raises(InputError, match="100 million pixels; at most 100 million"):
        read_photo(more)
    with pytest.raises(InputError, match="400 million pixels"):
        read_photo(bomb)


@pytest.mark.parametrize("size", [(1, 1), (47, 900)])
def test_a_tiny_picture_is_refused_with_its_size(tmp_path: Path, size: tuple[int, int]) -> None:
    path = saved(tmp_path, Image.new("RGB", size), "a.png")

    with pytest.raises(InputError, match=f"is {size[0]} x {size[1]} pixels"):
        read_photo(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty file"),
        (b"Dear all, here is my photo.", "no photo that can be read"),
        (b"\xff\xd8\xff", "no photo|broken"),
        (b"\x89PNG\r\n\x1a\n", "no photo|broken"),
        (b"\0\0\0\x18ftypheic" + bytes(60), "no photo|broken"),
        (b"%PDF-1.7\n" + bytes(100), "no photo that can be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "no photo that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no photo that can be read"),
    ],
)
def test_what_is_no_photo_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)

    with pytest.raises(InputError, match=said):
        read_photo(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Photo 2 of 3 is a folder"):
        read_photo(tmp_path, what="Photo 2 of 3")
    with pytest.raises(InputError, match="does not exist"):
        read_photo(tmp_path / "nobody.jpg")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.avif"])
@given(share=st.floats(min_value=0.02, max_value=0.9))
def test_a_truncated_photo_is_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, share: float
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 90, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(
        file, format={"a.jpg": "JPEG", "a.tif": "TIFF"}.get(name, name[2:].upper())
    )
    path = tmp_path_factory.mktemp("cut") / name
    path.write_bytes(file.getvalue()[: int(len(file.getvalue()) * share)])

    with pytest.raises(InputError):
        read_photo(path)


@given(
    where=st.integers(0, 3000),
    byte=st.integers(0, 255),
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "TIFF"]),
)
def test_a_damaged_byte_never_gives_anything_but_a_picture_or_a_plain_error(
    tmp_path_factory: pytest.TempPathFactory, where: int, byte: int, kind: str
) -> None:
    file = io.BytesIO()
    Image.fromarray(a_picture()).save(file, format=kind)
    content = bytearray(file.getvalue())
    content[where % len(content)] = byte
    path = tmp_path_factory.mktemp("hurt") / "a"
    path.write_bytes(content)

    try:
        reading = read_photo(path)
    except InputError:
        return
    assert reading.picture.pixels.dtype == np.uint8


def test_grey_levels_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="8 or 16 bits"):
        shallow(Image.fromarray(np.full((60, 60), np.nan, dtype=np.float32)))


def test_messages_never_hold_a_file_name(tmp_path: Path) -> None:
    path = tmp_path / "Grandmother Agatha.jpg"
    path.write_bytes(b"text")

    with pytest.raises(InputError) as caught:
        read_photo(path)

    assert "Agatha" not in str(caught.value)
