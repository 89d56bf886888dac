"""How a network's time and memory grow: LeNet-5 by the batch and by the side of its images.

``python -m tests.benchmarks.networks`` prints a table (Markdown, as docs/benchmarks.md shows it):
seconds of processor time of a whole process, start included, and the memory at its highest.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

BATCHES = [(batch, 28) for batch in (1, 8, 64, 256)]
IMAGES = [(8, side) for side in (28, 56, 112)]


def lenet(batch: int, side: int) -> dict[str, object]:
    """LeNet-5 for images of this side, its weights drawn."""
    random = np.random.default_rng(0)
    layers: list[dict[str, object]] = [
        {"op": "conv", "filters": 6, "kernel_size": 5, "padding": 2},
        {"op": "tanh"},
        {"op": "average-pool", "window": 2},
        {"op": "conv", "filters": 16, "kernel_size": 5},
        {"op": "tanh"},
        {"op": "average-pool", "window": 2},
        {"op": "flatten"},
    ]
    for units in (120, 84):
        layers += [{"op": "dense", "units": units}, {"op": "tanh"}]
    return {
        "layers": [*layers, {"op": "dense", "units": 10}],
        "input": random.random((batch, 1, side, side)).round(3).tolist(),
        "target": random.integers(0, 10, batch).tolist(),
        "loss": "softmax-cross-entropy",
        "init": "glorot",
    }


def measured(batch: int, side: int, style: str) -> tuple[float, float]:
    """Processor seconds and MB of `network-backward` on it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lenet.json"
        file.write_text(json.dumps(lenet(batch, side)))
        words = [sys.executable, "-m", "cnngrad", "network-backward", str(file), "--format", style]
        with open(os.devnull, "w") as nowhere:
            process = subprocess.Popen(words, stdout=nowhere)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    scale = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6


def main() -> None:
    """Print the table."""
    print("| batch | image | table, s | table, MB | JSON, s | JSON, MB |")
    print("| --: | --: | --: | --: | --: | --: |")
    for batch, side in (*BATCHES, *IMAGES[1:]):
        cells = [f"{batch}", f"{side}×{side}"]
        for style in ("table", "json"):
            seconds, memory = measured(batch, side, style)
            cells += [f"{seconds:.2f}", f"{memory:.0f}"]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
