"""The innermost loop of the picture: textured triangles onto a canvas, canvas into planes.

A texel, and a pixel of the canvas, is one ``uint32``: ``Y | U << 8 | V << 16 | A << 24``,
BT.709 limited range, every channel premultiplied by A (0 clear, 255 solid). The centre of
pixel (x, y) lies at the coordinates (x, y), in canvases and textures alike.

Triangles are painted in the order given, each over what is there. A pixel belongs to a
triangle when its centre lies inside; a centre on a shared edge belongs to exactly one of
the two neighbours, because both compute the edge from the same end points in the same
order. So a mesh that does not fold has no holes, and no pixel is painted twice, which
soft edges would show.

Everything here is compiled with numba on first use and kept in its cache. The compiled
parts hold no Python lock: threads call ``draw`` and ``to_planes`` at once, each with its
own band of rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, no_type_check

import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8, UInt32
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from scipy.ndimage import spline_filter1d

LANES = 8
"""Pixels that are sampled at once."""

_I16, _I32, _I64, _F32 = ir.IntType(16), ir.IntType(32), ir.IntType(64), ir.FloatType()
_HIGH_BYTES = 0xFF00FF00FF00FF00


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile on first call, without the Python lock; keep the result where numba may write."""
    try:
        return njit(nogil=True, cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]
    except RuntimeError:  # numba found no folder that it may write to
        return njit(nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]


class _Lanes:
    """Writes LLVM's vector instructions: the part of the loop that numba cannot say.

    LLVM does not turn the plain loop into vectors by itself, because the canvas that it
    writes may be the texture that it reads.
    """

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    def const(
        self, scalar: ir.Type, value: float | Sequence[float], count: int = LANES
    ) -> ir.Constant:
        """Repeat one value, or give each lane its own."""
        values = value if isinstance(value, Sequence) else [value] * count
        return ir.Constant(ir.VectorType(scalar, count), [ir.Constant(scalar, v) for v in values])

    def splat(self, value: ir.Value) -> ir.Value:
        """Give every lane the same run-time value."""
        vector = ir.VectorType(value.type, LANES)
        one = self.builder.insert_element(ir.Constant(vector, ir.Undefined), value, _I32(0))
        order = ir.Constant(ir.VectorType(_I32, LANES), [_I32(0)] * LANES)
        return self.builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), order)

    def least(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Take the lesser, lane by lane."""
        b_ = self.builder
        floats = a.type.element == _F32
        less = b_.fcmp_ordered("<", a, b) if floats else b_.icmp_signed("<", a, b)
        return b_.select(less, a, b)

    def most(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Take the greater, lane by lane."""
        b_ = self.builder
        floats = a.type.element == _F32
        more = b_.fcmp_ordered(">", a, b) if floats else b_.icmp_signed(">", a, b)
        return b_.select(more, a, b)

    def as_type(self, value: ir.Value, scalar: ir.Type) -> ir.Value:
        """Look at the same bits as lanes of another width."""
        bits = value.type.count * value.type.element.width
        return self.builder.bitcast(value, ir.VectorType(scalar, bits // scalar.width))

    def intrinsic(self, name: str, returns: ir.Type, arguments: Sequence[ir.Value]) -> ir.Value:
        """Call one of LLVM's own functions."""
        kind = ir.FunctionType(returns, [argument.type for argument in arguments])
        module = self.builder.module
        function = module.globals.get(name) or ir.Function(module, kind, name)
        return self.builder.call(function, arguments)

    def pairs(self, address: ir.Value) -> ir.Value:
        """Load two neighbouring texels for each lane, from addresses in bytes."""
        b_ = self.builder
        pointers = b_.inttoptr(address, ir.VectorType(ir.PointerType(), LANES))
        name = f"llvm.masked.gather.v{LANES}i64.v{LANES}p0"
        all_lanes = self.const(ir.IntType(1), 1)
        nothing = ir.Constant(ir.VectorType(_I64, LANES), ir.Undefined)
        return self.intrinsic(
            name, ir.VectorType(_I64, LANES), [pointers, _I32(4), all_lanes, nothing]
        )

    def scaled(self, values: ir.Value, weights: ir.Value) -> ir.Value:
        """Multiply 16-bit lanes by weights of which 65536 is one."""
        b_ = self.builder
        wide = ir.VectorType(_I32, values.type.count)
        product = b_.mul(b_.zext(values, wide), b_.zext(weights, wide))
        return b_.trunc(b_.lshr(product, self.const(_I32, 16, values.type.count)), values.type)

    def spread(self, left: ir.Value, right: ir.Value) -> ir.Value:
        """Lay 32-bit weights out for ``pairs``: left, left, right, right as 16-bit lanes."""
        order = [
            i for k in range(LANES) for i in (2 * k, 2 * k, 2 * LANES + 2 * k, 2 * LANES + 2 * k)
        ]
        choice = ir.Constant(ir.VectorType(_I32, 4 * LANES), [_I32(i) for i in order])
        return self.builder.shuffle_vector(
            self.as_type(left, _I16), self.as_type(right, _I16), choice
        )

    def channels(self, pair: ir.Value) -> tuple[ir.Value, ir.Value]:
        """Split two texels into 16-bit lanes (value times 256): Y and V, then U and A."""
        b_ = self.builder
        mask = self.const(_I64, _HIGH_BYTES)
        first = b_.and_(b_.shl(pair, self.const(_I64, 8)), mask)
        return self.as_type(first, _I16), self.as_type(b_.and_(pair, mask), _I16)

    def folded(self, both: ir.Value) -> ir.Value:
        """Add the right texel's share to the left one's, and round to whole numbers (16 bit)."""
        b_ = self.builder
        wide = self.as_type(both, _I64)
        narrow = ir.VectorType(_I32, LANES)
        left = self.as_type(b_.trunc(wide, narrow), _I16)
        right = self.as_type(b_.trunc(b_.lshr(wide, self.const(_I64, 32)), narrow), _I16)
        return b_.add(b_.add(left, right), self.const(_I16, 128, 2 * LANES))

    def joined(self, first: ir.Value, second: ir.Value) -> ir.Value:
        """Put the high bytes of Y, V and of U, A back into texels."""
        b_ = self.builder
        low = b_.lshr(first, self.const(_I16, 8, 2 * LANES))
        high = b_.and_(second, self.const(_I16, 0xFF00, 2 * LANES))
        return self.as_type(b_.or_(low, high), _I32)

    def place(self, start: ir.Value, step: ir.Value, low: ir.Value, high: ir.Value) -> ir.Value:
        """Walk along the row: a coordinate for each lane, kept between low and high."""
        b_ = self.builder
        walk = b_.fmul(self.splat(step), self.const(_F32, [float(k) for k in range(LANES)]))
        there = b_.fadd(self.splat(start), walk)
        return self.most(self.least(there, self.splat(high)), self.splat(low))

    def cut(self, place: ir.Value, last: ir.Value) -> tuple[ir.Value, ir.Value]:
        """Cut a coordinate into the texel before it (at most ``last``) and the rest, 0 to 1."""
        b_ = self.builder
        whole = self.least(b_.fptosi(place, ir.VectorType(_I32, LANES)), self.splat(last))
        return whole, b_.fsub(place, b_.sitofp(whole, place.type))

    def address(
        self, texels: ir.Value, stride: ir.Value, column: ir.Value, row: ir.Value
    ) -> ir.Value:
        """Find the byte address of the texel at a column and a row."""
        b_ = self.builder
        offset = b_.shl(b_.add(b_.mul(row, self.splat(stride)), column), self.const(_I32, 2))
        return b_.add(self.splat(texels), b_.zext(offset, ir.VectorType(_I64, LANES)))

    def weight(self, share: ir.Value, one: float = 65535.0) -> ir.Value:
        """Turn a share from 0 to 1 into a whole weight."""
        b_ = self.builder
        scaled = b_.fadd(b_.fmul(share, self.const(_F32, one)), self.const(_F32, 0.5))
        return b_.fptosi(scaled, ir.VectorType(_I32, LANES))

    def store(self, target: ir.Value, count: ir.Value, texel: ir.Value, *, blend: bool) -> None:
        """Write the first ``count`` lanes to the canvas, over what is there if they blend."""
        b_ = self.builder
        vector = ir.VectorType(_I32, LANES)
        pointer = b_.inttoptr(target, ir.PointerType())
        wanted = b_.icmp_signed("<", self.const(_I32, list(range(LANES))), self.splat(count))
        if blend:
            there = self.intrinsic(
                f"llvm.masked.load.v{LANES}i32.p0",
                vector,
                [pointer, _I32(4), wanted, ir.Constant(vector, ir.Undefined)],
            )
            texel = self.over(texel, there)
        self.intrinsic(
            f"llvm.masked.store.v{LANES}i32.p0",
            ir.VoidType(),
            [texel, pointer, _I32(4), wanted],
        )

    def over(self, texel: ir.Value, there: ir.Value) -> ir.Value:
        """Lay premultiplied texels over pixels; bytes that would overflow stop at 255."""
        b_ = self.builder
        clear = b_.sub(self.const(_I32, 255), b_.lshr(texel, self.const(_I32, 24)))
        clear = self.as_type(b_.or_(clear, b_.shl(clear, self.const(_I32, 16))), _I16)
        low = self.const(_I32, 0x00FF00FF)
        halves = (b_.and_(there, low), b_.and_(b_.lshr(there, self.const(_I32, 8)), low))
        dimmed = []
        for half in halves:
            product = b_.mul(self.as_type(half, _I16), clear)
            product = b_.add(product, self.const(_I16, 128, 2 * LANES))
            carry = b_.lshr(product, self.const(_I16, 8, 2 * LANES))
            dimmed.append(b_.add(product, carry))
        rest = self.joined(dimmed[0], dimmed[1])
        sum_ = self.intrinsic(
            f"llvm.uadd.sat.v{4 * LANES}i8",
            ir.VectorType(ir.IntType(8), 4 * LANES),
            [self.as_type(texel, ir.IntType(8)), self.as_type(rest, ir.IntType(8))],
        )
        return self.as_type(sum_, _I32)

    def linear(
        self, u: ir.Value, v: ir.Value, texels: ir.Value, shape: Sequence[ir.Value]
    ) -> ir.Value:
        """Sample bilinearly: two neighbours in each of two rows."""
        b_ = self.builder
        stride, last_column, last_row = shape
        column, across = self.cut(u, last_column)
        row, down = self.cut(v, last_row)
        start = self.address(texels, stride, column, row)
        bytes_a_row = b_.zext(b_.shl(stride, _I32(2)), _I64)
        one = self.const(_I32, 65535)
        right, below = self.weight(across), self.weight(down)
        weights_across = self.spread(b_.sub(one, right), right)
        above = b_.sub(one, below)
        sums: list[ir.Value] = []
        for k, weight in enumerate((above, below)):
            offset = self.splat(bytes_a_row) if k else None
            pair = self.pairs(b_.add(start, offset) if offset else start)
            for c, values in enumerate(self.channels(pair)):
                share = self.scaled(values, self.spread(weight, weight))
                if k:
                    sums[c] = b_.add(sums[c], share)
                else:
                    sums.append(share)
        first, second = (self.folded(self.scaled(total, weights_across)) for total in sums)
        return self.joined(first, second)

    def cubic(
        self, u: ir.Value, v: ir.Value, texels: ir.Value, shape: Sequence[ir.Value]
    ) -> ir.Value:
        """Sample a cubic spline: four neighbours in each of four rows."""
        b_ = self.builder
        stride, last_column, last_row = shape
        column, across = self.cut(u, last_column)
        row, down = self.cut(v, last_row)
        start = self.address(texels, stride, column, row)
        bytes_a_row = b_.zext(b_.shl(stride, _I32(2)), _I64)
        w = self.spline_weights(across)
        weights_across = (self.spread(w[0], w[1]), self.spread(w[2], w[3]))
        sums: dict[tuple[int, int], ir.Value] = {}
        for weight in self.spline_weights(down):
            weights_down = self.spread(weight, weight)
            for side in range(2):
                address = b_.add(start, self.const(_I64, 8)) if side else start
                for c, values in enumerate(self.channels(self.pairs(address))):
                    share = self.scaled(values, weights_down)
                    known = sums.get((side, c))
                    sums[side, c] = b_.add(known, share) if known else share
            start = b_.add(start, self.splat(bytes_a_row))
        halves = []
        for c in range(2):
            left = self.scaled(sums[0, c], weights_across[0])
            right = self.scaled(sums[1, c], weights_across[1])
            halves.append(self.folded(b_.add(left, right)))
        return self.joined(halves[0], halves[1])

    def spline_weights(self, t: ir.Value) -> list[ir.Value]:
        """Weigh four neighbours by the uniform cubic B-spline; the weights sum to 65536."""
        b_ = self.builder
        c = lambda value: self.const(_F32, value)  # noqa: E731
        rest = b_.fsub(c(1.0), t)
        cube = lambda x: b_.fmul(b_.fmul(b_.fmul(x, x), x), c(1 / 6))  # noqa: E731
        first, last = cube(rest), cube(t)
        # 2/3 - t² + t³/2
        square = b_.fmul(t, t)
        second = b_.fadd(b_.fsub(c(2 / 3), square), b_.fmul(b_.fmul(square, t), c(0.5)))
        whole = [self.weight(share, 65536.0) for share in (first, second, last)]
        third = b_.sub(self.const(_I32, 65536), b_.add(b_.add(whole[0], whole[1]), whole[2]))
        return [whole[0], whole[1], third, whole[2]]


def _painter(*, cubic: bool, blend: bool) -> Any:
    """Make the instruction that samples and writes up to ``LANES`` pixels of a row."""

    @no_type_check
    def paint(
        typing_context,
        target,
        count,
        texels,
        stride,
        last_column,
        last_row,
        u,
        du,
        u_low,
        u_high,
        v,
        dv,
        v_low,
        v_high,
    ):
        whole, real = types.int64, types.float32
        signature = types.void(
            whole, types.int32, whole, types.int32, types.int32, types.int32, *([real] * 8)
        )

        def generate(context, builder, signature, arguments):  # noqa: ARG001
            (
                target,
                count,
                texels,
                stride,
                last_column,
                last_row,
                u,
                du,
                u_low,
                u_high,
                v,
                dv,
                v_low,
                v_high,
            ) = arguments
            lanes = _Lanes(builder)
            across = lanes.place(u, du, u_low, u_high)
            down = lanes.place(v, dv, v_low, v_high)
            sample = lanes.cubic if cubic else lanes.linear
            texel = sample(across, down, texels, (stride, last_column, last_row))
            lanes.store(target, count, texel, blend=blend)
            return context.get_dummy_value()

        return signature, generate

    return intrinsic(paint)


_linear_solid = _painter(cubic=False, blend=False)
_linear_over = _painter(cubic=False, blend=True)
_cubic_solid = _painter(cubic=True, blend=False)
_cubic_over = _painter(cubic=True, blend=True)


@compiled
@no_type_check
def _draw(
    canvas, texels, stride, width, height, vertices, uv, triangles, opaque, row0, row1, cubic
):
    columns = canvas.shape[1]
    start = canvas.ctypes.data
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        if min(a, b, c) < 0 or max(a, b, c) >= vertices.shape[0]:
            continue
        if vertices[a, 1] > vertices[b, 1]:
            a, b = b, a
        if vertices[b, 1] > vertices[c, 1]:
            b, c = c, b
        if vertices[a, 1] > vertices[b, 1]:
            a, b = b, a
        xa, ya = float(vertices[a, 0]), float(vertices[a, 1])
        xb, yb = float(vertices[b, 0]), float(vertices[b, 1])
        xc, yc = float(vertices[c, 0]), float(vertices[c, 1])
        ua, va = float(uv[a, 0]), float(uv[a, 1])
        ub, vb = float(uv[b, 0]), float(uv[b, 1])
        uc, vc = float(uv[c, 0]), float(uv[c, 1])
        area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
        if not (abs(area) > 1e-12 and math.isfinite(area + ua + va + ub + vb + uc + vc)):
            continue
        first = int(max(float(row0), min(math.ceil(ya), float(row1))))
        last = int(max(float(row0), min(math.ceil(yc), float(row1))))
        if first >= last:
            continue
        scale = 1.0 / area
        ux = ((ub - ua) * (yc - ya) - (uc - ua) * (yb - ya)) * scale
        uy = ((uc - ua) * (xb - xa) - (ub - ua) * (xc - xa)) * scale
        vx = ((vb - va) * (yc - ya) - (vc - va) * (yb - ya)) * scale
        vy = ((vc - va) * (xb - xa) - (vb - va) * (xc - xa)) * scale
        u_low = min(max(min(ua, ub, uc), 0.0), width - 1.0)
        u_high = min(max(max(ua, ub, uc), 0.0), width - 1.0)
        v_low = min(max(min(va, vb, vc), 0.0), height - 1.0)
        v_high = min(max(max(va, vb, vc), 0.0), height - 1.0)
        slope_ac = (xc - xa) / (yc - ya)
        slope_ab = (xb - xa) / (yb - ya) if yb > ya else 0.0
        slope_bc = (xc - xb) / (yc - yb) if yc > yb else 0.0
        solid = opaque[t]
        for y in range(first, last):
            long = xa + (y - ya) * slope_ac
            short = xa + (y - ya) * slope_ab if y < yb else xb + (y - yb) * slope_bc
            left, right = (long, short) if area > 0 else (short, long)
            x0 = int(max(0.0, min(math.ceil(left), float(columns))))
            x1 = int(max(0.0, min(math.ceil(right), float(columns))))
            if x0 >= x1:
                continue
            u = ua + (x0 - xa) * ux + (y - ya) * uy
            v = va + (x0 - xa) * vx + (y - ya) * vy
            target = start + 4 * (y * columns + x0)
            for k in range(0, x1 - x0, LANES):
                if cubic:
                    if solid:
                        _cubic_solid(
                            target + 4 * k,
                            x1 - x0 - k,
                            texels,
                            stride,
                            width - 1,
                            height - 1,
                            u + ux * k,
                            ux,
                            u_low,
                            u_high,
                            v + vx * k,
                            vx,
                            v_low,
                            v_high,
                        )
                    else:
                        _cubic_over(
                            target + 4 * k,
                            x1 - x0 - k,
                            texels,
                            stride,
                            width - 1,
                            height - 1,
                            u + ux * k,
                            ux,
                            u_low,
                            u_high,
                            v + vx * k,
                            vx,
                            v_low,
                            v_high,
                        )
                elif solid:
                    _linear_solid(
                        target + 4 * k,
                        x1 - x0 - k,
                        texels,
                        stride,
                        width - 2,
                        height - 2,
                        u + ux * k,
                        ux,
                        u_low,
                        u_high,
                        v + vx * k,
                        vx,
                        v_low,
                        v_high,
                    )
                else:
                    _linear_over(
                        target + 4 * k,
                        x1 - x0 - k,
                        texels,
                        stride,
                        width - 2,
                        height - 2,
                        u + ux * k,
                        ux,
                        u_low,
                        u_high,
                        v + vx * k,
                        vx,
                        v_low,
                        v_high,
                    )


@compiled
@no_type_check
def _to_planes(canvas, luma, blue, red, row0, row1):
    for r in range(row0 // 2, row1 // 2):
        upper, lower = canvas[2 * r], canvas[2 * r + 1]
        for x in range(upper.size):
            luma[2 * r, x] = upper[x] & 0xFF
        for x in range(lower.size):
            luma[2 * r + 1, x] = lower[x] & 0xFF
        for x in range(blue.shape[1]):
            a, b = upper[2 * x] >> 8, upper[2 * x + 1] >> 8
            c, d = lower[2 * x] >> 8, lower[2 * x + 1] >> 8
            blue[r, x] = ((a & 0xFF) + (b & 0xFF) + (c & 0xFF) + (d & 0xFF) + 2) >> 2
            a, b, c, d = a >> 8, b >> 8, c >> 8, d >> 8
            red[r, x] = ((a & 0xFF) + (b & 0xFF) + (c & 0xFF) + (d & 0xFF) + 2) >> 2


def pack(
    y: UInt8[np.ndarray, "*shape"],
    u: UInt8[np.ndarray, "*shape"],
    v: UInt8[np.ndarray, "*shape"],
    a: UInt8[np.ndarray, "*shape"],
) -> UInt32[np.ndarray, "*shape"]:
    """Put four channels (already premultiplied) into texels."""
    wide = [channel.astype(np.uint32) << (8 * k) for k, channel in enumerate((y, u, v, a))]
    return wide[0] | wide[1] | wide[2] | wide[3]


def unpack(
    texels: UInt32[np.ndarray, "*shape"],
) -> tuple[
    UInt8[np.ndarray, "*shape"],
    UInt8[np.ndarray, "*shape"],
    UInt8[np.ndarray, "*shape"],
    UInt8[np.ndarray, "*shape"],
]:
    """Take texels apart: Y, U, V and A, premultiplied as they are."""
    y, u, v, a = ((texels >> np.uint32(8 * k)).astype(np.uint8) for k in range(4))
    return y, u, v, a


def texture_from_rgba(
    rgb: UInt8[np.ndarray, "height width 3"], alpha: UInt8[np.ndarray, "height width"]
) -> UInt32[np.ndarray, "height width"]:
    """Make a texture of a picture and its matte.

    Args:
        rgb: sRGB, not premultiplied.
        alpha: 0 clear to 255 solid.

    Returns:
        Texels: Y'CbCr BT.709, limited range, premultiplied.
    """
    return _premultiplied(_ycbcr(rgb), alpha)


def sharp_texture(
    rgb: UInt8[np.ndarray, "height width 3"], alpha: UInt8[np.ndarray, "height width"]
) -> UInt32[np.ndarray, "padded_height padded_width"]:
    """Make a texture for ``draw_sharp``: the coefficients of a cubic spline through the picture.

    A spline passes through every pixel of the picture, so a part that moves by half a
    pixel stays as sharp as it was, where bilinear sampling would blur it. The colours are
    filtered before they meet the matte; the matte is not, so that it never rings.

    Args:
        rgb: sRGB, not premultiplied.
        alpha: 0 clear to 255 solid.

    Returns:
        Texels of ``[height + 3, width + 3]``: one more before and two more after each edge.

    Source:
        M. Unser, "Splines: a perfect fit for signal and image processing", IEEE Signal
        Processing Magazine 16(6), 1999.
    """
    planes = _ycbcr(rgb)
    for axis in (0, 1):
        planes = spline_filter1d(planes, order=3, axis=axis, mode="mirror")
    edges = ((1, 2), (1, 2))
    padded = np.pad(planes, (*edges, (0, 0)), mode="reflect")
    return _premultiplied(padded, np.pad(alpha, edges, mode="edge"))


def _ycbcr(rgb: UInt8[np.ndarray, "height width 3"]) -> Float32[np.ndarray, "height width 3"]:
    red, green, blue = (rgb[..., k].astype(np.float32) for k in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    y = 16 + luma * (219 / 255)
    u = 128 + (blue - luma) * (224 / 255 / 1.8556)
    v = 128 + (red - luma) * (224 / 255 / 1.5748)
    return np.stack([y, u, v], axis=-1).astype(np.float32)


def _premultiplied(
    planes: Float32[np.ndarray, "height width 3"], alpha: UInt8[np.ndarray, "height width"]
) -> UInt32[np.ndarray, "height width"]:
    share = alpha[..., None].astype(np.float32) / 255
    whole = np.rint(np.clip(planes, 0, 255) * share).astype(np.uint8)
    return pack(whole[..., 0], whole[..., 1], whole[..., 2], alpha)


def draw(
    canvas: UInt32[np.ndarray, "height width"],
    texture: UInt32[np.ndarray, "texture_height texture_width"],
    *,
    vertices: Float32[np.ndarray, "points 2"],
    uv: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    opaque: Bool[np.ndarray, " triangles"],
    row0: int = 0,
    row1: int | None = None,
) -> None:
    """Paint textured triangles over the canvas, sampling bilinearly.

    Args:
        canvas: Solid pixels, C-contiguous; changed in place.
        texture: Texels, premultiplied, 2 x 2 or more; its edge goes on beyond its borders.
        vertices: Where each point lies on the canvas: x, y in pixels.
        uv: Where each point lies in the texture: x, y in texels.
        triangles: Three points each, either way round, in the order of painting.
        opaque: Whether all texels of a triangle are solid; such a triangle is not blended.
        row0: First row of the band to paint.
        row1: The row after the last; None is the height.

    A triangle with a coordinate that is not finite, without area, or with a point that
    does not exist is left out. Nothing outside the canvas is ever written.

    Raises:
        ValueError: The canvas is not contiguous, or the texture is smaller than 2 x 2.
    """
    height, width = texture.shape
    _paint(canvas, texture, (width, height), vertices, uv, triangles, opaque, (row0, row1, False))


def draw_sharp(
    canvas: UInt32[np.ndarray, "height width"],
    texture: UInt32[np.ndarray, "padded_height padded_width"],
    *,
    vertices: Float32[np.ndarray, "points 2"],
    uv: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    opaque: Bool[np.ndarray, " triangles"],
    row0: int = 0,
    row1: int | None = None,
) -> None:
    """Paint as ``draw`` does, along a cubic spline through the texels.

    Args:
        canvas: As for ``draw``.
        texture: What ``sharp_texture`` returned.
        vertices: As for ``draw``.
        uv: As for ``draw``; (0, 0) is still the picture's first pixel.
        triangles: As for ``draw``.
        opaque: As for ``draw``.
        row0: As for ``draw``.
        row1: As for ``draw``.

    Raises:
        ValueError: The canvas is not contiguous, or the picture was smaller than 2 x 2.
    """
    height, width = texture.shape[0] - 3, texture.shape[1] - 3
    _paint(canvas, texture, (width, height), vertices, uv, triangles, opaque, (row0, row1, True))


def _paint(
    canvas: UInt32[np.ndarray, "height width"],
    texture: UInt32[np.ndarray, "texture_height texture_width"],
    size: tuple[int, int],
    vertices: Float32[np.ndarray, "points 2"],
    uv: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    opaque: Bool[np.ndarray, " triangles"],
    how: tuple[int, int | None, bool],
) -> None:
    if not (canvas.flags.c_contiguous and canvas.flags.writeable):
        message = "The canvas must be a writeable array with its rows one after the other."
        raise ValueError(message)
    if min(size) < 2:
        message = f"The texture is {size[0]} x {size[1]} texels; it needs 2 x 2 or more."
        raise ValueError(message)
    texture = np.ascontiguousarray(texture)
    row0, row1, cubic = how
    _draw(
        canvas,
        texture.ctypes.data,
        texture.shape[1],
        *size,
        *(_own(array) for array in (vertices, uv, triangles, opaque)),
        max(row0, 0),
        canvas.shape[0] if row1 is None else min(row1, canvas.shape[0]),
        cubic,
    )


def _own(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give the compiled code one kind of array, so that it is compiled once."""
    return array if array.flags.c_contiguous and array.flags.writeable else array.copy("C")


def to_planes(
    canvas: UInt32[np.ndarray, "height width"],
    y: UInt8[np.ndarray, "height width"],
    u: UInt8[np.ndarray, "half_height half_width"],
    v: UInt8[np.ndarray, "half_height half_width"],
    row0: int = 0,
    row1: int | None = None,
) -> None:
    """Write a canvas into the planes of a frame; chroma is the rounded mean of 2 x 2 pixels.

    Args:
        canvas: Solid pixels, C-contiguous, even width and height.
        y: Luma, written in place; planes are writeable and C-contiguous.
        u: Blue difference, half as wide and half as high.
        v: Red difference.
        row0: First row of the band to write, even.
        row1: The row after the last, even; None is the height.

    Raises:
        ValueError: A size or a row is odd, a plane does not fit the canvas, or an array is
            not contiguous or not writeable.
    """
    height, width = canvas.shape
    row1 = height if row1 is None else row1
    if height % 2 or width % 2 or row0 % 2 or row1 % 2 or not 0 <= row0 <= row1 <= height:
        message = f"The canvas is {width} x {height}, rows {row0} to {row1}: all must be even."
        raise ValueError(message)
    fits = y.shape == canvas.shape and u.shape == v.shape == (height // 2, width // 2)
    if not (fits and all(p.flags.c_contiguous and p.flags.writeable for p in (y, u, v))):
        message = "The planes must be writeable, contiguous, and fit the canvas (4:2:0)."
        raise ValueError(message)
    _to_planes(_own(canvas), y, u, v, row0, row1)
