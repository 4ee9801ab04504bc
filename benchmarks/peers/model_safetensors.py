#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Prints the metadata and the arrays of a recokit model file, read by the safetensors package.
Needs safetensors and numpy.
"""

import sys

from safetensors import safe_open

if len(sys.argv) != 2:
    sys.exit("usage: model_safetensors.py FILE")
with safe_open(sys.argv[1], "numpy") as file:
    for key, value in sorted(file.metadata().items()):
        print(f"{key}: {value}")
    for name in file.keys():
        array = file.get_tensor(name)
        print(f"{name}  {array.dtype}  {list(array.shape)}")
