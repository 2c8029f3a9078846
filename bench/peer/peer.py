"""Times the networks of our benchmarks in plain PyTorch, each as fast as we could make it there.

Time is folded into the batch for everything but the neurons, which run through all steps in one
function of their own. Prints one line of JSON: what was run, its milliseconds, the share of neurons
that fired in each layer, and the most memory that the process held.
"""
from __future__ import annotations

import argparse
import functools
import json
import time
import warnings
from typing import Any, Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from networks import (BATCH, CLASSES, EVENT_NETS, NETS, batch, build, calibrate, fold, neurons,
                      rates)

KINDS = ("train", "infer", "ann_train", "ann_infer")
THREADS = 2


def training(net: nn.Module, images: Tensor) -> Callable[[], None]:
    labels = torch.arange(BATCH) % CLASSES
    # A rate of 0 leaves the work as it is and the network too, so that all steps see the same.
    optimiser = torch.optim.Adam(net.parameters(), lr=0.0)

    def step() -> None:
        optimiser.zero_grad(set_to_none=True)
        functional.cross_entropy(net(images), labels).backward()
        optimiser.step()

    return step


@torch.no_grad()
def inference(net: nn.Module, images: Tensor) -> Callable[[], None]:
    """The fastest form of the network: as it is, frozen, or frozen and optimised.

    PyTorch 1.13 optimises spiking networks wrongly, since their neurons write over their currents.
    """
    net.eval()
    fold(net)
    warnings.simplefilter("ignore", torch.jit.TracerWarning)

    def frozen() -> nn.Module:
        return torch.jit.freeze(torch.jit.trace(net, images, check_trace=False))

    forms = [net, frozen()]
    if not neurons(net):
        forms.append(torch.jit.optimize_for_inference(frozen()))

    def step(form: nn.Module) -> None:
        with torch.inference_mode():
            form(images)

    steps = [functools.partial(step, form) for form in forms]
    return min(steps, key=lambda step: min(milliseconds(step, runs=5, warmup=3)))


def milliseconds(step: Callable[[], None], runs: int, warmup: int) -> list[float]:
    for _ in range(warmup):
        step()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        step()
        times.append(round((time.perf_counter() - begin) * 1e3, 3))
    return times


def peak_memory() -> float:
    """The most memory that the process has held, in MiB as our program counts it."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    raise OSError("/proc/self/status: expected a line VmHWM, found none")


def measure(options: argparse.Namespace) -> dict[str, Any]:
    spiking = not options.kind.startswith("ann_")
    learning = options.kind.endswith("train")
    steps = options.steps if spiking else 1
    net = build(options.net, spiking, steps).train(learning)
    images = batch(net, steps)
    if spiking:
        calibrate(net, images)
    step = (training if learning else inference)(net, images)
    times = milliseconds(step, options.runs, options.warmup)
    memory = peak_memory()
    return {"net": options.net, "kind": options.kind, "T": steps, "ms": times,
            "rates": rates(net, images), "rss_mb": memory}


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, found {value}")
    return value


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", choices=sorted(NETS), required=True)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--steps", type=positive, default=4, help="steps of time (not for ANNs)")
    parser.add_argument("--runs", type=positive, default=5, help="how many runs are timed")
    parser.add_argument("--warmup", type=positive, default=2, help="how many runs come before")
    options = parser.parse_args()
    if options.net in EVENT_NETS and options.kind.startswith("ann_"):
        parser.error(f"--kind: expected train or infer for {options.net}, as ANNs see images")
    return options


def main() -> None:
    options = arguments()
    torch.set_num_threads(THREADS)
    print(json.dumps(measure(options)))


if __name__ == "__main__":
    main()
