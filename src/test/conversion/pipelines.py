# Records what Hugging Face's tokenizers makes of texts: python3 src/test/conversion/pipelines.py > src/test/resources/conversion/pipelines.json
# Each case is a tokenizer.json, as what it changes of another, and the digests of the ids of each text, as PreTokenizers digests them.
import copy, hashlib, json, random, sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

random.seed(17)
RANGES = [[(0x41, 0x5a), (0x61, 0x7a)], [(0xc0, 0x17f)], [(0x391, 0x3c9)], [(0x410, 0x44f)], [(0x561, 0x586)], [(0x5d0, 0x5ea), (0x5b0, 0x5bc)],
          [(0x621, 0x64a), (0x64b, 0x652)], [(0x905, 0x939), (0x93e, 0x94d)], [(0x985, 0x9a8), (0x9be, 0x9c4)], [(0xb95, 0xb95), (0xbbe, 0xbc2)],
          [(0xc05, 0xc0c), (0xc3e, 0xc44)], [(0xe01, 0xe3a), (0xe40, 0xe4e)], [(0xe81, 0xe82)], [(0xf40, 0xf47)], [(0x10d0, 0x10f0)],
          [(0x1200, 0x1248)], [(0x1780, 0x17b3)], [(0x3041, 0x3096)], [(0x30a1, 0x30fa)], [(0x4e00, 0x4e40), (0x20000, 0x20010)],
          [(0xac00, 0xac40), (0x1100, 0x1112)], [(0x1f600, 0x1f64f)], [(0xff10, 0xff5a)], [(0x2150, 0x2160)]]
ENGLISH = "the of and to in is you that it he was for on are as with his they at be this have from".split()
BETWEEN = [' ', ' ', ' ', '  ', '\n', '\n\n', '\t', ' \n ', '', ', ', '. ', '! ', "'s ", "'LL ", ' \u3000', '\u00a0', '\r\n', '-', '"', '<s>', '</s>', '[MASK]', '<x>', 'tok', '▁', '   ', '\u200d', 'é', 'e\u0301', 'İ', 'ς']


def word():
    ranges = random.choice(RANGES)
    return ''.join(chr(random.randint(*random.choice(ranges))) for _ in range(random.randint(1, 8)))


texts = []
for _ in range(150):
    text = ''
    for _ in range(random.randint(1, 9)):
        kind = random.random()
        text += word() if kind < .4 else random.choice(ENGLISH) if kind < .8 else str(random.randint(0, 10 ** random.randint(1, 9)))
        text += random.choice(BETWEEN)
    texts.append(text)
texts += ['', ' ', 'the', ' the ', '<s>', 'tok', 'token tok a.tok', '<x><x>  <x>', 'aaa aaaa', '\n', '3 33 333 3333 33333']

corpus = [' '.join(random.choice(ENGLISH) for _ in range(20)) for _ in range(60)] + texts[:60]


def bpe(pre, size=420, **settings):
    tokenizer = Tokenizer(models.BPE(unk_token=settings.pop('unk_token', None), **settings))
    tokenizer.pre_tokenizer = pre
    alphabet = pre_tokenizers.ByteLevel.alphabet() if settings.get('bytes', True) and 'ByteLevel' in str(pre) else []
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=size, show_progress=False, initial_alphabet=alphabet,
                                  limit_alphabet=200, special_tokens=['<unk>', '<s>', '</s>'] + (['<0x%02X>' % b for b in range(256)] if settings.get('byte_fallback') else [])))
    return json.loads(tokenizer.to_str())


def sequence(key, *parts):
    return {'type': 'Sequence', key: list(parts)}


def split(regex, behavior='Isolated', invert=False, plain=False):
    return {'type': 'Split', 'pattern': {'String' if plain else 'Regex': regex}, 'behavior': behavior, 'invert': invert}


def level(use_regex=False, space=False):
    return {'type': 'ByteLevel', 'add_prefix_space': space, 'trim_offsets': True, 'use_regex': use_regex}


def added(content, id, **flags):
    return {'id': id, 'content': content, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': False, **flags}


byte_level = bpe(pre_tokenizers.ByteLevel(add_prefix_space=False))
characters = bpe(pre_tokenizers.Metaspace(), 500, unk_token='<unk>')
falls_back = bpe(pre_tokenizers.Metaspace(), 700, unk_token='<unk>', byte_fallback=True, fuse_unk=True)
pieces = Tokenizer(models.WordPiece(unk_token='[UNK]'))
pieces.normalizer = normalizers.BertNormalizer()
pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
pieces.train_from_iterator(corpus, trainers.WordPieceTrainer(vocab_size=400, show_progress=False, limit_alphabet=150, special_tokens=['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']))
pieces = json.loads(pieces.to_str())
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
KIMI = r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|\s+"
cases = []


bases = {'byte level': byte_level, 'characters': characters, 'falls back': falls_back, 'pieces': pieces}


def case(name, base, **changes):
    tokenizer = copy.deepcopy(base)
    for key, value in changes.items():
        if key == 'model':
            tokenizer['model'].update(value)
        else:
            tokenizer[key] = value
    cases.append((name, next(key for key in bases if bases[key] is base), changes, tokenizer))


case('byte level, regex', byte_level, pre_tokenizer=level(True))
case('byte level, space', byte_level, pre_tokenizer=level(True, True))
case('llama 3', byte_level, pre_tokenizer=sequence('pretokenizers', split(LLAMA3), level()), model={'ignore_merges': True})
case('o200k', byte_level, pre_tokenizer=sequence('pretokenizers', split(O200K, 'Removed', True), level()))
case('han', byte_level, pre_tokenizer=sequence('pretokenizers', split(KIMI), level()), normalizer={'type': 'NFKC'})
case('deepseek', byte_level, pre_tokenizer=sequence('pretokenizers', split('[\r\n]'), split(r'\s?\p{L}+'), split(r'\s?\p{P}+'), split('[一-龥ࠀ-一가-퟿]+'), {'type': 'Digits', 'individual_digits': True}, level()))
case('digits', byte_level, pre_tokenizer=sequence('pretokenizers', {'type': 'Digits', 'individual_digits': True}, level(True)), normalizer={'type': 'NFC'})
case('falcon', byte_level, pre_tokenizer=sequence('pretokenizers', {'type': 'Punctuation', 'behavior': 'Contiguous'}, level(True), {'type': 'Digits', 'individual_digits': False}, split('[0-9][0-9][0-9]')))
for behavior in ['Isolated', 'Removed', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']:
    case('split ' + behavior, byte_level, pre_tokenizer=sequence('pretokenizers', split('[ae]', behavior), level()))
    case('split at text ' + behavior, byte_level, pre_tokenizer=sequence('pretokenizers', split(' ', behavior, plain=True), level()))
case('line ends', byte_level, pre_tokenizer=sequence('pretokenizers', split(r'\s+$'), split(r'^.'), level()))
case('thousands', byte_level, pre_tokenizer=sequence('pretokenizers', split(r'\p{N}+'), split(r'(?=(\d{3})+(?!\d))'), level()))
flags = [added('<s>', 1, special=True), added('<x>', 5000, lstrip=True, rstrip=True), added('tok', 5001, single_word=True), added('of', 5002, normalized=True), added('  ', 5003), added('\n\n', 5004, normalized=True), added('THE', 5005, normalized=True)]
case('added tokens', byte_level, pre_tokenizer=level(True), added_tokens=flags)
case('added tokens, lower case', byte_level, pre_tokenizer=level(True), added_tokens=flags, normalizer={'type': 'Lowercase'})
case('byte level normaliser', byte_level, pre_tokenizer=split(r' ?\S+|\s+'.replace(' ?', 'Ġ?')), normalizer=sequence('normalizers', {'type': 'NFD'}, {'type': 'ByteLevel'}))
for scheme in ['always', 'first', 'never']:
    for splits in [True, False]:
        case(f'metaspace {scheme} {splits}', characters, pre_tokenizer={'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': scheme, 'split': splits})
case('llama 2', falls_back, pre_tokenizer=None, normalizer=sequence('normalizers', {'type': 'Prepend', 'prepend': '▁'}, {'type': 'Replace', 'pattern': {'String': ' '}, 'content': '▁'}))
case('gemma', falls_back, pre_tokenizer=split(' ', 'MergedWithPrevious', plain=True), normalizer={'type': 'Replace', 'pattern': {'String': ' '}, 'content': '▁'})
case('unknown ones join', falls_back, model={'byte_fallback': False})
case('unknown ones stay', falls_back, model={'byte_fallback': False, 'fuse_unk': False})
case('white space', characters, pre_tokenizer={'type': 'Whitespace'}, normalizer=sequence('normalizers', {'type': 'NFKD'}, {'type': 'StripAccents'}, {'type': 'Strip', 'strip_left': True, 'strip_right': False}))
case('white space splits', characters, pre_tokenizer={'type': 'WhitespaceSplit'}, normalizer={'type': 'Replace', 'pattern': {'Regex': '[aeiou]+'}, 'content': 'a'})
case('delimiter', characters, pre_tokenizer={'type': 'CharDelimiterSplit', 'delimiter': 'e'})
case('bert', pieces)
case('bert, as it is', pieces, normalizer={'type': 'BertNormalizer', 'clean_text': False, 'handle_chinese_chars': False, 'strip_accents': None, 'lowercase': False})
case('bert, accents', pieces, normalizer={'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': False, 'lowercase': True}, model={'max_input_chars_per_word': 5})
case('bert, ends', pieces, post_processor={'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '[SEP]', 'type_id': 0}}], 'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {'[CLS]': {'id': '[CLS]', 'ids': [2], 'tokens': ['[CLS]']}, '[SEP]': {'id': '[SEP]', 'ids': [3], 'tokens': ['[SEP]']}}})
case('roberta', byte_level, pre_tokenizer=level(True), post_processor={'type': 'RobertaProcessing', 'sep': ['</s>', 2], 'cls': ['<s>', 1], 'trim_offsets': True, 'add_prefix_space': False})

result = {'texts': texts, 'bases': bases, 'cases': []}
for name, base, changes, tokenizer in cases:
    loaded = Tokenizer.from_str(json.dumps(tokenizer))
    digests = ' '.join(hashlib.sha256(str(loaded.encode(text).ids).encode()).hexdigest()[:8] for text in texts)
    result['cases'].append({'name': name, 'base': base, 'changes': changes, 'digests': digests})
json.dump(result, sys.stdout, ensure_ascii=True, separators=(',', ':'))
