"""Volumes travel in chunks with a running checksum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from dh_advisor_client.enums import TensorKind
from dh_advisor_client.wire.encode import encode_chunk
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb
from dh_advisor_client.wire.input_checks import positive, require

# Below the smallest message limit.
_CHUNK_BYTES = 32 << 10
# Offsets on the wire have 32 bits.
_MOST_BYTES = 2**32 - 1
# Castagnoli, as in RFC 3720, reflected.
_POLYNOMIAL = 0x82F63B78


def _tables() -> npt.NDArray[np.uint32]:
    """Table k: the remainder of a byte that k further bytes follow (slicing by eight)."""
    tables = np.zeros((8, 256), dtype=np.uint32)
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        tables[0, byte] = value
    for k in range(1, 8):
        tables[k] = tables[k - 1] >> np.uint32(8) ^ tables[0][tables[k - 1] & np.uint32(0xFF)]
    return tables


_TABLES: list[list[int]] = _tables().tolist()


def crc32c(data: bytes, crc: int = 0) -> int:
    """CRC32C of `data` after what gave `crc`. Pure Python: a CT of 50 MB takes seconds."""
    crc ^= 0xFFFFFFFF
    t0, t1, t2, t3, t4, t5, t6, t7 = _TABLES
    whole = len(data) - len(data) % 8
    for i in range(0, whole, 8):
        word = int.from_bytes(data[i : i + 8], "little") ^ crc
        crc = (
            t7[word & 0xFF]
            ^ t6[word >> 8 & 0xFF]
            ^ t5[word >> 16 & 0xFF]
            ^ t4[word >> 24 & 0xFF]
            ^ t3[word >> 32 & 0xFF]
            ^ t2[word >> 40 & 0xFF]
            ^ t1[word >> 48 & 0xFF]
            ^ t0[word >> 56]
        )
    for byte in data[whole:]:
        crc = crc >> 8 ^ t0[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def chunks_of(
    kind: TensorKind, volume: npt.NDArray[Any], spacing_mm: tuple[float, float, float]
) -> Iterator[pb.OptimizerEvent]:
    """The events that carry a volume of shape (z, y, x); `spacing_mm` is x, y, z. Raises `InvalidInput`."""
    require(kind in (TensorKind.CT, TensorKind.STRUCTURE_MASK), "volume.kind", "is neither CT nor STRUCTURE_MASK")
    wanted = np.dtype("<i2") if kind is TensorKind.CT else np.dtype("<u2")
    require(volume.ndim == 3 and volume.size > 0, "volume", "must have three dimensions (z, y, x), none empty")
    require(volume.dtype == wanted, "volume", f"has data type {volume.dtype} and must have {wanted}")
    require(volume.nbytes <= _MOST_BYTES, "volume", "is larger than 4 GiB")
    for axis, spacing in enumerate(spacing_mm):
        positive(spacing, f"spacing_mm[{axis}]")
    return _chunks(kind, volume, spacing_mm)


def _chunks(
    kind: TensorKind, volume: npt.NDArray[Any], spacing_mm: tuple[float, float, float]
) -> Iterator[pb.OptimizerEvent]:
    data = np.ascontiguousarray(volume).tobytes()
    crc = 0
    for offset in range(0, len(data), _CHUNK_BYTES):
        piece = data[offset : offset + _CHUNK_BYTES]
        crc = crc32c(piece, crc)
        yield encode_chunk(kind, volume, spacing_mm, offset, piece, crc)
