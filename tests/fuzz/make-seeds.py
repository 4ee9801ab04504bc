#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the seed corpus of every fuzz target into a folder: TARGET/NUMBER. What cannot be written in
a few lines, a model file of every kind, lies in models/ beside this script."""

import argparse
import gzip
import io
import pathlib
import struct
import zipfile

TABLES = [
    b"196\t242\t3\t881250949\n186\t302\t3\t891717742\n22\t377\t1\t878887116\n",
    b"userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
    b'user;item\na;"x; y"\r\nb;"z ""q"""\r\n',
    b"1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n",
    b"u1 i1 3\nu2  i2 4\n u1 i3 5 \n",
    b"0 1 2 3 10\n1 5\n2\n3 1 2 8\n",
    b"a|b|1e3\nc|d|-0.5\na|b|nan\n",
]
MATRICES = [
    b"%%MatrixMarket matrix coordinate real general\n% c\n3 4 3\n1 1 1.5\n2 4 -3\n3 2 1e3\n",
    b"%%MatrixMarket matrix coordinate pattern symmetric\n3 3 3\n1 1\n2 1\n3 2\n",
    b"%%MatrixMarket matrix coordinate integer general\n2 2 2\n1 1 7\n2 2 -7\n",
]
LINES = [b"0 1 2 3 10\n1 5\n2\n3 1 2 8\n", b"0 0\n", b"5 4 3 2 1\r\n7 7 7\r\n"]


def npy(dtype, shape, content, fortran=False, version=1):
    header = f"{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    length = "<H" if version == 1 else "<I"
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(length, len(header)) + header + content


def npz(compression, offsets="<i4", values="<f4"):
    code = {"<i4": "i", "<i8": "q", "<f4": "f", "<f8": "d"}
    members = {
        "indices": npy(offsets, "(3,)", struct.pack(f"<3{code[offsets]}", 0, 2, 1)),
        "indptr": npy(offsets, "(3,)", struct.pack(f"<3{code[offsets]}", 0, 2, 3)),
        "format": npy("|S3", "()", b"csr"),
        "shape": npy("<i8", "(2,)", struct.pack("<2q", 2, 3)),
        "data": npy(values, "(3,)", struct.pack(f"<3{code[values]}", 1, 2, 3)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name + ".npy"), content, compress_type=compression)
    return out.getvalue()


ARCHIVES = [
    npz(zipfile.ZIP_STORED),
    npz(zipfile.ZIP_STORED, "<i8", "<f8"),
    npz(zipfile.ZIP_DEFLATED),
]
ARRAYS = [
    npy("<f4", "(2, 3)", struct.pack("<6f", 1, 2, 3, 4, 5, 6), True),
    npy("<i8", "(2,)", struct.pack("<2q", -1, 1 << 40)),
    npy(">u2", "(1, 2)", b"\0\1\2\3", version=2),
    npy("|b1", "(3,)", b"\0\1\1"),
]
# Format and delimiter, header and duplicates, columns of ids, columns of values; then the file.
OPTIONS = [
    b"\0\0\0\0" + TABLES[0],
    b"\x22\x01\x00\x00" + TABLES[1],
    b"\x02\x0d\x21\x03" + b"1,2,3,4,5,6\n2,3,4,5,6,7\n",
    b"\x03\x04\0\0" + LINES[0],
    b"\x04\x04\0\0" + MATRICES[0],
    b"\x05\0\0\0" + ARCHIVES[0],
]
PAIRS = [
    TABLES[0] + b"\0" + TABLES[0][:40],
    TABLES[2] + b"\0" + TABLES[2],
    MATRICES[0] + b"\0" + MATRICES[1],
]



def id_map(*sections):
    """A file of ids; its checksums are left to the target."""
    numbers = "".join(f',"crc32.{name}":"00000000"' for name, *_ in sections)
    header = '{"__metadata__":{"format":"recokit","format_version":"2","header_crc32":"00000000",'
    header += f'"algorithm":"id_map","recokit_version":"0.1.0"{numbers}}}'
    data = b""
    for name, dtype, shape, content in sections:
        place = f"[{len(data)},{len(data) + len(content)}]"
        header += f',"{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{place}}}'
        data += content
    header += "}"
    header += " " * (-(8 + len(header)) % 64)
    return struct.pack("<Q", len(header)) + header.encode() + data


SEEDS = {
    "ids": [
        id_map(("size", "I64", "[]", struct.pack("<q", 3))),
        id_map(("integers", "I64", "[3]", struct.pack("<3q", -1, 5, 1 << 40))),
        id_map(("offsets", "I64", "[4]", struct.pack("<4q", 0, 1, 1, 4)), ("texts", "U8", "[4]", b"0abc")),
    ],
    "ratings": TABLES + MATRICES + LINES + ARCHIVES + [gzip.compress(TABLES[1], mtime=0)],
    "ratings_options": OPTIONS,
    "train_test": PAIRS,
    "lightgcn": LINES + [gzip.compress(LINES[0], mtime=0)],
    "matrix_market": MATRICES,
    "npy": ARRAYS,
    "npz": ARCHIVES,
    "candidates": [b"(0,1)\ta\tb,c\n(5,a)\t0\n", b"(a,x y)\t1\n", b"(0,0) 1 a 1\n"],
    "qrels": [b"1 0 doc1 1\n1 0 doc2 0\n2 0 doc1 -1\n", b"# note\nq\t0\td\t1.0\n"],
    "run": [b"1 Q0 d1 1 2.5 mine\n1 Q0 d2 2 1e-3 mine\n", b"q Q0 d 1 inf t\nq Q0 e 2 -inf t rest\n"],
    "zscores": [b"1 map 0.5 0.1\n2 ndcg_cut_10 1 0\n"],
    "metric_names": [
        b"ndcg@10", b"ndcg(exponential,ideal_full)@10", b"recall(truncated)@20", b"map(all)@all",
        b"f_beta(beta=2)@5", b"rbp(p=0.95)@100", b"err(max=3)@20", b"precision(micro)@10", b"auc",
        b"novelty@10", b"gini(normalised)@20", b"group_share(group=2,change)@10",
        b"calibration_error(kl,alpha=0.05)@10",
    ],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    seeds = dict(SEEDS)
    models = pathlib.Path(__file__).resolve().parent / "models"
    seeds["model"] = [file.read_bytes() for file in sorted(models.glob("*.rkm"))]
    for target, contents in seeds.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(contents):
            (folder / target / f"seed-{number:02}").write_bytes(content)


if __name__ == "__main__":
    main()
