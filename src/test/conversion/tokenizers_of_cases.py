# SPDX-License-Identifier: Apache-2.0
"""Makes the tiny tokenisers that the cases of src/test/resources/conversion share; run with the interpreter that
record.py describes. Its results are committed: run it only to add one, and record the cases anew then."""

import json
import pathlib
import sys

import sentencepiece
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = pathlib.Path(__file__).parent.parent / "resources" / "conversion" / "tokenizers"

TEXT = [
    "the quick brown fox jumps over the lazy dog while the other animals watch it from their places",
    "there is no reason to think that these things would not happen again in another year or two",
    "She said: 'I've seen it, and you'll see it too!' (In 1999, or was it 2024?)",
    "def answer(question):\n    return question.strip().lower() + '?'\n",
    "Die Straße führt über den Fluss, während naïve Gäste Kaffee trinken.",
    "Привет, мир! Это простой текст для маленькой модели.",
    "你好，世界。这是一个很小的模型。 こんにちは世界",
    "numbers 1 12 123 1234 12345 and spaces   in    between\t\ttabs\n\n\nlines",
]

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")


def added(content, special=True):
    return AddedToken(content, special=special, normalized=False)


def byte_level(name, pattern, specials, size, config, normalizer=None, extra=None, legacy=False, first=()):
    """A byte-level BPE; the pattern None is ByteLevel's own."""
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    if pattern is None:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  show_progress=False, special_tokens=list(first))
    tokenizer.train_from_iterator(TEXT, trainer)
    tokenizer.add_tokens([added(text) if isinstance(text, str) else text for text in specials])
    if extra:
        tokenizer.post_processor = extra(tokenizer)
    save(name, tokenizer, config)
    if legacy:
        model = json.loads(tokenizer.to_str())["model"]
        (OUT / name / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False))
        (OUT / name / "merges.txt").write_text(
            "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in model["merges"]) + "\n")


def byte_fallback(name, specials, config):
    """A BPE over characters whose spaces are ▁, with a token for each byte, as Gemma 4 has it."""
    bytes_ = [f"<0x{number:02X}>" for number in range(256)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    trainer = trainers.BpeTrainer(vocab_size=460, special_tokens=specials[:5] + bytes_, show_progress=False)
    tokenizer.train_from_iterator(TEXT, trainer)
    trained = json.loads(tokenizer.to_str())["model"]
    tokenizer = Tokenizer(models.BPE(vocab=trained["vocab"], merges=[tuple(pair) for pair in trained["merges"]],
                                     unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", behavior="merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_tokens([added(text) for text in specials])
    save(name, tokenizer, config)


def word_piece(name):
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(TEXT, trainers.WordPieceTrainer(vocab_size=300, special_tokens=specials,
                                                                  show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(text, tokenizer.token_to_id(text)) for text in ("[CLS]", "[SEP]")])
    save(name, tokenizer, {
        "tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512, "unk_token": "[UNK]",
        "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"})
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    (OUT / name / "vocab.txt").write_text("\n".join(text for text, _ in vocabulary) + "\n")


def unigram(name):
    """As XLM-RoBERTa has it: the pieces of sentencepiece.bpe.model with other tokens in front, in tokenizer.json."""
    rules = OUT / "rules.tsv"
    rules.write_text("FF21\t41\nFF22\t42\n3000\t20\n41 30A\tC5\n")
    sentence_piece(name, {
        "tokenizer_class": "XLMRobertaTokenizer", "model_max_length": 512, "bos_token": "<s>", "eos_token": "</s>",
        "unk_token": "<unk>", "sep_token": "</s>", "cls_token": "<s>", "pad_token": "<pad>", "mask_token": "<mask>"},
        size=300, kind="unigram", character_coverage=0.98, normalization_rule_tsv=str(rules))
    rules.unlink()
    folder = OUT / name
    if (folder / "tokenizer.model").exists():
        (folder / "tokenizer.model").rename(folder / "sentencepiece.bpe.model")
    transformers.XLMRobertaTokenizerFast(str(folder / "sentencepiece.bpe.model")).save_pretrained(folder)


def sentence_piece(name, config, size=400, kind="bpe", extra=None, **more):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.model")):
        train(folder, size, kind, more)
    write(folder / "tokenizer_config.json", config)
    for file, value in (extra or {}).items():
        write(folder / file, value)


def train(folder, size, kind, more):
    (folder / "text").write_text("\n".join(line.replace("\n", " ") for line in TEXT * 4))
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "text"), model_prefix=str(folder / "tokenizer"), vocab_size=size, model_type=kind,
        hard_vocab_limit=False, minloglevel=2, num_threads=1, **more)
    (folder / "text").unlink()
    (folder / "tokenizer.vocab").unlink()


def save(name, tokenizer, config):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    tokens = {str(token): {"content": entry.content, "lstrip": entry.lstrip, "normalized": entry.normalized,
                           "rstrip": entry.rstrip, "single_word": entry.single_word, "special": entry.special}
              for token, entry in sorted(tokenizer.get_added_tokens_decoder().items())}
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False))
    write(folder / "tokenizer_config.json", {"added_tokens_decoder": tokens} | config)


def write(file, value):
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


CHATML = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
          "+ '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")


def begins_with(token):
    return lambda tokenizer: processors.TemplateProcessing(
        single=f"{token} $A", pair=f"{token} $A {token}:1 $B:1",
        special_tokens=[(token, tokenizer.token_to_id(token))])


def main():
    # Training is not the same twice, or with another version of a library: what is there of it stays.
    byte_level("gpt2", None, ["<|endoftext|>"], 300, {
        "add_prefix_space": False, "tokenizer_class": "GPT2Tokenizer", "model_max_length": 1024,
        "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}, legacy=True)
    byte_level("llama3", LLAMA3, ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>",
                                  "<|eom_id|>", "<|eot_id|>", "<|finetune_right_pad_id|>"], 300, {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>",
        "pad_token": "<|finetune_right_pad_id|>", "clean_up_tokenization_spaces": True,
        "chat_template": "{{ bos_token }}{% for message in messages %}<|start_header_id|>{{ message['role'] }}"
                         "<|end_header_id|>\n\n{{ message['content'] }}<|eot_id|>{% endfor %}"},
        extra=begins_with("<|begin_of_text|>"))
    byte_level("qwen2", QWEN2, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", added("<tool_call>", False),
                                added("</tool_call>", False)], 300, {
        "tokenizer_class": "Qwen2Tokenizer", "add_bos_token": False, "add_prefix_space": False, "bos_token": None,
        "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": None, "errors": "replace",
        "chat_template": CHATML}, normalizer=normalizers.NFC(), legacy=True)
    byte_level("glm4", LLAMA3, ["<|endoftext|>", "[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>", "<|user|>",
                                "<|assistant|>", "<|observation|>", added("/nothink", False)], 300, {
        "tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>",
        "extra_special_tokens": {}, "do_lower_case": False, "remove_space": False, "padding_side": "left",
        "chat_template": "[gMASK]<sop>{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}"
                         "{% endfor %}"})
    byte_fallback("gemma4", ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<|turn>", "<turn|>", "<|channel>",
                             "<channel|>", "<|tool_call>", "<tool_call|>"], {
        "tokenizer_class": "GemmaTokenizer", "bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>",
        "pad_token": "<pad>", "mask_token": "<mask>", "padding_side": "left",
        "chat_template": "{{ bos_token }}{% for message in messages %}<|turn>{{ message['role'] }}\n"
                         "{{ message['content'] }}<turn|>\n{% endfor %}"})
    byte_level("roberta", None, ["<mask>"], 300, {
        "tokenizer_class": "RobertaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "sep_token": "</s>", "cls_token": "<s>", "pad_token": "<pad>", "mask_token": "<mask>",
        "add_prefix_space": False, "model_max_length": 512}, legacy=True, first=["<s>", "<pad>", "</s>", "<unk>"],
        extra=lambda tokenizer: processors.RobertaProcessing(("</s>", 2), ("<s>", 0)))
    if not (OUT / "wordpiece").exists():
        word_piece("wordpiece")
    plain = {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "add_eos_token": False, "bos_token": "<s>",
             "eos_token": "</s>", "unk_token": "<unk>", "pad_token": None, "legacy": False}
    sentence_piece("spm", plain, byte_fallback=True, normalization_rule_name="identity", character_coverage=0.98,
                   add_dummy_prefix=True, remove_extra_whitespaces=False)
    sentence_piece("gemma", {
        "tokenizer_class": "GemmaTokenizer", "add_bos_token": True, "add_eos_token": False, "bos_token": "<bos>",
        "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>",
        "chat_template": "{{ bos_token }}{% for message in messages %}{{ '<start_of_turn>' + message['role'] + '\n' "
                         "+ message['content'] + '<end_of_turn>\n' }}{% endfor %}",
        "added_tokens_decoder": {
            "0": token("<pad>"), "1": token("<eos>"), "2": token("<bos>"), "3": token("<unk>"),
            "4": token("<mask>", False), "5": token("<unused0>", False), "6": token("<start_of_turn>"),
            "7": token("<end_of_turn>"), "8": token("▁▁", False)}},
        byte_fallback=True, normalization_rule_name="identity", character_coverage=0.98, add_dummy_prefix=False,
        remove_extra_whitespaces=False, pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>",
        bos_piece="<bos>", user_defined_symbols=["<mask>", "<unused0>", "<start_of_turn>", "<end_of_turn>", "▁▁"])
    unigram("unigram")
    sentence_piece("phi3", plain | {
        "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>",
        "added_tokens_decoder": {
            "0": token("<unk>"), "1": token("<s>"), "2": token("</s>", False), "400": token("<|endoftext|>"),
            "401": token("<|assistant|>"), "402": token("<|user|>"), "403": token("<|end|>")},
        "chat_template": "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' + message['content'] "
                         "+ '<|end|>\n' }}{% endfor %}"},
        byte_fallback=True, normalization_rule_name="identity", character_coverage=0.98, extra={"added_tokens.json": {
            "<|endoftext|>": 400, "<|assistant|>": 401, "<|user|>": 402, "<|end|>": 403}})


def token(content, special=True):
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
            "special": special}


if __name__ == "__main__":
    sys.exit(main())
