# SPDX-License-Identifier: MIT
"""Packs a table for the binary: a row is one half-byte a dimension (dimension j low, j + half the
dimensions high, plus 8); behind the rows stands a 14-bit scale for each in two bytes, low one first.
The name, by which stored vectors are told apart, has the hash of these bytes.

usage: pack.py TABLE.npy FOLDER        writes table.rows and table.name"""

import hashlib
import pathlib
import sys

import numpy as np

MOST, SCALES = 7, (1 << 14) - 1


def packed(table):
    """digits and scales: of eleven scales a row the one with the least error"""
    largest = np.abs(table).max(1)
    unit = largest.max() / MOST / SCALES
    scales, digits = np.zeros(len(table)), np.zeros(table.shape)
    best = np.full(len(table), np.inf)
    for share in np.linspace(1, 0.5, 11):
        scale = np.maximum(np.round(largest * share / MOST / unit), 1)
        digit = np.clip(np.round(table / (scale * unit)[:, None]), -MOST, MOST)
        error = ((digit * (scale * unit)[:, None] - table) ** 2).sum(1)
        better = error < best
        scales[better], digits[better], best[better] = scale[better], digit[better], error[better]
    scales[largest == 0], digits[largest == 0] = 0, 0
    print(f"relative error {np.sqrt(best[largest > 0].sum() / (table**2).sum()):.4f}")
    return digits, scales


def main():
    table = np.load(sys.argv[1]).astype(np.float64)
    half = table.shape[1] // 2
    digits, scales = packed(table)
    raised = (digits + 8).astype(np.uint8)
    data = (raised[:, :half] | raised[:, half:] << 4).tobytes() + scales.astype("<u2").tobytes()
    folder = pathlib.Path(sys.argv[2])
    (folder / "table.rows").write_bytes(data)
    name = f"table-{table.shape[1]}-{hashlib.sha256(data).hexdigest()[:8]}"
    (folder / "table.name").write_text(name, encoding="ascii")


if __name__ == "__main__":
    main()
