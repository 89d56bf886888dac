"""A class of 300 as Moodle delivers it, with all that students do to their files."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

RIGHT = {
    "dA_prev": [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
    "dW": [[-27, -37], [-57, -67]],
    "db": [-10],
}
Put = Callable[[Path], None]


def _json(name: str, answer: object) -> Put:
    return lambda folder: put(folder / name, json.dumps(answer))


def _text(name: str, text: str) -> Put:
    return lambda folder: put(folder / name, text)


def put(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def _each_in_its_file(folder: Path) -> None:
    put(folder / "dA_prev.csv", ",0,1,2\n0,0,-1,-2\n1,-2,-10,-10\n2,-6,-17,-12\n")
    put(folder / "dW.csv", "-27;-37;\r\r\n-57;-67;\r\r\n")
    np.save(folder / "db.npy", np.array([-10]))


def _link(target: str) -> Put:
    return lambda folder: (folder / "answer.json").symlink_to(target)


def _several(folder: Path) -> None:
    put(folder / "first.json", json.dumps(RIGHT))
    put(folder / "second.json", json.dumps(RIGHT))


KINDS: dict[str, tuple[Put, int, str]] = {
    "right": (_json("answer.json", RIGHT), 14, ""),
    "other name": (_json("my homework.json", RIGHT), 14, ""),
    "nested": (_json("hw/final/v2/solution.json", RIGHT), 14, ""),
    "with a readme": (
        lambda folder: (_json("task.json", RIGHT)(folder), put(folder / "readme.txt", "hello"))[1],
        14,
        "",
    ),
    "of a mac": (
        lambda folder: (
            _json("answer.json", RIGHT)(folder),
            put(folder / "__MACOSX" / "._answer.json", b"\0\5\26\7"),
            put(folder / ".DS_Store", b"\0"),
        )[0],
        14,
        "",
    ),
    "a file each": (_each_in_its_file, 14, ""),
    "PDF only": (_text("scan.pdf", "%PDF-1.4"), 0, "scan.pdf"),
    "empty": (lambda folder: None, 0, "Nothing was handed in."),
    "broken": (_text("answer.json", '{"dA_prev": [[0'), 0, "broken"),
    "several": (_several, 0, "several files could be the answer"),
    "bad cell": (
        _json(
            "answer.json", {**RIGHT, "dA_prev": [[0, -1, "x"], [-2, "-10,0", -10], [-6, -17, -12]]}
        ),
        12,
        "no number",
    ),
    "NaN": (_text("answer.json", json.dumps(RIGHT).replace("-12", "NaN")), 13, "NaN"),
    "bad key": (_json("answer.json", {**RIGHT, "dA": [[1, 2]]}), 14, "dA"),
    "evil key": (_json("answer.json", {**RIGHT, "\r=1+1": [[1, 2]]}), 14, "left out"),
    "ragged": (_json("answer.json", {**RIGHT, "dW": [[-27, -37], [-57]]}), 10, "ragged"),
    "bad file": (
        lambda folder: (_each_in_its_file(folder), put(folder / "db.npy", b"no array"))[0],
        13,
        "db.npy",
    ),
    "too large": (_text("answer.json", json.dumps(RIGHT).replace("-12", "1.8e308")), 13, ""),
    "huge": (_text("answer.json", json.dumps(RIGHT).replace("-12", "9" * 399)), 13, ""),
    "link to the key": (_link("../key.json"), 0, "link"),
    "link to the system": (_link("/etc/passwd"), 0, "link"),
    "link to itself": (_link("answer.json"), 0, "link"),
}
"""What a student hands in, what it scores of 14, and a word that is told of it."""


def deliver(folder: Path, count: int = 300) -> dict[str, str]:
    """Write the class's folder; returns the kind of each student by name."""
    folder.mkdir()
    put(folder / "key.json", json.dumps(RIGHT))
    put(folder / "problem.json", "{}")
    put(folder / "marks.csv", "\N{BYTE ORDER MARK}name,score,max_score,correct,dA_prev\n")
    put(folder / "feedback" / "Student 001.md", "# Feedback for Student 001\n\nAll right.\n")
    put(folder / "Thumbs.db", b"\0")
    kinds = {}
    for k in range(count):
        kind = list(KINDS)[k % len(KINDS)]
        name = f"Student {k:03}"
        entry = f"{name}_{10000 + k}_assignsubmission_file_"
        (folder / entry).mkdir()
        KINDS[kind][0](folder / entry)
        kinds[name] = kind
    os.sync()
    return kinds
