# SPDX-License-Identifier: Apache-2.0
"""Records what llama.cpp's converter makes of tokenisers with something unusual:

    LLAMA_CPP=... /tmp/venv/bin/python src/test/conversion/vocabularies.py > src/test/resources/conversion/vocabularies.json

A case is a folder of the tiny tokenisers with other files in it, and the lines that EntryLines makes of the metadata. Interpreter and
LLAMA_CPP are those of record.py.
"""

import copy
import hashlib
import json
import logging
import os
import pathlib
import shutil
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path[:0] = [os.environ["LLAMA_CPP"], os.environ["LLAMA_CPP"] + "/gguf-py"]
import gguf  # noqa: E402
import transformers  # noqa: E402
from conversion import get_model_class  # noqa: E402

logging.disable(logging.CRITICAL)
TOKENIZERS = pathlib.Path(__file__).resolve().parent.parent / "resources" / "conversion" / "tokenizers"
CLASSES = {"GPT2": "GptOssForCausalLM", "LLAMA": "LlamaForCausalLM", "GEMMA": "GemmaForCausalLM", "GEMMA4": "Gemma4ForConditionalGeneration",
           "UNIGRAM": "XLMRobertaModel", "WORD_PIECE": "BertModel", "PHI3": "Phi3ForCausalLM", "SENTENCE_PIECE": "Gemma2ForCausalLM"}
cases = []


def case(name, kind, base, pre, config, **files):
    """Files by their names, where two underscores are a dot and three a slash; None removes one."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        files = {key.replace("___", "/").replace("__", "."): value for key, value in files.items()}
        shutil.copytree(TOKENIZERS / base, folder, dirs_exist_ok=True)
        files["config.json"] = {"architectures": [CLASSES[kind]]} | config
        texts = {key: value if value is None or isinstance(value, str) else json.dumps(value) for key, value in files.items()}
        for key, value in texts.items():
            (folder / key).parent.mkdir(exist_ok=True)
            (folder / key).write_text(value) if value is not None else (folder / key).unlink()
        converter = get_model_class(CLASSES[kind])
        model = converter.__new__(converter)
        model.dir_model, model.hparams, model.is_mistral_format, model.origin_hf_arch = folder, files["config.json"], False, None
        model.gguf_writer = gguf.GGUFWriter(None, "test")
        converter.get_vocab_base_pre = lambda self, tokenizer: pre
        model.set_vocab()
        lines = []
        for key, value in model.gguf_writer.kv_data[0].items():
            content = model.gguf_writer._pack_val(value.value, value.type, add_vtype=True, sub_type=value.sub_type)
            if key.startswith("tokenizer."):
                lines.append(f"{key} {len(content)} {hashlib.sha256(content).hexdigest()[:16]}")
        cases.append({"name": name, "kind": kind, "base": base, "size": config.get("vocab_size", -1), "files": texts, "expected": lines})


def read(base, file):
    return json.loads((TOKENIZERS / base / file).read_text())


def changed(value, **changes):
    return copy.deepcopy(value) | changes


def template(single, pair, tokens):
    def part(word):
        return {"Sequence": {"id": word, "type_id": 0}} if word in "AB" else {"SpecialToken": {"id": word, "type_id": 0}}
    return {"type": "TemplateProcessing", "single": [part(word) for word in single], "pair": [part(word) for word in pair],
            "special_tokens": {text: {"id": text, "ids": [id], "tokens": [text]} for text, id in tokens.items()}}


def added(content, id, **flags):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False, **flags}


gpt2, gpt2_config = read("gpt2", "tokenizer.json"), read("gpt2", "tokenizer_config.json")
llama3, llama3_config = read("llama3", "tokenizer.json"), read("llama3", "tokenizer_config.json")
spm_config = read("spm", "tokenizer_config.json")
end = gpt2["added_tokens"][0]["id"]
first, last = "<|begin_of_text|>", "<|eot_id|>"
ids = {token["content"]: token["id"] for token in llama3["added_tokens"]}
SIZE = {"vocab_size": 330}

case("padded", "GPT2", "gpt2", "gpt-2", SIZE)
case("size of the vocabulary", "GPT2", "gpt2", "gpt-2", {})
case("template of a file", "GPT2", "gpt2", "gpt-2", SIZE, chat_template__jinja="a\r\nb {{x}}")
case("templates of a folder", "GPT2", "gpt2", "gpt-2", SIZE, chat_template__jinja="a", additional_chat_templates___tool_use__jinja="b")
case("template of a JSON file", "GPT2", "gpt2", "gpt-2", SIZE, chat_template__json={"chat_template": "json"})
case("configured template first", "GPT2", "gpt2", "gpt-2", SIZE, chat_template__jinja="a", tokenizer_config__json=changed(gpt2_config, chat_template="c"))
case("no template", "GPT2", "gpt2", "gpt-2", SIZE, chat_template__jinja="a", tokenizer_config__json=changed(gpt2_config, chat_template=None))
case("several templates", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer_config__json=changed(gpt2_config, chat_template=[{"name": "default", "template": "d"}, {"name": "tool use é", "template": "t"}]))
case("no default template", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer_config__json=changed(gpt2_config, chat_template=[{"name": "rag", "template": "t"}]))
case("no tokenizer_config", "GPT2", "gpt2", "gpt-2", SIZE | {"model_type": "gpt2"}, tokenizer_config__json=None)
case("ids of the model", "GPT2", "gpt2", "gpt-2", SIZE | {"text_config": {"pad_token_id": 7, "bos_token_id": 8}, "bos_token_id": 5, "eos_token_id": [1, 2], "sep_token_id": 9}, tokenizer_config__json=changed(gpt2_config, bos_token=None, eos_token=None))
case("ends", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer__json=changed(llama3, post_processor=template([first, "A", last], [first, "A", last, "B", last], ids)))
case("another end", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer__json=changed(llama3, post_processor=template([first, "A", "<|end_of_text|>"], [first, "A", "B", "<|end_of_text|>"], ids)))
case("two other ends", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer__json=changed(llama3, post_processor={"type": "Sequence", "processors": [template(["A", "<|end_of_text|>"], ["A", "B"], ids), template(["A", "<|eom_id|>"], ["A", "B"], ids)]}))
case("separated", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer__json=changed(llama3, post_processor=template([first, "A"], [first, "A", last, last, "B"], ids)))
case("an unknown begin", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer__json=changed(llama3, post_processor=template(["<|eom_id|>", "A"], ["A", "B"], ids)))
case("no bos, no cls", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer__json=changed(llama3, post_processor=template([first, "A"], ["A", "B"], ids)), tokenizer_config__json={k: v for k, v in llama3_config.items() if k != "bos_token"})
case("ends without configuration", "GPT2", "llama3", "llama-bpe", SIZE | {"model_type": "gpt_oss"}, tokenizer__json=changed(llama3, post_processor=template([first, "A", last], [first, "A", last, "B"], ids)), tokenizer_config__json=None)
case("adds as configured", "GPT2", "llama3", "llama-bpe", SIZE, tokenizer_config__json=changed(llama3_config, add_bos_token=False, add_eos_token=True, add_sep_token=True, add_pad_token=True))
case("normaliser", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer__json=changed(gpt2, normalizer={"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}]}))
tokens = gpt2["added_tokens"] + [added("Ġletters", end + 1), added("▁a▁b", end + 2, normalized=True), added("<|looks|>", end + 3), added("plain", end + 4), added("<unused7>", end + 5), added("<｜deep｜>", end + 6), added(" , space", end + 7), added("the", 9999, special=True)]
case("added tokens", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer__json=changed(gpt2, added_tokens=tokens))
case("added tokens, cleaned up", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer__json=changed(gpt2, added_tokens=tokens), tokenizer_config__json=changed(gpt2_config, clean_up_tokenization_spaces=True))
case("configured tokens", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer_config__json=changed(gpt2_config, pad_token="<pad!>", additional_special_tokens=["<more>", {"__type": "AddedToken", "content": "<and>", "lstrip": True, "normalized": True, "rstrip": False, "single_word": False}], added_tokens_decoder={str(end): {"content": "<|endoftext|>", "special": False, "normalized": True, "lstrip": False, "rstrip": False, "single_word": False}, str(end + 1): {"content": "<new>", "special": True, "normalized": False, "lstrip": False, "rstrip": False, "single_word": False}}))
case("special_tokens_map", "GPT2", "gpt2", "gpt-2", SIZE, tokenizer_config__json={k: v for k, v in gpt2_config.items() if k != "added_tokens_decoder"}, special_tokens_map__json={"mask_token": "<mask>", "pad_token": {"content": "<pad>", "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}})
pairs = changed(gpt2)
pairs["model"]["vocab"]["a b"] = len(pairs["model"]["vocab"]) + 20
pairs["model"]["vocab"][" b"] = len(pairs["model"]["vocab"]) + 20
pairs["model"]["merges"] = [merge.split(" ") if isinstance(merge, str) else merge for merge in pairs["model"]["merges"]]
pairs["model"]["vocab"][" "] = len(pairs["model"]["vocab"]) + 20
pairs["model"]["merges"] += [[" ", "b"], ["a", " b"]]
case("merges with spaces", "GPT2", "gpt2", "gpt-2", {"vocab_size": 400}, tokenizer__json=pairs, tokenizer_config__json=changed(gpt2_config))
case("pieces", "LLAMA", "spm", "default", {"vocab_size": 420})
case("fewer pieces", "LLAMA", "spm", "default", {"vocab_size": 390})
case("pieces, prefix", "LLAMA", "spm", "default", {"vocab_size": 420}, tokenizer_config__json=changed(spm_config, add_prefix_space=False, added_tokens_decoder={"5": added("▁x", 5), "6": added("<|s|>", 6), "1": added("<s>", 1, special=True), "7000": added("out", 7000)}), added_tokens__json={"<add>": 410, "out of range": 5000})
case("code", "LLAMA", "spm", "default", {"vocab_size": 32016})
case("granite", "LLAMA", "gpt2", "gpt-2", {"vocab_size": 49152})
case("gemma", "GEMMA", "gemma", "default", {"vocab_size": 420})
case("phi", "PHI3", "phi3", "default", {"vocab_size": 420})
case("phi with tokenizer.json", "PHI3", "phi3", "default", {"vocab_size": 420}, tokenizer__json={"added_tokens": [added("<|end|>", 403, special=True), added("<|more|>", 404)], "model": {"type": "BPE", "vocab": {}, "merges": []}})
case("unigram", "UNIGRAM", "unigram", "default", {"vocab_size": 310, "type_vocab_size": 1})
unigram = read("unigram", "tokenizer.json")
unigram["normalizer"] = next((part for part in unigram["normalizer"].get("normalizers", []) if part["type"] == "Precompiled"), unigram["normalizer"])
case("unigram of JSON", "UNIGRAM", "unigram", "default", {"vocab_size": 310, "type_vocab_size": 1}, sentencepiece__bpe__model=None, tokenizer__json=unigram)
pieces = read("wordpiece", "tokenizer.json")
case("word pieces", "WORD_PIECE", "wordpiece", "jina-v2-en", {"vocab_size": 330}, tokenizer__json=changed(pieces, normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": False, "lowercase": False}))
with tempfile.TemporaryDirectory() as scratch:
    transformers.LlamaTokenizerFast(str(TOKENIZERS / "spm" / "tokenizer.model")).save_pretrained(scratch)
    fast = json.loads((pathlib.Path(scratch) / "tokenizer.json").read_text())
fast["added_tokens"] += [added("<|tool_call>", len(fast["model"]["vocab"])), added("<end>", len(fast["model"]["vocab"]) + 1, special=True)]
case("pieces of JSON", "LLAMA", "spm", "default", {"vocab_size": 420}, tokenizer__json=fast, tokenizer__model=None, tokenizer_config__json=changed(spm_config, eos_token="<end>"))
case("gemma 4", "GEMMA4", "spm", "default", {"vocab_size": 420}, tokenizer__json=fast, tokenizer__model=None)
json.dump(cases, sys.stdout, indent=1)
