"""Random changes to the bytes of a file, the tree of a JSON text, and the numbers of a matrix."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from random import Random
from typing import Any

NUMBERS = (
    *(
        "0",
        "-0",
        "1",
        "-1",
        "2",
        "3",
        "7",
        "100",
        "1/3",
        "-5/8",
        "2.5",
        ".5",
        "5.",
        "+5",
        "1e3",
        "1e-3",
    ),
    *("1e308", "-1e308", "1e309", "1e-308", "4.9e-324", "1e-400", "1e99999999999999999999"),
    *("1.7976931348623157e308", "1.8e308", "1/1e-308", "1e308/1e-308", "1/3e-300", "1/0", "0/0"),
    *(str(2**31), str(2**53 + 1), str(2**63 - 1), str(-(2**63)), str(2**63), str(2**64)),
    *(
        "9" * 40,
        "9" * 308,
        "9" * 309,
        "9" * 401,
        "9" * 5000,
        "0." + "0" * 380 + "1",
        "1/" + "7" * 380,
    ),
)
"""What is a number, or nearly so."""

WORDS = (
    *(
        "nan",
        "NaN",
        "-inf",
        "Infinity",
        "0x10",
        "1_000",
        "٣",
        "１２",
        "²",
        "½",
        "Ⅷ",
        "−7",
        "–7",
        "1e",
        "1/",
    ),
    *("1,5", "1.5.5", "--5", "null", "true", '""', '"_"', "_", "?", "…", "[]", "{}", "[[]]", '"a"'),
    *(
        '"\\ud800"',
        '"\\u0000"',
        "[[[[[1]]]]]",
        "[red]x[/red]",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
    ),
    *(
        "\u2028",
        "\x85",
        "\x0b",
        "\x1c",
        "\r",
        "\t",
        ";",
        ",",
        "#",
        '"',
        "'",
        "\n\n",
        "\n\n\n",
        "\xa0",
    ),
    *("same", "valid", "mean", "sum", "x", "", "-", "..", "/dev/null", "a" * 300, "1 2; 3 4"),
)
"""What is no number, but may stand where one is wanted."""

TOKENS = (*NUMBERS, *WORDS)

KINDS = (
    "conv",
    "max-pool",
    "average-pool",
    "dense",
    "flatten",
    "relu",
    "leaky-relu",
    "softmax",
    "tanh",
)
VALUES = (
    *(None, True, False, 0, 1, -1, 2, 3, 10, 2**31, 2**63, 10**30, 10**400, -(2**40), 4096, 0.5),
    *(
        1e308,
        -1e308,
        1e-308,
        5e-324,
        float("nan"),
        float("inf"),
        [],
        {},
        [[]],
        [1, 2],
        [[1], [2, 3]],
    ),
    *([[1, 2], [3, 4]], [[["1/3", -2], [0, 0.5]]], ["x"], {"op": "relu"}, *KINDS),
)
"""What may stand in a JSON tree."""

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_MOST = 30_000  # bytes of a changed file


def encoded(text: str) -> bytes:
    """The text as UTF-8; a lone surrogate passes."""
    return text.encode("utf-8", "surrogatepass")


def changed_bytes(random: Random, data: bytes) -> bytes:
    """Flip, cut, repeat, insert; or put a token in the place of a number."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        at = random.randrange(len(data) + 1)
        match random.randrange(8):
            case 0:
                data = data[:at] + random.randbytes(random.choice((1, 2, 8))) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + random.choice((1, 2, 5, 50)) :]
            case 2:
                piece = data[at : at + random.choice((1, 5, 40))]
                data = data[:at] + piece * random.choice((1, 2, 30)) + data[at:]
            case 3:
                data = data[:at]
            case 4:
                data = data[:at] + encoded(random.choice(TOKENS)) + data[at:]
            case 5:
                first = (b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\x93NUMPY\x01\x00")
                data = random.choice(first) + data
            case _:
                data = changed_number(random, data)
    return data[:_MOST]


def changed_number(random: Random, data: bytes) -> bytes:
    """One number, where there is one, exchanged for a token."""
    found = list(_NUMBER.finditer(data))
    token = encoded(random.choice(NUMBERS if random.random() < 0.6 else TOKENS))
    if not found:
        return data + token
    one = random.choice(found)
    return data[: one.start()] + token + data[one.end() :]


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(node, dict | list):
        for key, below in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _places(below, (*path, key))


def changed_json(random: Random, data: bytes, keys: tuple[str, ...]) -> bytes:
    """The tree with places removed, exchanged, wrapped or added; bytes where it is no JSON."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return changed_bytes(random, data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        *path, last = random.choice(list(_places(tree))) or (None,)
        node = tree
        for step in path:
            node = node[step]
        if last is None:
            if isinstance(node, dict):
                node[random.choice(keys)] = _value(random)
            continue
        match random.randrange(6):
            case 0:
                del node[last]
            case 1 if isinstance(node, list):
                node.insert(last, _value(random))
            case 1:
                node[random.choice(keys)] = node.pop(last)
            case 2:
                node[last] = [node[last]]
            case _:
                node[last] = _value(random)
    return encoded(json.dumps(tree, ensure_ascii=random.random() < 0.5))


def _value(random: Random) -> Any:
    """A value of its own, so that no change reaches the table of values."""
    if random.random() < 0.3:
        return random.choice(TOKENS)
    return json.loads(json.dumps(random.choice(VALUES)))


def odd_npy(random: Random) -> bytes:
    """An array file whose header says anything."""
    descriptions = (
        "'<f8'",
        "'<i8'",
        "'|O'",
        "'<f4'",
        "'<f2'",
        "'>i4'",
        "'<c8'",
        "'<U5'",
        "'|V8'",
        "'|b1'",
    )
    shapes = (
        "(3, 3)",
        "(2, 2)",
        "(1, 1, 3, 3)",
        "()",
        "(0,)",
        "(3,)",
        "(1, 1, 1, 1, 1)",
        "(-1,)",
        "None",
    )
    shape = random.choice(
        (*shapes, "(100000, 100000)", "(99999999999999999999,)", "(True,)", "(2L, 2L)")
    )
    header = (
        f"{{'descr': {random.choice(descriptions)}, "
        f"'fortran_order': {random.choice(('False', 'True', 'None'))}, 'shape': {shape}, }}"
    ).ljust(117) + "\n"
    version = random.choice((b"\x01\x00", b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\x09\x00"))
    size = len(header).to_bytes(2 if version[0] == 1 else 4, "little")
    cells = b"".join(random.choice(_CELLS) for _ in range(random.choice((0, 1, 4, 9, 9))))
    return b"\x93NUMPY" + version + size + header.encode() + cells


_CELLS = (
    *(bytes(8), b"\x00" * 6 + b"\xf0\x3f", b"\x00" * 6 + b"\xf8\x7f", b"\x00" * 6 + b"\xf0\x7f"),
)
"""0, 1, NaN and infinity in float64."""


def odd_npz(random: Random) -> bytes:
    """An archive of arrays under right and wrong names."""
    file = io.BytesIO()
    names = (
        "dZ.npy",
        "dA_prev.npy",
        "dW.npy",
        "db.npy",
        "../x.npy",
        "dZ",
        "\n.npy",
        "W.npy",
        "A.npy",
    )
    with zipfile.ZipFile(file, "w", random.choice((0, 8))) as archive:
        for name in random.sample(names, random.randrange(4)):
            archive.writestr(name, random.choice((odd_npy(random), odd_npy(random), b"", b"text")))
    return file.getvalue()


def changed_file(random: Random, name: str, data: bytes, keys: tuple[str, ...]) -> bytes:
    """A file as someone may have spoilt it."""
    pick = random.random()
    if pick < 0.5:
        return data
    if pick < 0.53:
        return random.randbytes(random.choice((0, 1, 5, 50)))
    if pick < 0.57:
        gap = random.choice((",", ";", "\t", " ", "\n"))
        return encoded(gap.join(random.choice(TOKENS) for _ in range(random.randrange(8))))
    if name.endswith(".npz") and pick < 0.85:
        return odd_npz(random)
    if name.endswith(".npy") and pick < 0.85:
        return odd_npy(random)
    if name.endswith(".json") and pick < 0.85:
        return changed_json(random, data, keys)
    return changed_bytes(random, data)
