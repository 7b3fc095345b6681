#!/usr/bin/env python3
"""Writes the tables of src/main/resources/conversion: names of tensors, and what transformers fills in where a config is silent.

Run it when llama.cpp is bumped or an architecture is added:
    tables.py <llama.cpp source folder> <src/main/resources/conversion>
in an environment with transformers at the version that llama.cpp's converter asks for.
"""
import inspect
import json
import re
import sys
from pathlib import Path

source, out = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(source / "gguf-py"))
from gguf.constants import MODEL_ARCH, MODEL_ARCH_NAMES, MODEL_TENSORS, TENSOR_NAMES  # noqa: E402
from gguf.tensor_mapping import TensorNameMap  # noqa: E402

ARCHITECTURES = """LLAMA LLAMA4 MISTRAL3 ARCEE LLAMA_EMBED SMOLLM3 QWEN2 QWEN2MOE QWEN3 QWEN3MOE QWEN2VL QWEN3VL QWEN3VLMOE
GEMMA GEMMA2 GEMMA3 GEMMA_EMBEDDING PHI2 PHI3 PHIMOE GRANITE GRANITE_MOE OLMO OLMO2 OLMOE STARCODER STARCODER2 GPT2
GPTNEOX FALCON COMMAND_R COHERE2 GLM4 GLM4_MOE GPT_OSS DEEPSEEK DEEPSEEK2 MAMBA MAMBA2 LFM2 LFM2MOE STABLELM NEMOTRON
SEED_OSS EXAONE EXAONE4 ERNIE4_5 INTERNLM2 BAICHUAN HUNYUAN_DENSE BERT NOMIC_BERT NOMIC_BERT_MOE NEO_BERT MODERN_BERT
JINA_BERT_V2 JINA_BERT_V3 CHATGLM GRANITE_HYBRID QWEN3NEXT QWEN35 QWEN35MOE GEMMA4 ERNIE4_5_MOE EUROBERT MMPROJ""".split()

TYPES = """llama mistral mixtral llama4 llama4_text qwen2 qwen2_moe qwen3 qwen3_moe qwen2_vl qwen2_vl_text qwen2_5_vl
qwen2_5_vl_text qwen3_vl_text qwen3_vl_moe_text gemma gemma2 gemma3_text phi phi3 phimoe granite granitemoe granitemoeshared
olmo olmo2 olmo3 olmoe starcoder2 gpt_bigcode gpt2 gpt_neox falcon cohere cohere2 glm glm4 glm4_moe gpt_oss deepseek_v2
deepseek_v3 mamba mamba2 falcon_mamba lfm2 lfm2_moe granitemoehybrid bamba qwen3_next stablelm nemotron seed_oss exaone4 ernie4_5
ernie4_5_moe hunyuan_v1_dense smollm3 arcee bert roberta camembert xlm-roberta distilbert modernbert siglip_vision_model pixtral
idefics3_vision smolvlm_vision""".split()

# What transformers computes where a config gives nothing or null: @ and another key, or two to be divided.
HEADS = ("@num_attention_heads", lambda c: c.get("num_attention_heads"))
RULES = {
    "num_key_value_heads": [HEADS],
    "num_kv_heads": [HEADS],
    "head_dim": [
        ("@qk_rope_head_dim", lambda c: c.get("qk_rope_head_dim")),
        ("@hidden_size/num_attention_heads", lambda c: c["hidden_size"] // c.get("num_attention_heads", 1)),
    ],
}


def short(name):
    return name.replace("{bid}", "#")


def wanted_of(arch):
    """The tensors of an architecture; of projectors those for pictures."""
    tensors = [tensor for tensor in MODEL_TENSORS[arch] if tensor in TENSOR_NAMES]
    if arch != MODEL_ARCH.MMPROJ:
        return tensors
    seen = re.compile(r"v\.(blk\.#\.(attn_[a-z]+|ln[12]|ffn_(up|gate|down))$|patch_|position_|pre_|post_)|mm\.(input_|soft_emb|model\.fc|#|patch|post|pre)")
    return [tensor for tensor in tensors if seen.match(short(TENSOR_NAMES[tensor]))]


def names():
    wanted = [getattr(MODEL_ARCH, name) for name in ARCHITECTURES if hasattr(MODEL_ARCH, name)]
    for name in ARCHITECTURES:
        if not hasattr(MODEL_ARCH, name):
            print("no architecture", name)
    used = {tensor for arch in wanted for tensor in wanted_of(arch)}
    lines = [
        "# Names of tensors in GGUF, and what models call them; # is the number of a block. Where two entries have one name in GGUF,",
        "# an apostrophe tells them apart. After @ the architectures, with the entries that they have. Written by tables.py.",
    ]
    ids = {}
    for table in (TensorNameMap.mappings_cfg, TensorNameMap.block_mappings_cfg):
        for tensor, keys in table.items():
            if tensor not in used:
                continue
            if tensor not in ids:
                name = short(TENSOR_NAMES[tensor])
                while name in ids.values():
                    name += "'"
                ids[tensor] = name
            lines.append(" ".join([ids[tensor]] + list(dict.fromkeys(short(key) for key in keys))))
    for tensor in used:
        ids.setdefault(tensor, short(TENSOR_NAMES[tensor]))
    for arch in wanted:
        tensors = dict.fromkeys(ids[tensor] for tensor in wanted_of(arch) if tensor in ids)
        lines.append("@" + MODEL_ARCH_NAMES[arch] + " " + " ".join(tensors))
    (out / "tensor-names.txt").write_text("\n".join(lines) + "\n")


def defaults():
    from transformers import AutoConfig, PretrainedConfig
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    read = {"mamba_n_heads"}
    for file in (source / "conversion").glob("*.py"):
        read |= set(re.findall(r"""["']([A-Za-z_0-9]+)["']""", file.read_text()))
    common = PretrainedConfig().to_dict()
    lines = []
    silent = re.compile(r".*_config|hidden_act(ivation)?|activation(_function)?|(bos|eos|pad)_token_id|initializer_range")
    for name in TYPES:
        if name not in CONFIG_MAPPING:
            print("no config", name)
            continue
        config = CONFIG_MAPPING[name]().to_dict()
        for key, rule in RULES.items():
            parameter = inspect.signature(CONFIG_MAPPING[name].__init__).parameters.get(key)
            if config.get(key) is not None and (parameter is None or parameter.default is None):
                fits = [one for one in rule if one[1](config) == config[key]]
                if fits:
                    config[key] = fits[0][0]
                else:
                    print("unknown rule for", name, key)
        kept = {
            key: value
            for key, value in config.items()
            if key in read and not silent.fullmatch(key) and key not in ("model_type", "architectures", "torch_dtype", "dtype", "transformers_version")
            and (key not in common or common[key] != value)
            and not (isinstance(value, list) and len(value) > 8)
        }
        lines.append(json.dumps(name) + ":" + json.dumps(kept, separators=(",", ":")))
    (out / "config-defaults.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


names()
defaults()
