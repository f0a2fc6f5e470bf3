#!/usr/bin/env python3
"""Trains the same small transformers here, in PyTorch (eager and compiled) and in JAX (jit).

    swift build -c release --product benchmarks
    python3 Sources/benchmarks/peers.py [--settings tiny d32 d128] [--json]

One core, one thread, float32; the same model, batch and optimiser as `benchmarks step` (AdamW with
betas 0.9 and 0.99, gradients clipped to a norm of 1). Every peer runs in a process of its own and
tries the sensible ways to write the step (fused attention or plain, ways to look up tables, first
layers by rows or by tokens). Each must first show that its model is the same, by the loss and the
gradients of the parameters that `benchmarks parity` wrote; one that differs is left out, with the
reason. (Of two million ReLUs one may have an input so near to zero that rounding decides whether it
opens. That shows in a gradient, so a peer has three samples, and one must agree.) The fastest is
kept. Then all programs are timed in turn, several rounds; the figure is the fastest chunk of steps,
in processor time, so that waiting for other programs does not count. No peer copies anything to the
host while it is timed.

A processor with AVX-512 can be held to AVX2, ours by its build of that name and the peers by their
libraries' own settings; the rows 'PEER avx2' are such peers. So our AVX2 build is compared twice:
with the fastest peer as it comes, and with the fastest that has the same instructions.

Needs PyTorch and JAX (`pip install torch jax`) for the peers of those names, a C++ compiler for
torch.compile, and Linux. The figures are not part of any test.
"""

import argparse
import dataclasses
import functools
import itertools
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from parity import EPSILON, ROOT, Problem, Sample, import_torch

LOSS_BOUND = 1e-5
GRADIENTS_BOUND = 1e-4
SAMPLES = 3
RATE = 6e-3
BASE_WIDTH = 32
BETAS = (0.9, 0.99)
ADAM_EPSILON = 1e-8
CLIP = 1.0
HEADS = 4
POOL = 16
FORM = "relative-relu-untied"
# How the name of a peer that is held to AVX2 ends.
HELD = " avx2"


@dataclasses.dataclass(frozen=True)
class Setting:
    """The sizes of a model and of its batch."""

    name: str
    layers: int
    width: int
    context: int
    batch: int
    vocabulary: int

    @property
    def tokens(self):
        return self.batch * self.context


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("tiny", layers=1, width=8, context=32, batch=8, vocabulary=64),
        Setting("d32", layers=2, width=32, context=64, batch=32, vocabulary=64),
        Setting("d128", layers=2, width=128, context=64, batch=32, vocabulary=64),
    )
}


# PyTorch


class TorchPeer:
    """The step in PyTorch, eager or compiled."""

    # (attention, bias, first): `fused` is scaled_dot_product_attention; `gather` picks the biases by
    # index, `skew` lays them out by padding and reshaping, whose backward pass is a plain sum;
    # `rows` computes the first layer's queries, keys and values for every row, `tokens` once for
    # each token of the vocabulary, as we do (`Projection`).
    VARIANTS = list(itertools.product(("plain", "fused"), ("gather", "skew"), ("rows", "tokens")))

    def __init__(self, setting, sample, compiled):
        self.torch = torch = import_torch()
        torch.set_num_threads(1)
        self.setting = setting
        self.sample = sample
        self.compiled = compiled
        context = setting.context
        distance = torch.arange(context)[:, None] - torch.arange(context)[None, :]
        self.distance = distance.clamp(min=0)
        self.mask = torch.zeros(context, context).masked_fill(distance < 0, -math.inf)
        generator = torch.Generator().manual_seed(1)
        shape = (POOL, setting.batch, context)
        self.tokens = torch.randint(setting.vocabulary, shape, generator=generator)
        self.targets = torch.randint(setting.vocabulary, shape, generator=generator)

    def check_instructions(self):
        """Refuses to be timed as a held peer if the library does not listen."""
        held = os.environ.get("ATEN_CPU_CAPABILITY")
        used = self.torch.backends.cpu.get_cpu_capability()
        if held is not None and used.lower() != held:
            raise Problem(f"PyTorch runs on {used} though ATEN_CPU_CAPABILITY is {held}")

    def biases(self, bias, layout):
        """[H, T, T] from [H, T]: entry (i, j) is bias[i - j], minus infinity in the future."""
        torch, context = self.torch, self.setting.context
        if layout == "gather":
            return bias[:, self.distance] + self.mask
        # Row i of a [T, 2T] block, read with a stride of 2T - 1, begins i places earlier.
        row = torch.cat(
            (bias[:, :1], bias.new_full((HEADS, context), -math.inf), bias[:, 1:].flip(1)), dim=1
        )
        block = row[:, None, :].expand(HEADS, context, 2 * context).reshape(HEADS, -1)
        block = block[:, : context * (2 * context - 1)]
        return block.view(HEADS, context, 2 * context - 1)[:, :, :context]

    def loss(self, parameters, tokens, targets, *, variant):
        """The mean cross-entropy; a target of -1 does not count."""
        torch, setting = self.torch, self.setting
        functional = torch.nn.functional
        attention, layout, first = variant
        width, head_width = setting.width, setting.width // HEADS
        rows, context = tokens.shape

        def norm(x):
            return functional.rms_norm(x, (width,), eps=EPSILON)

        def pick(table):
            return functional.embedding(tokens, table)

        x = pick(parameters["embedding"])
        for layer in range(setting.layers):
            own = functools.partial("layers.{}.{}".format, layer)
            if layer == 0 and first == "tokens":
                qkv = pick(norm(parameters["embedding"]) @ parameters[own("attention.qkv")])
            else:
                qkv = norm(x) @ parameters[own("attention.qkv")]
            query, key, value = qkv.view(rows, context, 3, HEADS, head_width).permute(2, 0, 3, 1, 4)
            biases = self.biases(parameters[own("attention.bias")], layout)
            if attention == "fused":
                mixed = functional.scaled_dot_product_attention(
                    query, key, value, attn_mask=biases[None]
                )
            else:
                scores = query @ key.transpose(-1, -2) * head_width**-0.5 + biases
                mixed = scores.softmax(-1) @ value
            mixed = mixed.transpose(1, 2).reshape(rows, context, width)
            x = x + mixed @ parameters[own("attention.output")]
            hidden = functional.relu(norm(x) @ parameters[own("mlp.input")])
            x = x + hidden @ parameters[own("mlp.output")]
        logits = norm(x) @ parameters["output"]
        return functional.cross_entropy(
            logits.view(-1, setting.vocabulary), targets.view(-1), ignore_index=-1
        )

    def prepare(self, variant):
        """Makes the step of a variant, ready to be called with an index into the pool."""
        torch = self.torch
        self.parameters = {
            name: self.sample.tensor(torch, name).requires_grad_()
            for name in self.sample.parameters
        }
        loss = functools.partial(self.loss, variant=variant)
        if self.compiled:
            torch._dynamo.reset()
            loss = torch.compile(loss, fullgraph=True, dynamic=False)
        self.loss_of_variant = loss
        # The rule of the learning rates: base width over width for matrices of the width.
        matrices, others = [], []
        for name, parameter in self.parameters.items():
            is_matrix = name != "embedding" and not name.endswith("bias")
            (matrices if is_matrix else others).append(parameter)
        multiplier = BASE_WIDTH / self.setting.width
        groups = [{"params": matrices, "lr": RATE * multiplier}, {"params": others, "lr": RATE}]
        if multiplier == 1:
            groups = [{"params": matrices + others, "lr": RATE}]
        self.everything = matrices + others
        self.optimizer = torch.optim.AdamW(
            groups, betas=BETAS, eps=ADAM_EPSILON, weight_decay=0, fused=True
        )

    def verify(self):
        """The loss and the gradients, by name, of the sample's batch."""
        torch, sample = self.torch, self.sample
        loss = self.loss_of_variant(
            self.parameters,
            sample.tensor(torch, "tokens").long(),
            sample.tensor(torch, "targets").long(),
        )
        loss.backward()
        gradients = {
            name: memoryview(parameter.grad.contiguous().numpy()).cast("B").cast("f")
            for name, parameter in self.parameters.items()
        }
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item(), gradients

    def run(self, steps):
        for index in range(steps):
            place = index % POOL
            loss = self.loss_of_variant(self.parameters, self.tokens[place], self.targets[place])
            loss.backward()
            self.torch.nn.utils.clip_grad_norm_(self.everything, CLIP, foreach=True)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)


# JAX


class JaxPeer:
    """The step in JAX: one jit call a step, or a loop over the steps inside jit."""

    # (embedding, bias, first): `gather` picks rows by index, `product` multiplies by one-hot rows,
    # whose backward pass needs no scatter; the others as for PyTorch.
    VARIANTS = list(
        itertools.product(("gather", "product"), ("gather", "skew"), ("rows", "tokens"))
    )

    def __init__(self, setting, sample, looped):
        try:
            import jax
        except ImportError as error:
            raise Problem(f"this peer needs JAX ({error}); run: pip install jax") from error
        import numpy

        self.jax, self.numpy = jax, numpy
        self.setting = setting
        self.sample = sample
        self.looped = looped
        context = setting.context
        distance = numpy.arange(context)[:, None] - numpy.arange(context)[None, :]
        self.distance = numpy.maximum(distance, 0)
        self.mask = numpy.where(distance < 0, -math.inf, 0).astype(numpy.float32)
        generator = numpy.random.default_rng(1)
        shape = (POOL, setting.batch, context)
        self.tokens = jax.numpy.asarray(generator.integers(setting.vocabulary, size=shape), "int32")
        self.targets = jax.numpy.asarray(
            generator.integers(setting.vocabulary, size=shape), "int32"
        )

    def check_instructions(self):
        """Nothing to look at: XLA ends a process whose flags it does not know."""

    def biases(self, bias, layout):
        """As for PyTorch."""
        numpy, context = self.jax.numpy, self.setting.context
        if layout == "gather":
            return bias[:, self.distance] + self.mask
        row = numpy.concatenate(
            (bias[:, :1], numpy.full((HEADS, context), -math.inf), bias[:, :0:-1]), axis=1
        )
        block = numpy.broadcast_to(row[:, None, :], (HEADS, context, 2 * context))
        block = block.reshape(HEADS, -1)[:, : context * (2 * context - 1)]
        return block.reshape(HEADS, context, 2 * context - 1)[:, :, :context]

    def loss(self, parameters, tokens, targets, *, variant, masked=False):
        """The mean cross-entropy; if `masked`, a target of -1 does not count."""
        jax, setting = self.jax, self.setting
        numpy = jax.numpy
        embedding, layout, first = variant
        width, head_width = setting.width, setting.width // HEADS
        rows, context = tokens.shape

        def norm(x):
            return x * jax.lax.rsqrt(numpy.mean(x * x, axis=-1, keepdims=True) + EPSILON)

        def pick(table):
            if embedding == "gather":
                return table[tokens]
            return jax.nn.one_hot(tokens, setting.vocabulary) @ table

        x = pick(parameters["embedding"])
        for layer in range(setting.layers):
            own = functools.partial("layers.{}.{}".format, layer)
            if layer == 0 and first == "tokens":
                qkv = pick(norm(parameters["embedding"]) @ parameters[own("attention.qkv")])
            else:
                qkv = norm(x) @ parameters[own("attention.qkv")]
            qkv = qkv.reshape(rows, context, 3, HEADS, head_width)
            query, key, value = (qkv[:, :, part] for part in range(3))
            scores = numpy.einsum("bihw,bjhw->bhij", query, key) * head_width**-0.5
            scores = scores + self.biases(parameters[own("attention.bias")], layout)
            weights = jax.nn.softmax(scores, axis=-1)
            mixed = numpy.einsum("bhij,bjhw->bihw", weights, value).reshape(rows, context, width)
            x = x + mixed @ parameters[own("attention.output")]
            hidden = jax.nn.relu(norm(x) @ parameters[own("mlp.input")])
            x = x + hidden @ parameters[own("mlp.output")]
        logits = norm(x) @ parameters["output"]
        total = jax.nn.logsumexp(logits, axis=-1)
        if embedding == "gather":
            place = numpy.maximum(targets, 0)[..., None]
            chosen = numpy.take_along_axis(logits, place, axis=-1)[..., 0]
        else:
            chosen = numpy.sum(logits * jax.nn.one_hot(targets, setting.vocabulary), axis=-1)
        losses = total - chosen
        if masked:
            counts = targets >= 0
            return numpy.sum(numpy.where(counts, losses, 0)) / numpy.sum(counts)
        return numpy.mean(losses)

    def prepare(self, variant):
        """Makes the step of a variant and compiles it."""
        jax = self.jax
        numpy = jax.numpy
        self.variant = variant
        self.parameters = {
            name: numpy.asarray(
                self.numpy.frombuffer(self.sample.bytes[name], dtype="<f4").reshape(
                    self.sample.shapes[name]
                )
            )
            for name in self.sample.parameters
        }
        gradient = jax.grad(functools.partial(self.loss, variant=variant))
        first_decay, second_decay = BETAS

        def rate(name):
            is_matrix = name != "embedding" and not name.endswith("bias")
            return RATE * (BASE_WIDTH / self.setting.width if is_matrix else 1)

        def step(state, tokens, targets):
            parameters, first, second, time_ = state
            gradients = gradient(parameters, tokens, targets)
            squares = sum(numpy.sum(value * value) for value in gradients.values())
            shrink = numpy.minimum(1, CLIP * jax.lax.rsqrt(squares))
            time_ = time_ + 1
            one = 1 / (1 - first_decay**time_)
            two = 1 / (1 - second_decay**time_)
            for name in parameters:
                value = gradients[name] * shrink
                first[name] = first_decay * first[name] + (1 - first_decay) * value
                second[name] = second_decay * second[name] + (1 - second_decay) * value * value
                parameters[name] = parameters[name] - rate(name) * (first[name] * one) / (
                    numpy.sqrt(second[name] * two) + ADAM_EPSILON
                )
            return parameters, first, second, time_

        def copied(state):
            parameters, first, second, time_ = state
            return dict(parameters), dict(first), dict(second), time_

        if self.looped:

            def many(state, tokens, targets, steps):
                def body(index, state):
                    place = index % POOL
                    return step(copied(state), tokens[place], targets[place])

                return jax.lax.fori_loop(0, steps, body, state)

            self.compiled = jax.jit(many, donate_argnums=0)
        else:
            self.compiled = jax.jit(
                lambda state, tokens, targets: step(copied(state), tokens, targets),
                donate_argnums=0,
            )
            self.pool = [(self.tokens[i], self.targets[i]) for i in range(POOL)]
        zeros = {name: numpy.zeros_like(value) for name, value in self.parameters.items()}
        self.state = (
            {name: value.copy() for name, value in self.parameters.items()},
            zeros,
            {name: value.copy() for name, value in zeros.items()},
            numpy.zeros((), "float32"),
        )

    def verify(self):
        """The loss and the gradients, by name, of the sample's batch."""

        def integers(name):
            flat = self.numpy.frombuffer(self.sample.bytes[name], dtype="<f4")
            return self.jax.numpy.asarray(flat.reshape(self.sample.shapes[name]), "int32")

        loss = functools.partial(self.loss, variant=self.variant, masked=True)
        value, gradients = self.jax.jit(self.jax.value_and_grad(loss))(
            self.parameters, integers("tokens"), integers("targets")
        )
        return float(value), {
            name: self.numpy.ravel(gradient).tolist() for name, gradient in gradients.items()
        }

    def run(self, steps):
        if self.looped:
            self.state = self.compiled(self.state, self.tokens, self.targets, steps)
        else:
            for index in range(steps):
                tokens, targets = self.pool[index % POOL]
                self.state = self.compiled(self.state, tokens, targets)
        self.jax.block_until_ready(self.state)


PEERS = {
    "torch eager": functools.partial(TorchPeer, compiled=False),
    "torch compile": functools.partial(TorchPeer, compiled=True),
    "jax jit": functools.partial(JaxPeer, looped=False),
    "jax loop in jit": functools.partial(JaxPeer, looped=True),
}


# The process of one peer


def hold(environment):
    """Holds a peer's libraries to AVX2."""
    # PyTorch's kernels and the code that torch.compile writes; MKL; oneDNN; XLA.
    environment["ATEN_CPU_CAPABILITY"] = "avx2"
    environment["MKL_ENABLE_INSTRUCTIONS"] = "AVX2"
    environment["ONEDNN_MAX_CPU_ISA"] = "AVX2"
    environment["XLA_FLAGS"] += " --xla_cpu_max_isa=AVX2"
    # The code that torch.compile keeps for one set of instructions must not serve another.
    default = pathlib.Path(tempfile.gettempdir()) / "torchinductor"
    environment["TORCHINDUCTOR_CACHE_DIR"] = (
        environment.get("TORCHINDUCTOR_CACHE_DIR", str(default)) + "_avx2"
    )


def difference(peer, sample):
    """How the peer's loss or gradients differ from the sample's, or None."""
    loss, gradients = peer.verify()
    gap = abs(loss - sample.loss) / abs(sample.loss)
    if not gap < LOSS_BOUND:
        return f"the loss must be {sample.loss} within {LOSS_BOUND:.0e}; found {loss}"
    for name, found in gradients.items():
        expected = sample.floats(f"gradients.{name}")
        largest = max(map(abs, expected)) or 1
        gap = max(abs(a - b) for a, b in zip(found, expected, strict=True)) / largest
        if not gap < GRADIENTS_BOUND:
            bound = f"{GRADIENTS_BOUND:.0e}"
            return f"the gradient of {name} must agree within {bound}; found {gap:.1e}"
    return None


def fastest(peer, seconds):
    """Steps a second: the fastest chunk of steps within `seconds`, at least three chunks."""
    steps, chunks, best = 1, 0, math.inf
    end = time.perf_counter() + seconds
    while chunks < 3 or time.perf_counter() < end:
        begin = time.process_time()
        peer.run(steps)
        elapsed = time.process_time() - begin
        if elapsed < 0.02:
            # Too short to be measured: longer chunks.
            steps *= 2
            continue
        chunks += 1
        best = min(best, elapsed / steps)
    return 1 / best


def work(name, setting, sample_paths, trial_seconds, limit):
    """Answers every line 'SECONDS' on the standard input by a measurement."""
    samples = [Sample(path) for path in sample_paths]
    peer = PEERS[name](setting, samples[0])
    peer.check_instructions()
    speeds = {}
    variants = [variant for variant in peer.VARIANTS if limit is None or "+".join(variant) in limit]
    if not variants:
        known = ", ".join("+".join(variant) for variant in peer.VARIANTS)
        raise Problem(f"--variants must name one of {known} for the peer '{name}'")
    refused = {}
    for variant in variants:
        for sample in samples:
            peer.sample = sample
            peer.prepare(variant)
            reason = difference(peer, sample)
            if reason is None:
                break
        if reason is not None:
            refused["+".join(variant)] = reason
            continue
        peer.run(3)
        speeds[variant] = fastest(peer, trial_seconds)
    if not speeds:
        print(json.dumps({"variant": None, "variants": {}, "refused": refused}), flush=True)
        return
    best = max(speeds, key=speeds.get)
    if variants[-1] != best:
        peer.prepare(best)
        peer.run(3)
    told = {"+".join(variant): speed * setting.tokens for variant, speed in speeds.items()}
    answer = {"variant": "+".join(best), "variants": told, "refused": refused}
    print(json.dumps(answer), flush=True)
    for line in sys.stdin:
        speed = fastest(peer, float(line))
        print(json.dumps({"tokensPerSecond": speed * setting.tokens}), flush=True)


# The program that starts them


class Worker:
    """A peer in a process of its own, idle until it is asked to measure."""

    def __init__(self, name, setting, sample_paths, arguments, held):
        environment = dict(os.environ)
        for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            environment[variable] = "1"
        environment["JAX_PLATFORMS"] = "cpu"
        environment["XLA_FLAGS"] = (
            environment.get("XLA_FLAGS", "")
            + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        if held:
            hold(environment)
        command = [
            sys.executable, __file__, "--worker", name, "--settings", setting.name,
            "--samples", *map(str, sample_paths), "--trial-seconds", str(arguments.trial_seconds),
        ]
        if arguments.variants:
            command += ["--variants", *arguments.variants]
        self.name = name
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            raise Problem(f"the peer '{self.name}' ended with status {status}; see above")
        return json.loads(line)

    def measure(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self.answer()["tokensPerSecond"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def run_ours(arguments, subcommand):
    command = [str(arguments.benchmarks), *subcommand]
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    except OSError as error:
        raise Problem(
            f"cannot run {arguments.benchmarks} ({error.strerror}); "
            "run: swift build -c release --product benchmarks"
        ) from error
    if result.returncode != 0:
        raise Problem(f"`{' '.join(command)}` failed with status {result.returncode}")
    return result.stdout


def sizes(setting):
    return [
        "--layers", str(setting.layers), "--context", str(setting.context),
        "--vocabulary", str(setting.vocabulary),
    ]


def measure_ours(arguments, setting, isa):
    """One row of `benchmarks step --json`."""
    flags = ["step", "--json", "--widths", str(setting.width), "--batch", str(setting.batch)]
    flags += [*sizes(setting), "--seconds", str(arguments.seconds)]
    return json.loads(run_ours(arguments, flags + ([] if isa == "best" else ["--isa", isa])))


def compare(arguments, setting, folder):
    """The rows of one setting: ours first, then the peers."""
    samples = []
    for seed in range(1, SAMPLES + 1):
        place = pathlib.Path(folder) / str(seed)
        run_ours(
            arguments,
            ["parity", "--folder", str(place), "--forms", FORM, "--width", str(setting.width),
             "--sequences", str(setting.batch), "--seed", str(seed), *sizes(setting)],
        )
        samples.append(place / f"{FORM}.safetensors")
    workers, variants = {}, {}
    try:
        for name, held in itertools.product(arguments.peers, sorted({False, arguments.hold})):
            program = f"{name}{HELD}" if held else name
            workers[program] = Worker(name, setting, samples, arguments, held)
            # One after the other: they share the core.
            variants[program] = workers[program].answer()
        # A peer none of whose variants is the same model is shown, but not timed.
        ours, peers = {}, {name: 0 for name in workers if variants[name]["variant"]}
        for _ in range(arguments.rounds):
            for isa in arguments.isa:
                row = measure_ours(arguments, setting, isa)
                # The best set of instructions may be another one that is asked for.
                fastest_row = ours.setdefault(row["isa"], row)
                if row["tokensPerSecond"] > fastest_row["tokensPerSecond"]:
                    ours[row["isa"]] = row
            for name, fastest_yet in peers.items():
                peers[name] = max(fastest_yet, workers[name].measure(arguments.seconds))
    finally:
        for worker in workers.values():
            worker.close()

    def over_best(row, held):
        """The fastest peer that is held to AVX2 or is not, and our speed over its."""
        speeds = {name: speed for name, speed in peers.items() if name.endswith(HELD) == held}
        if not speeds:
            return None, None
        best = max(speeds, key=speeds.get)
        return best, row["tokensPerSecond"] / speeds[best]

    rows = []
    for row in ours.values():
        best_peer, over_best_peer = over_best(row, False)
        best_held_peer, over_best_held_peer = over_best(row, True)
        rows.append({
            "setting": setting.name, "program": f"ours {row['isa']}",
            "tokensPerSecond": row["tokensPerSecond"], "fractionOfPeak": row["fractionOfPeak"],
            "bestPeer": best_peer, "overBestPeer": over_best_peer,
        })
        # Only a build without AVX-512 has no more than they have.
        if row["isa"] != "avx512":
            rows[-1] |= {
                "bestHeldPeer": best_held_peer, "overBestHeldPeer": over_best_held_peer
            }
    for name in workers:
        rows.append({
            "setting": setting.name, "program": name, "tokensPerSecond": peers.get(name),
            **variants[name],
        })
    return rows


def show(row):
    line = f"{row['setting']:8} {row['program']:20} "
    if row["tokensPerSecond"] is None:
        line += f"{'-':>12}"
    else:
        line += f"{row['tokensPerSecond']:12,.0f}"
    if "variant" in row:
        lines = [f"{line}           {row['variant'] or 'left out: trains another model'}"]
        lines += [f"{'':8} left out {name}: {why}" for name, why in row["refused"].items()]
        return "\n".join(lines)
    if row["overBestPeer"] is not None:
        line += f"{row['overBestPeer']:8.2f} x {row['bestPeer']}"
    if row.get("overBestHeldPeer") is not None:
        line += f", {row['overBestHeldPeer']:.2f} x {row['bestHeldPeer']}"
    return line


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS),
                        metavar="SETTING", help=f"of {', '.join(SETTINGS)} (default: all)")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), metavar="PEER",
                        help=f"of {', '.join(repr(name) for name in PEERS)} (default: all)")
    parser.add_argument("--isa", nargs="+", default=["best", "avx2"],
                        help="our instruction sets (default: the fastest, and avx2)")
    parser.add_argument("--hold", action=argparse.BooleanOptionalAction, default=True,
                        help="run each peer held to AVX2 too (default: yes)")
    parser.add_argument("--variants", nargs="+", metavar="VARIANT",
                        help="try only these ways to write a peer's step, as printed")
    parser.add_argument("--rounds", type=int, default=3, help="times round all programs")
    parser.add_argument("--seconds", type=float, default=2.0,
                        help="seconds of each program in each round")
    parser.add_argument("--trial-seconds", type=float, default=1.0,
                        help="seconds of each way to write a step, to find the fastest")
    parser.add_argument("--core", type=int, default=None,
                        help="the core that all programs run on (default: the last)")
    parser.add_argument("--benchmarks", type=pathlib.Path,
                        default=ROOT / ".build" / "release" / "benchmarks",
                        help="our program (default: .build/release/benchmarks)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a row")
    parser.add_argument("--worker", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--samples", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for name in ("rounds", "seconds", "trial_seconds"):
        if not getattr(arguments, name) > 0:
            parser.error(f"--{name.replace('_', '-')} must be positive")
    return arguments


def main():
    arguments = parse()
    if arguments.worker:
        (name,) = arguments.settings
        work(arguments.worker, SETTINGS[name], arguments.samples, arguments.trial_seconds,
             arguments.variants)
        return
    if not hasattr(os, "sched_setaffinity"):
        raise Problem("pinning to one core needs Linux; this system has no sched_setaffinity")
    allowed = os.sched_getaffinity(0)
    core = max(allowed) if arguments.core is None else arguments.core
    if core not in allowed:
        raise Problem(f"--core must be one of {sorted(allowed)}; found {core}")
    # Children inherit it, before any library counts the cores.
    os.sched_setaffinity(0, {core})
    if not arguments.json:
        print(f"{'setting':8} {'program':20} {'tokens/s':>12}   ratio, or variant")
    for name in arguments.settings:
        with tempfile.TemporaryDirectory() as folder:
            for row in compare(arguments, SETTINGS[name], folder):
                print(json.dumps(row) if arguments.json else show(row), flush=True)


if __name__ == "__main__":
    try:
        main()
    except Problem as problem:
        print(f"peers.py: {problem}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)
