// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Vocabularies of {@code tokenizer.json} whose tokens have no scores. */
final class JsonVocabulary {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final float NO_SCORE = -1000;
    private static final String SPACE = "▁";
    /** Added tokens that look like text but are none, whatever the file says. */
    private static final Set<String> NO_TEXT = Set.of("<pad>", "<mask>", "<2mass>", "[@BOS@]");
    /** Tokens of Gemma 4 that are part of what it says, so that calls of tools can be read. */
    private static final Set<String> VISIBLE = Set.of(
            "<|channel>",
            "<channel|>",
            "<|tool_call>",
            "<tool_call|>",
            "<|tool_response>",
            "<tool_response|>",
            "<|\"|>");

    private JsonVocabulary() {}

    static void bytePairs(
            Entries entries, ModelFiles files, long size, Map<String, String> special, Consumer<String> warnings) {
        bytePairs(entries, files, new LoadedTokenizer(files), size, special, warnings);
    }

    static void bytePairs(
            Entries entries,
            ModelFiles files,
            LoadedTokenizer tokenizer,
            long size,
            Map<String, String> special,
            Consumer<String> warnings) {
        var vocabulary = vocabulary(tokenizer, size);
        entries.text(MODEL, "gpt2").text(PRE, PreTokenizers.of(tokenizer, warnings));
        vocabulary.write(entries, false);
        var tokens = new SpecialTokens(files, Optional.of(tokenizer.file()), true, -1);
        special.forEach((type, text) -> {
            var id = tokenizer.added().has(text) ? tokenizer.added().id(text) : Optional.<Integer>empty();
            tokens.set(type, (long) id.orElseThrow(() -> new InvalidRequest(TokenizerJson.FILE
                    + " lacks the added token " + Quoted.of(text) + ", which models of this architecture have")));
        });
        tokens.write(entries, files);
    }

    static void whitespace(Entries entries, ModelFiles files, long size) {
        var tokenizer = new LoadedTokenizer(files);
        entries.text(MODEL, "whitespace").text(PRE, "whitespace");
        vocabulary(tokenizer, size).write(entries, false);
        new SpecialTokens(files, Optional.of(tokenizer.file()), true, -1).write(entries, files);
    }

    /** The pieces of BERT: those that begin a word get the mark of a space, those inside lose their own mark. */
    static void wordPieces(Entries entries, ModelFiles files, long size, Consumer<String> warnings) {
        var tokenizer = new LoadedTokenizer(files);
        var vocabulary = vocabulary(tokenizer, size);
        var marked = new Vocabulary(vocabulary.size(), 0);
        for (var id = 0; id < vocabulary.size(); id++) {
            var text = new String(vocabulary.text(id), StandardCharsets.UTF_8);
            if (vocabulary.type(id) != Vocabulary.CONTROL) {
                text = text.startsWith("##") ? text.substring(2) : SPACE + text;
            }
            marked.set(id, text.getBytes(StandardCharsets.UTF_8), 0, vocabulary.type(id));
        }
        entries.uint32("tokenizer.ggml.token_type_count", UnigramVocabulary.tokenTypes(files));
        entries.text(MODEL, "bert").text(PRE, PreTokenizers.of(tokenizer, warnings));
        marked.write(entries, false);
        new SpecialTokens(files, Optional.of(tokenizer.file()), false, marked.size()).write(entries, files);
    }

    /** Whether the file was made of a vocabulary of SentencePiece, as the Llama family did until Llama 3. */
    static boolean isLlama(TokenizerJson file) {
        return file.modelType().equals("BPE")
                && file.model().bool("byte_fallback", false)
                && file.partType("decoder").equals("Sequence");
    }

    static void llama(Entries entries, ModelFiles files, LoadedTokenizer tokenizer) {
        var vocabulary = llamaVocabulary(tokenizer);
        entries.text(MODEL, "llama").text(PRE, "default");
        vocabulary.write(entries, true);
        new SpecialTokens(files, Optional.of(tokenizer.file()), false, vocabulary.size()).write(entries, files);
    }

    static void gemma4(Entries entries, ModelFiles files) {
        var tokenizer = new LoadedTokenizer(files);
        if (!isLlama(tokenizer.file())) {
            throw new InvalidRequest(
                    TokenizerJson.FILE + " holds no tokenizer of Gemma 4: it must be BPE with byte_fallback");
        }
        var vocabulary = llamaVocabulary(tokenizer);
        for (var id = 0; id < vocabulary.size(); id++) {
            if (VISIBLE.contains(new String(vocabulary.text(id), StandardCharsets.UTF_8))) {
                vocabulary.setType(id, Vocabulary.USER_DEFINED);
            }
        }
        entries.text(MODEL, "gemma4");
        vocabulary.write(entries, true);
        new SpecialTokens(files, Optional.of(tokenizer.file()), true, -1).write(entries, files);
        entries.bool("tokenizer.ggml.add_space_prefix", false).bool("tokenizer.ggml.add_bos_token", true);
    }

    private static Vocabulary llamaVocabulary(LoadedTokenizer tokenizer) {
        var base = tokenizer.file().pieces().size();
        var more = tokenizer.added().byId().keySet().stream()
                .filter(id -> id >= base)
                .toList();
        var vocabulary = new Vocabulary(base + more.size(), NO_SCORE);
        var specialIds = tokenizer.specialIds();
        for (var id = 0; id < base; id++) {
            var at = id;
            var text = tokenizer
                    .text(id)
                    .orElseThrow(() -> new InvalidRequest(TokenizerJson.FILE + " has no token with the id " + at));
            var special = specialIds.contains(id) ? Vocabulary.CONTROL : Vocabulary.NORMAL;
            vocabulary.set(id, bytes(text), NO_SCORE, isByte(text) ? Vocabulary.BYTE : special);
        }
        for (var at = 0; at < more.size(); at++) {
            var text = tokenizer.text(more.get(at)).orElse("");
            var type = tokenizer.specialTexts().contains(text) ? Vocabulary.CONTROL : Vocabulary.USER_DEFINED;
            vocabulary.set(base + at, bytes(text), NO_SCORE, type);
        }
        return vocabulary;
    }

    private static Vocabulary vocabulary(LoadedTokenizer tokenizer, long size) {
        var count = size < 0 ? tokenizer.size() : (int) size;
        if (tokenizer.end() > count) {
            throw new InvalidRequest(TokenizerJson.FILE + " has a token with the id " + (tokenizer.end() - 1)
                    + ", but " + (size < 0 ? "only " + count + " tokens" : "'vocab_size' in config.json is " + count)
                    + ": these are files of different models");
        }
        var vocabulary = new Vocabulary(count, 0);
        var roundTrip = tokenizer.roundTrip();
        for (var id = 0; id < count; id++) {
            var added = tokenizer.added().token(id);
            if (added.isPresent()) {
                added(vocabulary, id, added.get(), roundTrip);
            } else if (tokenizer.file().pieces().has(id)) {
                vocabulary.set(id, tokenizer.file().pieces().bytes(id), 0, Vocabulary.NORMAL);
            }
        }
        return vocabulary;
    }

    private static void added(Vocabulary vocabulary, int id, AddedToken token, UnaryOperator<String> roundTrip) {
        var text = token.normalized() ? token.content() : roundTrip.apply(token.content());
        if (token.special() || looksSpecial(text)) {
            vocabulary.set(id, bytes(text), 0, Vocabulary.CONTROL);
        } else {
            vocabulary.set(id, bytes(text.replace(SPACE, " ")), 0, Vocabulary.USER_DEFINED);
        }
    }

    /** Whether a token that is not said to be special looks as if it were. */
    static boolean looksSpecial(String text) {
        return NO_TEXT.contains(text)
                || (text.startsWith("<|") && text.endsWith("|>"))
                || (text.startsWith("<｜") && text.endsWith("｜>"))
                || (text.startsWith("<unused") && text.endsWith(">"));
    }

    private static boolean isByte(String text) {
        return text.length() == 6
                && text.startsWith("<0x")
                && text.endsWith(">")
                && Character.digit(text.charAt(3), 16) >= 0
                && Character.digit(text.charAt(4), 16) >= 0;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
