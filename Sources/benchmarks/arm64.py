#!/usr/bin/env python3
"""Runs the kernels as an arm64 processor would and compares their bits with this processor's.

The portable build of the kernels is compiled twice, for this processor and, by way of the compiler's
intermediate code, for AArch64 with NEON; an emulator runs the latter. Both run the same kernels over
the same pseudo-random numbers at the same shapes (`Tests/KernelsTests/KernelHashes.swift`, by which
the tests compare the other builds), and every result must have the same bits.

    python3 Sources/benchmarks/arm64.py

Prints one line for each kernel. Ends with status 1 if a result differs, with 2 if something is
missing. Needs Debian's gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALL = "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"

FLAGS = ["-wmo", "-Ounchecked", "-enforce-exclusivity=unchecked", "-package-name", "kernels",
         "-enable-experimental-feature", "BuiltinModule", "-Xcc", "-fno-math-errno",
         "-D", "KERNELS_PORTABLE"]

ARM64 = "--target=aarch64-unknown-linux-gnu"

# What the program calls by name.
EXPORTS = """
@_silgen_name("report")
private func report(
  _ kernel: UnsafePointer<UInt8>, _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ hash: UInt64)

@_cdecl("floatCount") public func floatCount() -> Int { KernelHashes<Implementation>.floatCount }
@_cdecl("roomBytes") public func roomBytes() -> Int {
  KernelHashes<Implementation>.resultLimit * MemoryLayout<KernelHash>.stride
}

@_cdecl("run") public func run(
  _ memory: UnsafeMutablePointer<Float>, _ room: UnsafeMutableRawPointer
) {
  let results = room.bindMemory(to: KernelHash.self, capacity: KernelHashes<Implementation>.resultLimit)
  var hashes = KernelHashes<Implementation>(memory: memory, results: results)
  hashes.run()
  for i in 0..<hashes.count {
    let (a, b, c, d) = results[i].shape
    report(results[i].kernel.utf8Start, a, b, c, d, results[i].value)
  }
}
"""

MAIN = """
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
long floatCount(void);
long roomBytes(void);
void run(float *memory, void *room);
void report(const char *kernel, long a, long b, long c, long d, uint64_t hash) {
  printf("%s %ldx%ldx%ldx%ld %016" PRIx64 "\\n", kernel, a, b, c, d, hash);
}
int main(void) {
  run(aligned_alloc(4096, floatCount() * sizeof(float)), malloc(roomBytes()));
}
"""


class Problem(Exception):
    """Something that the user can mend; its text says how."""


def tool(name, advice):
    """The path of a program, or how to get it."""
    path = shutil.which(name)
    if path is None:
        raise Problem(f"{name} was not found; {advice}")
    return path


def run(*command):
    """The output of a program that must succeed."""
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode != 0:
        output = (result.stderr or result.stdout).strip() or f"status {result.returncode}"
        raise Problem(f"{pathlib.Path(str(command[0])).name} failed:\n{output}")
    return result.stdout


def intermediate_code(swiftc, folder):
    """Compiles the kernels' interface and the portable kernels with their hashes."""
    exports = folder / "Exports.swift"
    exports.write_text(EXPORTS)
    interface = sorted((ROOT / "Sources/KernelInterface").glob("*.swift"))
    kernels = sorted((ROOT / "Sources/KernelsPortable").glob("*.swift"))
    run(swiftc, *FLAGS, "-module-name", "KernelInterface", "-emit-module", "-emit-module-path",
        folder / "KernelInterface.swiftmodule", *interface)
    run(swiftc, *FLAGS, "-module-name", "KernelInterface", "-emit-ir", "-o", folder / "interface.ll",
        *interface)
    run(swiftc, *FLAGS, "-module-name", "Kernels", "-I", folder, "-emit-ir", "-o",
        folder / "kernels.ll", *kernels, ROOT / "Tests/KernelsTests/KernelHashes.swift", exports)
    return [folder / "interface.ll", folder / "kernels.ll"]


def for_arm64(clang, code):
    """The same intermediate code, meant for AArch64: with the target of an empty program for it."""
    empty = run(clang, ARM64, "-S", "-emit-llvm", "-x", "c", "/dev/null", "-o", "-")
    text = code.read_text()
    for line in re.findall("^target (?:datalayout|triple) = .*$", empty, flags=re.M):
        start = line[:line.index("=")]
        text = re.sub(f"^{start}= .*$", line, text, flags=re.M)
    text = re.sub(r'"(target-cpu|target-features|tune-cpu)"="[^"]*"', "", text)
    path = code.with_suffix(".arm64.ll")
    path.write_text(text)
    return path


def build(clang, linker, options, codes, folder, name):
    """A program from intermediate code and the C around it.

    The kernels call nothing of Swift's runtime; what the compiler refers to and never uses is left
    open, and would stop the program if it were used.
    """
    objects = []
    for code in codes:
        objects.append(code.with_suffix(".o"))
        run(clang, *options, "-O2", "-ffp-contract=off", "-Wno-override-module", "-c", code, "-o",
            objects[-1])
    main = folder / "main.c"
    main.write_text(MAIN)
    program = folder / name
    run(linker, "-O2", "-static", main, *objects, "-o", program, "-lm",
        "-Wl,--unresolved-symbols=ignore-all")
    return program


def results(output):
    """The printed hashes: {(kernel, shape, how many of them came before): hash}."""
    found, seen = {}, {}
    for line in output.splitlines():
        kernel, shape, value = line.split()
        shape = re.sub("(x0)+$", "", shape)
        number = seen[kernel, shape] = seen.get((kernel, shape), -1) + 1
        found[kernel, shape, number] = value
    return found


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    swiftc = tool("swiftc", "install Swift 6.2 or later")
    # Another clang may not read this compiler's intermediate code.
    clang = pathlib.Path(swiftc).resolve().parent / "clang"
    if not clang.exists():
        raise Problem(f"{clang} was not found; it comes with Swift")
    gcc = tool("gcc", "run: apt-get install gcc libc6-dev")
    cross = tool("aarch64-linux-gnu-gcc", f"run: {INSTALL}")
    emulator = tool("qemu-aarch64", f"run: {INSTALL}")

    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        codes = intermediate_code(swiftc, folder)
        here = results(run(build(clang, gcc, [], codes, folder, "here")))
        codes = [for_arm64(clang, code) for code in codes]
        there = results(run(emulator, build(clang, cross, [ARM64], codes, folder, "there")))

    if not here or here.keys() != there.keys():
        raise Problem(f"{len(here)} results here and {len(there)} on arm64; they must be the same ones")
    different = 0
    print(f"{'kernel':20} {'results':>7}  bits")
    for kernel in dict.fromkeys(key[0] for key in here):
        keys = [key for key in here if key[0] == kernel]
        wrong = [key for key in keys if here[key] != there[key]]
        different += len(wrong)
        verdict = f"DIFFERENT for {', '.join(sorted({key[1] for key in wrong}))}" if wrong else "same"
        print(f"{kernel:20} {len(keys):7}  {verdict}")
    if different:
        print(f"{different} of {len(here)} results have other bits on arm64", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        print(f"arm64.py: {problem}", file=sys.stderr)
        sys.exit(2)
