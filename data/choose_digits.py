#!/usr/bin/env python3
"""Choose the digits that come with snnbd out of the whole of MNIST.

Rule: of each class, the digits whose SHA-256 of "SEED:PART:INDEX" is smallest (INDEX is the place
in the official file, from 0), written in their official order. Run it as

    choose_digits.py DIRECTORY_OF_THE_OFFICIAL_FILES [OUTPUT_DIRECTORY]

It prints the count and the checksums of each file as they stand in README.md.
"""

import gzip
import hashlib
import os
import struct
import sys
import zlib

SEED = 2409
CLASSES = 10
PER_CLASS = {"train": 400, "t10k": 100}


def read_idx(path, rank):
    with gzip.open(path, "rb") as file:
        content = file.read()
    start = 4 + 4 * rank
    magic, *sizes = struct.unpack(f">{1 + rank}I", content[:start])
    size = 1
    for extent in sizes:
        size *= extent
    if magic != 0x800 + rank or len(content) != start + size:
        sys.exit(f"{path}: expected an IDX file of rank {rank}, found another content")
    return sizes, content[start:]


def write_idx(path, sizes, values):
    content = struct.pack(f">{1 + len(sizes)}I", 0x800 + len(sizes), *sizes) + values
    # No name and no time in the gzip header: the same digits give the same bytes.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(content)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    print(f"{os.path.basename(path)}: {sizes[0]} entries, SHA-256 {digest}")


def draw(part, index):
    return hashlib.sha256(f"{SEED}:{part}:{index}".encode()).digest()


def choose(part, labels):
    chosen = []
    for digit in range(CLASSES):
        members = [index for index, label in enumerate(labels) if label == digit]
        members.sort(key=lambda index: draw(part, index))
        chosen += members[:PER_CLASS[part]]
    return sorted(chosen)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "MNIST")
    source, target = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else here
    os.makedirs(target, exist_ok=True)
    for part in PER_CLASS:
        image_name, label_name = f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz"
        (_, height, width), images = read_idx(os.path.join(source, image_name), 3)
        _, labels = read_idx(os.path.join(source, label_name), 1)
        chosen = choose(part, labels)
        size = height * width
        pixels = b"".join(images[index * size:(index + 1) * size] for index in chosen)
        digits = bytes(labels[index] for index in chosen)
        write_idx(os.path.join(target, image_name), [len(chosen), height, width], pixels)
        write_idx(os.path.join(target, label_name), [len(chosen)], digits)
        print(f"{part}: CRC-32 of the pixels and then the labels {zlib.crc32(pixels + digits):08x}")


if __name__ == "__main__":
    main()
