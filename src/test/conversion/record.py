# SPDX-License-Identifier: Apache-2.0
"""Records what llama.cpp's own converter makes of the tiny models in src/test/resources/conversion.

    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install transformers==4.57.6 'numpy~=2.2.6' 'protobuf<5' sentencepiece==0.2.0 safetensors torch
    /tmp/venv/bin/python src/test/conversion/record.py describe CASE... [--shards N]   # config.json -> tensors.txt
    /tmp/venv/bin/python src/test/conversion/record.py expect [CASE...]                # -> expected.txt
    /tmp/venv/bin/python src/test/conversion/record.py projector CASE...               # -> projector.txt

A case is a folder with config.json and, below files/, what lies beside it only in this case; cases.txt names its tokeniser, and
the pre-tokeniser that the converter would find for a vocabulary that it knows. `describe` asks transformers for the tensors of a
model with this configuration; a case that transformers does not know has a tensors.txt by hand. The weights are written by
TinySafetensors, which the tests use as well. LLAMA_CPP names the folder of llama.cpp's source (the one of the bundled libraries).
"""

import argparse
import hashlib
import json
import logging
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE.parent / "resources" / "conversion"
WRITER = HERE.parent / "java" / "dev" / "puna" / "conversion" / "TinySafetensors.java"
DTYPES = {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}
SCALARS = {0: ("uint8", "<B"), 1: ("int8", "<b"), 2: ("uint16", "<H"), 3: ("int16", "<h"), 4: ("uint32", "<I"),
           5: ("int32", "<i"), 6: ("float32", "<f"), 7: ("bool", "<?"), 10: ("uint64", "<Q"), 11: ("int64", "<q"),
           12: ("float64", "<d")}
TENSORS = {0: ("F32", 1, 4), 1: ("F16", 1, 2), 8: ("Q8_0", 32, 34), 24: ("I8", 1, 1), 26: ("I32", 1, 4),
           27: ("I64", 1, 8), 30: ("BF16", 1, 2), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36)}


def rows():
    """Case -> (tokeniser, pre-tokeniser)."""
    lines = [line.split() for line in (CASES / "cases.txt").read_text().splitlines()]
    return {line[0]: line[1:] for line in lines if line and line[0] != "#"}


# --- describe -------------------------------------------------------------------------------------------------------


def describe(case, shards):
    import torch
    import transformers

    folder = CASES / case
    raw = json.loads((folder / "config.json").read_text())
    config = transformers.AutoConfig.from_pretrained(folder)
    with torch.device("meta"):
        model = getattr(transformers, raw["architectures"][0])._from_config(config)
    seen, tensors = set(), []
    dtype = DTYPES[raw.get("torch_dtype") or raw.get("dtype")]
    for name, tensor in model.state_dict(keep_vars=True).items():
        if id(tensor) not in seen:
            seen.add(id(tensor))
            tensors.append((name, dtype if tensor.is_floating_point() else "I64", tuple(tensor.shape)))
    tensors.sort()
    lines = []
    for number in range(shards):
        if shards > 1:
            lines.append(f"model-{number + 1:05d}-of-{shards:05d}.safetensors")
        part = tensors[number * len(tensors) // shards:(number + 1) * len(tensors) // shards]
        lines += [" ".join([name, kind, *map(str, shape)]) for name, kind, shape in part]
    (folder / "tensors.txt").write_text("\n".join(lines) + "\n")


# --- expect ---------------------------------------------------------------------------------------------------------


def expect(case, pre, source):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        subprocess.run([os.environ.get("JAVA", "java"), str(WRITER), str(CASES), str(scratch), case], check=True)
        out = scratch / "out.gguf"
        convert(source, scratch / case, out, pre)
        (CASES / case / "expected.txt").write_text("\n".join(dump(out)) + "\n")
        if keep := os.environ.get("KEEP"):
            out.rename(pathlib.Path(keep) / (case + ".gguf"))


def projector(case, pre, source):
    """As expect, of the file for pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        subprocess.run([os.environ.get("JAVA", "java"), str(WRITER), str(CASES), str(scratch), case], check=True)
        out = scratch / "out.gguf"
        convert(source, scratch / case, out, pre, "--mmproj")
        (CASES / case / "projector.txt").write_text("\n".join(dump(next(scratch.glob("*.gguf")))) + "\n")


def convert(source, directory, out, pre, *more):
    """Runs the converter in this process. It tells pre-tokenisers apart by the ids that a text gets, which depend on the whole
    vocabulary, so that it knows those of published models alone: what it would find is said here."""
    if source not in sys.path:
        sys.path.insert(0, source)
    import conversion.base

    conversion.base.ModelBase.get_vocab_base_pre = lambda self, tokenizer: pre
    conversion.base.TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
    import convert_hf_to_gguf

    exact_exponentials()
    before = sys.argv
    sys.argv = ["convert_hf_to_gguf.py", str(directory), "--outfile", str(out), *more]
    try:
        convert_hf_to_gguf.main()
    finally:
        sys.argv = before


def exact_exponentials():
    """PyTorch's exp of 32 bits is a library's, and its last bit depends on the processor (of A of Mamba, one in a hundred differs
    from the nearest number): what is recorded are the nearest ones."""
    import torch
    if not hasattr(torch, "exp_of_the_processor"):
        torch.exp_of_the_processor = torch.exp
        torch.exp = lambda tensor: torch.exp_of_the_processor(tensor.double()).to(tensor.dtype)


def dump(file):
    """A GGUF as lines: keys and tensors in their order, long values as hashes of their bytes."""
    data = file.read_bytes()
    at = 0

    def take(form):
        nonlocal at
        value, = struct.unpack_from(form, data, at)
        at += struct.calcsize(form)
        return value

    def text():
        nonlocal at
        size = take("<Q")
        at += size
        return data[at - size:at]

    def value(kind):
        nonlocal at
        if kind == 8:
            return "string " + shown(text())
        if kind != 9:
            return scalar(kind)
        element, count = take("<I"), take("<Q")
        start = at
        if element == 8:
            for _ in range(count):
                text()
            return f"string[{count}] sha256:{sha(data[start:at])}"
        words = [scalar(element).split()[1] for _ in range(count)]
        known = " ".join(words) if count <= 16 else "sha256:" + sha(data[start:at])
        return f"{SCALARS[element][0]}[{count}] {known}"

    def scalar(kind):
        name, form = SCALARS[kind]
        number = take(form)
        if name.startswith("float"):
            return f"{name} 0x{struct.pack(form, number)[::-1].hex()}"
        return f"{name} {str(number).lower() if name == 'bool' else number}"

    assert take("<I") == 0x46554747 and take("<I") == 3
    tensors, keys = take("<Q"), take("<Q")
    alignment, infos = 32, []
    for _ in range(keys):
        name = text().decode()
        line = value(take("<I"))
        if name == "general.alignment":
            alignment = int(line.split()[1])
        yield f"key {name} {line}"
    for _ in range(tensors):
        name = text().decode()
        shape = [take("<Q") for _ in range(take("<I"))]
        infos.append((name, shape, take("<I"), take("<Q")))
    at += -at % alignment
    for name, shape, kind, offset in infos:
        word, block, width = TENSORS[kind]
        size = width
        for number in shape:
            size *= number
        size //= block
        content = data[at + offset:at + offset + size]
        yield f"tensor {name} {word} {'x'.join(map(str, shape))} sha256:{sha(content)}"
    yield f"file {len(data)} sha256:{sha(data)}"


def shown(content):
    if len(content) <= 100 and all(0x20 <= byte < 0x7f for byte in content):
        return content.decode()
    return f"sha256:{sha(content)}"


def sha(content):
    return hashlib.sha256(content).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["describe", "expect", "projector"])
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--shards", type=int, default=1)
    arguments = parser.parse_args()
    import torch
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL if "VERBOSE" not in os.environ else logging.NOTSET)
    failed = []
    table = rows()
    for case in arguments.cases or sorted(table):
        try:
            if arguments.what == "describe":
                describe(case, arguments.shards)
            else:
                record = projector if arguments.what == "projector" else expect
                record(case, table[case][1], os.environ["LLAMA_CPP"])
        except (Exception, SystemExit) as problem:
            failed.append(case)
            print(f"{case}: {type(problem).__name__}: {problem}", file=sys.stderr)
            if "VERBOSE" in os.environ:
                raise
    sys.exit(f"failed: {' '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
