#!/usr/bin/env python3
"""Rebuilds this package's transformers in PyTorch and compares logits and gradients.

Each file says all that is needed (`benchmarks parity --help` describes it): nothing else is read.
Without a file, `swift run -c release benchmarks parity` is run first, and all its files are compared.

    python3 Sources/benchmarks/parity.py [FILE.safetensors ...]

Prints the largest difference of the logits and of each model's gradients, relative to the largest
magnitude of the tensor. Ends with status 1 if one is too large, with 2 if something is missing.
Needs PyTorch (`pip install torch`).
"""

import argparse
import json
import math
import pathlib
import struct
import subprocess
import sys

LOGITS_BOUND = 1e-5
GRADIENTS_BOUND = 1e-4
EPSILON = 1e-5

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Problem(Exception):
    """Something that the user can mend; its text says how."""


def import_torch():
    """The module torch, or what to install."""
    try:
        import torch
    except ImportError as error:
        raise Problem(f"this program needs PyTorch ({error}); run: pip install torch") from error
    return torch


# Reading


def read_safetensors(path):
    """The strings and the tensors of a file: (metadata, {name: (shape, bytes)})."""
    try:
        data = pathlib.Path(path).read_bytes()
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from error
    try:
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        values = memoryview(data)[8 + length :]
        tensors = {}
        for name, entry in header.items():
            if entry["dtype"] != "F32":
                raise Problem(f"{path}: '{name}' is {entry['dtype']}; only F32 is read")
            start, end = entry["data_offsets"]
            if not 0 <= start <= end <= len(values) or end - start != 4 * math.prod(entry["shape"]):
                raise Problem(f"{path}: '{name}' does not have the bytes of its shape")
            tensors[name] = (entry["shape"], bytes(values[start:end]))
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(f"{path} is no safetensors file ({error}); write it again") from error
    return metadata, tensors


class Sample:
    """A model with its parameters, a batch, and what this package makes of them."""

    def __init__(self, path):
        metadata, tensors = read_safetensors(path)
        if metadata.get("model") != "transformer" or "logits" not in tensors:
            raise Problem(f"{path} holds no transformer with logits; see `benchmarks parity --help`")
        self.configuration = json.loads(metadata["configuration"])
        self.loss = float(metadata["loss"])
        self.shapes = {name: shape for name, (shape, _) in tensors.items()}
        self.bytes = {name: data for name, (_, data) in tensors.items()}
        others = {"tokens", "targets", "logits"}
        self.parameters = [
            name for name in tensors if name not in others and not name.startswith("gradients.")
        ]

    def floats(self, name):
        """The values of a tensor as a flat memoryview of floats (little-endian machines)."""
        return memoryview(self.bytes[name]).cast("f")

    def tensor(self, torch, name):
        """A tensor of PyTorch."""
        flat = torch.frombuffer(bytearray(self.bytes[name]), dtype=torch.float32)
        return flat.reshape(self.shapes[name])


# The model


def rms_norm(torch, x, gain):
    y = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON)
    return y if gain is None else y * gain


def logits_of(torch, configuration, parameters, tokens):
    """The logits [B, T, V] of a decoder-only transformer, after its formulas.

    x = embedding[token] (+ positions); x += attention(norm(x) Wqkv) Wo; x += f(norm(x) W1) W2;
    logits = norm(x) Wout, or norm(x) embedding^T if tied. The activation GELU is its tanh form.
    """
    functional = torch.nn.functional
    heads, context, width = (configuration[key] for key in ("heads", "context", "width"))
    head_width = width // heads
    sequences = tokens.shape[0]
    x = parameters["embedding"][tokens]
    if "positions" in parameters:
        x = x + parameters["positions"]
    distance = torch.arange(context)[:, None] - torch.arange(context)[None, :]
    future = distance < 0

    for layer in range(configuration["layers"]):
        own = {
            name.removeprefix(f"layers.{layer}."): value
            for name, value in parameters.items()
            if name.startswith(f"layers.{layer}.")
        }
        qkv = rms_norm(torch, x, own.get("attention.norm")) @ own["attention.qkv"]
        query, key, value = (
            part.reshape(sequences, context, heads, head_width).transpose(1, 2)
            for part in qkv.split(width, dim=-1)
        )
        scores = query @ key.transpose(-1, -2) / math.sqrt(head_width)
        if "attention.bias" in own:
            scores = scores + own["attention.bias"][:, distance.clamp(min=0)]
        weights = scores.masked_fill(future, -math.inf).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).reshape(sequences, context, width)
        x = x + mixed @ own["attention.output"]
        hidden = rms_norm(torch, x, own.get("mlp.norm")) @ own["mlp.input"]
        if configuration["activation"] == "relu":
            hidden = functional.relu(hidden)
        else:
            hidden = functional.gelu(hidden, approximate="tanh")
        x = x + hidden @ own["mlp.output"]

    last = rms_norm(torch, x, parameters.get("norm"))
    if "output" in parameters:
        return last @ parameters["output"]
    return last @ parameters["embedding"].T


# Comparing


def difference(found, expected):
    """The largest difference, relative to the largest magnitude expected."""
    largest = expected.abs().max().item()
    gap = (found.double() - expected.double()).abs().max().item()
    return gap / largest if largest > 0 else gap


def compare(torch, path):
    """(name, difference, bound) of the logits and of every gradient of a file's model."""
    sample = Sample(path)
    parameters = {
        name: sample.tensor(torch, name).requires_grad_() for name in sample.parameters
    }
    tokens = sample.tensor(torch, "tokens").long()
    targets = sample.tensor(torch, "targets").long()
    logits = logits_of(torch, sample.configuration, parameters, tokens)
    loss = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.clamp(min=-1).flatten(), ignore_index=-1
    )
    loss.backward()
    rows = [
        ("logits", difference(logits.detach(), sample.tensor(torch, "logits")), LOGITS_BOUND),
        ("loss", abs(loss.item() - sample.loss) / abs(sample.loss), LOGITS_BOUND),
    ]
    for name, parameter in parameters.items():
        if f"gradients.{name}" not in sample.shapes:
            raise Problem(f"{path} has no gradient of '{name}'")
        expected = sample.tensor(torch, f"gradients.{name}")
        found = torch.zeros_like(expected) if parameter.grad is None else parameter.grad
        rows.append((f"gradients.{name}", difference(found, expected), GRADIENTS_BOUND))
    return rows


def write_samples():
    """Has this package write its samples; their paths."""
    command = ["swift", "run", "-c", "release", "benchmarks", "parity"]
    try:
        result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    except FileNotFoundError as error:
        raise Problem("'swift' is not on the PATH; install Swift or pass files") from error
    if result.returncode != 0:
        raise Problem(f"`{' '.join(command)}` failed with status {result.returncode}")
    return result.stdout.split("\n")[:-1]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="files of `benchmarks parity`")
    parser.add_argument("--verbose", action="store_true", help="print every tensor's difference")
    arguments = parser.parse_args()

    torch = import_torch()
    torch.set_num_threads(1)
    failed = False
    print(f"{'model':28} {'logits':>9} {'gradients':>10}  largest in")
    for path in arguments.files or write_samples():
        rows = compare(torch, path)
        # NaN compares as false: a difference must be shown to be small.
        bad = [name for name, gap, bound in rows if not gap < bound]
        failed = failed or bool(bad)
        gradients = [row for row in rows if row[0].startswith("gradients.")]
        name, gap, _ = max(gradients, key=lambda row: math.inf if math.isnan(row[1]) else row[1])
        print(
            f"{pathlib.Path(path).stem:28} {rows[0][1]:9.1e} {gap:10.1e}  "
            f"{name.removeprefix('gradients.')}" + (f"  TOO LARGE: {', '.join(bad)}" if bad else "")
        )
        if arguments.verbose:
            for name, gap, bound in rows:
                print(f"    {name:40} {gap:9.1e}  (under {bound:.0e})")
    if failed:
        print(f"a difference is too large: logits must be under {LOGITS_BOUND:.0e}, "
              f"gradients under {GRADIENTS_BOUND:.0e}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        print(f"parity.py: {problem}", file=sys.stderr)
        sys.exit(2)
