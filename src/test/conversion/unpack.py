# SPDX-License-Identifier: Apache-2.0
"""Unpacks weights by methods that llama.cpp's converter lacks, in plain numpy: what is recorded for such a case is what the converter
makes of the result. Formulas: AutoAWQ (GEMM), AutoGPTQ (three bits), bitsandbytes (four bits, and rows of eight), compressed-tensors
with an order of columns."""

import json

import numpy as np

PARTS = (".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map")


def needed(config):
    quantization = config.get("quantization_config", {})
    method = quantization.get("quant_method")
    return method in ("awq", "bitsandbytes") or method == "gptq" and quantization["bits"] == 3


def unpack(directory):
    """Rewrites a model: what stays in its place and what goes to the end, in two files."""
    import safetensors.torch
    import torch

    file = directory / "model.safetensors"
    tensors = safetensors.torch.load_file(file)
    path = directory / "config.json"
    config = json.loads(path.read_text())
    quantization = config.pop("quantization_config")
    path.write_text(json.dumps(config))
    made = {}

    def take(name):
        return tensors.pop(name).numpy() if name in tensors else None

    for name in sorted(tensors):
        if name.endswith(".qweight"):
            module = name.removesuffix(".qweight")
            codes, zeros, scales = (take(module + end) for end in (".qweight", ".qzeros", ".scales"))
            groups = take(module + ".g_idx")
            matrix = awq(codes, zeros, scales) if quantization["quant_method"] == "awq" else gptq(codes, zeros, scales, groups)
            made[module + ".weight"] = torch.from_numpy(matrix.T.copy())
        elif ".quant_state." in name:
            weight = name[:name.index(".quant_state.")]
            state = json.loads(take(name).tobytes())
            tensors[weight] = torch.from_numpy(four_bits(take(weight), [take(weight + end) for end in PARTS], state))
        elif name.endswith(".SCB"):
            weight = name.removesuffix("SCB") + "weight"
            take(weight + "_format")
            rows = tensors[weight].numpy().astype(np.float32) * take(name)[:, None]
            tensors[weight] = torch.from_numpy(rows * np.float32(7.874015718698502e-3))
    if not made:
        safetensors.torch.save_file(tensors, file)
        return
    file.unlink()
    for number, part in enumerate((tensors, made)):
        safetensors.torch.save_file(part, directory / f"model-0000{number + 1}-of-00002.safetensors")


def awq(codes, zeros, scales):
    def columns(words):
        nibbles = np.stack([words.view(np.uint32) >> np.uint32(4 * at) & np.uint32(15) for at in range(8)], axis=-1)
        ordered = np.empty_like(nibbles)
        for at, column in enumerate((0, 2, 4, 6, 1, 3, 5, 7)):
            ordered[..., column] = nibbles[..., at]
        return ordered.reshape(words.shape[0], -1).astype(np.int32)

    size = codes.shape[0] // scales.shape[0]
    zeros, scales = (np.repeat(part, size, axis=0) for part in (columns(zeros), scales))
    return (columns(codes) - zeros).astype(np.float32) * scales.astype(np.float32)


def gptq(codes, zeros, scales, groups):
    def threes(words):
        """Along the last dimension: the bits of the words one behind the other, the lowest first, three by three."""
        bits = np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=-1, bitorder="little")
        return bits.reshape(words.shape[0], -1, 3).astype(np.int32) @ np.array([1, 2, 4], dtype=np.int32)

    matrix = threes(codes.T).T
    if groups is None:
        groups = np.arange(matrix.shape[0]) // (matrix.shape[0] // scales.shape[0])
    return (matrix - (threes(zeros)[groups] + 1)).astype(np.float32) * scales.astype(np.float32)[groups]


def four_bits(codes, parts, state):
    absmax, table, nested, steps = parts
    size = int(np.prod(state["shape"]))
    pairs = codes.reshape(-1)
    indices = np.stack([pairs >> 4, pairs & 15], axis=-1).reshape(-1)[:size]
    if nested is not None:
        absmax = steps[absmax] * np.repeat(nested, state["nested_blocksize"])[:absmax.size] + np.float32(state["nested_offset"])
    return (table[indices] * np.repeat(absmax, state["blocksize"])[:size]).astype(np.float32).reshape(state["shape"])
