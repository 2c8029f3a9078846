"""Runs our networks and their counterparts in PyTorch in turns: how many times faster are ours?"""
from __future__ import annotations

import argparse
import glob
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Iterable, Optional

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OURS = ROOT / "build" / "release" / "bench" / "peer" / "peer_step"
THREADS = 2
IMAGE_NETS = ("vgg11", "resnet18", "mnist")
EVENT_NETS = ("vgg11_34", "events_34", "events_128")
NETS = IMAGE_NETS + EVENT_NETS
KINDS = ("train", "infer", "ann_train", "ann_infer")
STEPS = (4, 16)
EVENT_STEPS = (10,)
LINEAR_STEPS = (4, 8, 16, 32, 64)

# How many times faster than PyTorch we must be, and want to be.
REQUIRED = {
    ("vgg11", "train"): (4.0, 8.0),
    ("vgg11", "infer"): (7.0, 15.0),
    ("resnet18", "train"): (3.0, 6.0),
    ("resnet18", "infer"): (5.0, 10.0),
    ("mnist", "train"): (8.0, 20.0),
    ("mnist", "infer"): (10.0, 30.0),
    ("vgg11", "ann_train"): (1.5, 2.5),
    **{(net, "train"): (4.0, 8.0) for net in EVENT_NETS},
    **{(net, "infer"): (8.0, 16.0) for net in EVENT_NETS},
}
REQUIRED_MEMORY = (3.0, 6.0)
# Time must be linear in T and the memory of inference the same whatever T: up to this factor.
SAME = 1.1


class Failure(Exception):
    """What ends the comparison, as a sentence."""


@dataclass
class Side:
    """One program's rounds."""

    rounds: list[list[float]] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def add(self, result: dict[str, Any]) -> None:
        self.rounds.append([float(value) for value in result["ms"]])
        self.memory.append(float(result["rss_mb"]))
        self.rates = [float(value) for value in result["rates"]]

    @property
    def times(self) -> list[float]:
        return [value for values in self.rounds for value in values]


@dataclass
class Case:
    net: str
    kind: str
    steps: int
    ours: Side = field(default_factory=Side)
    peer: Side = field(default_factory=Side)

    @property
    def title(self) -> str:
        time = "" if self.kind.startswith("ann_") else f" T={self.steps}"
        return f"{self.net} {self.kind}{time}"

    @property
    def ratios(self) -> list[float]:
        """One for each round: what slows the machine for a while slows both sides of it."""
        return [median(peer) / median(ours)
                for ours, peer in zip(self.ours.rounds, self.peer.rounds)]

    @property
    def memory_ratio(self) -> Optional[float]:
        if not self.ours.memory or not self.peer.memory:
            return None
        return median(self.peer.memory) / median(self.ours.memory)


def chosen_cases(options: argparse.Namespace) -> list[Case]:
    return [Case(net, kind, steps)
            for net in options.networks
            for kind in options.kind
            for steps in steps_of(net, kind, options.steps)]


def steps_of(net: str, kind: str, asked: Optional[list[int]]) -> Iterable[int]:
    """ANNs have no steps, and see no frames of events."""
    if kind.startswith("ann_"):
        return () if net in EVENT_NETS else (1,)
    return asked or (EVENT_STEPS if net in EVENT_NETS else STEPS)


def our_environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": str(THREADS)}


def peer_environment() -> dict[str, str]:
    """Without what holds OpenBLAS to older processors, and with tcmalloc: both are faster."""
    environment = {name: value for name, value in our_environment().items()
                   if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    found = sorted(glob.glob("/usr/lib/*/libtcmalloc_minimal.so.4"))
    if found:
        environment["LD_PRELOAD"] = found[0]
    else:
        print("compare.py: found no tcmalloc: the peer is slower without it", file=sys.stderr)
    return environment


def run(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """What the program printed."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Failure(f"{command[0]}: cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise Failure(f"{' '.join(command)}: failed with {done.returncode}: {lines[-1]}")
    try:
        result = json.loads(done.stdout)
        Side().add(result)
        return result
    except (KeyError, TypeError, ValueError) as error:
        raise Failure(f"{' '.join(command)}: expected a line of JSON with ms, rates and rss_mb, "
                      f"found {done.stdout.strip()[:80]!r}") from error


def run_round(cases: Iterable[Case], sides: list[str], programs: dict[str, list[str]],
              options: argparse.Namespace, turn: str) -> None:
    environments = {"ours": our_environment(), "peer": peer_environment()}
    for case in cases:
        for side in sides:
            print(f"  {turn}: {case.title}, {side}", file=sys.stderr)
            getattr(case, side).add(run(
                [*programs[side], "--net", case.net, "--kind", case.kind,
                 "--steps", str(case.steps), "--runs", str(options.runs),
                 "--warmup", str(options.warmup)], environments[side]))


def compare(options: argparse.Namespace) -> list[Case]:
    cases = chosen_cases(options)
    programs = {"ours": [str(options.ours)],
                "peer": [str(options.python), "-B", str(HERE / "peer.py")]}
    sides = ["peer"] if options.peer_only else ["ours"] if options.linear else ["ours", "peer"]
    for number in range(options.repetitions):
        # Who comes second finds a warmer processor: take turns in that, too.
        run_round(cases, sides if number % 2 == 0 else sides[::-1], programs, options,
                  f"repetition {number + 1} of {options.repetitions}")
    return cases


def milliseconds(times: list[float]) -> str:
    if not times:
        return "-"
    return f"{digits(median(times))} [{digits(min(times))}-{digits(max(times))}]"


def digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100.0 else f"{value:.3g}"


def verdict(ratio: Optional[float], required: Optional[tuple[float, float]]) -> list[str]:
    if required is None:
        return ["-", "-", ""]
    must, aim = required
    met = "" if ratio is None else "aim" if ratio >= aim else "yes" if ratio >= must else "NO"
    return [f"{must:g}", f"{aim:g}", met]


def time_row(case: Case) -> list[str]:
    ratios = case.ratios
    ratio = median(ratios) if ratios else None
    text = f"{ratio:.2f} [{min(ratios):.2f}-{max(ratios):.2f}]" if ratios else "-"
    return [case.title, milliseconds(case.ours.times), milliseconds(case.peer.times), text,
            *verdict(ratio, REQUIRED.get((case.net, case.kind)))]


def memory_row(case: Case) -> list[str]:
    ratio = case.memory_ratio
    values = [f"{median(side.memory):.0f}" if side.memory else "-"
              for side in (case.ours, case.peer)]
    return [case.title, *values, "-" if ratio is None else f"{ratio:.2f}",
            *verdict(ratio, REQUIRED_MEMORY)]


def print_table(rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())


def report(cases: list[Case]) -> None:
    heads = ["times faster", "must", "aim", "met"]
    print_table([["", "ours, ms", "PyTorch, ms", *heads]] + [time_row(case) for case in cases])
    heaviest = [case for case in cases if case.kind == "train" and case.steps == max(STEPS)]
    if heaviest:
        print()
        print_table([["peak memory", "ours, MiB", "PyTorch, MiB", "times less", *heads[1:]]]
                    + [memory_row(case) for case in heaviest])


def linear_row(case: Case, first: Case, side: str) -> list[str]:
    here, start = getattr(case, side), getattr(first, side)
    step, first_step = median(here.times) / case.steps, median(start.times) / first.steps
    memory, first_memory = median(here.memory), median(start.memory)
    times, growth = step / first_step, memory / first_memory
    flat = case.kind != "infer" or growth <= SAME
    return [case.title, milliseconds(here.times), digits(step), f"{times:.2f}", f"<= {SAME:g}",
            f"{memory:.0f}", f"{growth:.2f}", f"<= {SAME:g}" if case.kind == "infer" else "-",
            "yes" if times <= SAME and flat else "NO"]


def report_linear(cases: list[Case], side: str) -> None:
    """Time and memory against those of the same work with the fewest steps."""
    fewest = min(case.steps for case in cases)
    start = f"T={fewest}"
    rows = [["", "ms", "ms a step", f"times {start}", "must", "peak, MiB", f"times {start}", "must",
             "met"]]
    for case in cases:
        first = next(other for other in cases if (other.net, other.kind, other.steps)
                     == (case.net, case.kind, fewest))
        rows.append(linear_row(case, first, side))
    print_table(rows)


def write(cases: list[Case], path: Path) -> None:
    entries = [{**asdict(case), "ratios": case.ratios, "memory_ratio": case.memory_ratio}
               for case in cases]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"threads": THREADS, "cases": entries}, indent=1) + "\n",
                        encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, found {value}")
    return value


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./snnbd bench --peer", description=__doc__,
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--networks", choices=NETS, nargs="+",
                        help="which networks: all unless told")
    parser.add_argument("--kind", choices=KINDS, nargs="+", help="which kinds of work")
    parser.add_argument("--steps", type=positive, nargs="+", help="how many steps of time")
    parser.add_argument("--linear", action="store_true",
                        help="time and memory of our spiking networks from T = 4 to 64 instead")
    parser.add_argument("--repetitions", type=positive, default=3,
                        help="how often both take their turn")
    parser.add_argument("--runs", type=positive, default=5, help="how many runs a turn times")
    parser.add_argument("--warmup", type=positive, default=2, help="how many runs come before")
    parser.add_argument("--peer-only", action="store_true", help="leave ours out")
    parser.add_argument("--ours", type=Path, default=OURS, help="our program")
    parser.add_argument("--python", type=Path, default=Path("/usr/bin/python3"),
                        help="the Python that has PyTorch")
    parser.add_argument("--out", type=Path, help="where all figures go as JSON")
    options = parser.parse_args()
    options.kind = options.kind or (KINDS[:2] if options.linear else KINDS)
    options.out = options.out or (
        ROOT / "out" / "bench" / ("linear.json" if options.linear else "peer.json"))
    options.networks = options.networks or (IMAGE_NETS if options.linear else NETS)
    options.steps = options.steps or (LINEAR_STEPS if options.linear else None)
    if options.linear and any(kind.startswith("ann_") for kind in options.kind):
        parser.error("--linear: expected the kinds train and infer, as ANNs have no steps")
    return options


def main() -> int:
    options = arguments()
    try:
        cases = compare(options)
        if options.linear:
            report_linear(cases, "peer" if options.peer_only else "ours")
        else:
            report(cases)
        write(cases, options.out)
    except Failure as failure:
        print(f"compare.py: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
