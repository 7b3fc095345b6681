// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokenisers that contradict themselves are refused by a sentence that names the file; what is only unknown is a warning. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadTokenizersTest {
    private static final Path MODEL = Path.of("src/test/resources/conversion/tokenizers/spm/tokenizer.model");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a": 0, "b": 9}           | []            | id 9, but 'vocab_size' in config.json is 9
                    {"a": 0, "b": 0}           | []            | gives the id 0 to both 'a' and 'b'
                    {"a": 0, "b": -1}          | []            | gives 'b' the id -1
                    {"a": 0, "b": 99999999999} | []            | gives 'b' the id 99999999999
                    {"a": 0, "b": "1"}         | []            | whole number
                    {"a": 0, "b": 1}           | ["a b"]       | merges to or from 'ab'
                    {"a": 0, "ab": 1}          | ["a b"]       | merges to or from 'b'
                    {"a": 0, "b": 1}           | ["ab"]        | must have one space
                    {"a": 0, "b": 1}           | ["a b c"]     | must have one space
                    {"a": 0, "b": 1}           | [["a"]]       | each merge must be a list of two texts
                    {"a": 0, "b": 1, "ab": 2}  | ["a b",["a","b"]] | both texts and lists
                    {"a": 0, "b": 1}           | [7]           | each merge must be a text
                    {"a": 0, "b": 1}           | {}            | 'merges' must be a list
                    7                          | []            | 'vocab' must be an object or a list
                    """)
    void a_vocabulary_that_contradicts_itself_is_refused(String vocabulary, String merges, String why)
            throws IOException {
        write(
                "tokenizer.json",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": " + vocabulary + ", \"merges\": " + merges + "}}");

        refused(TokenizerKind.GPT2, 9).hasMessageContaining("tokenizer.json").hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"added_tokens": [7]}
                    {"added_tokens": [{"id": -4, "content": "x"}]}
                    {"added_tokens": [{"id": 1}]}
                    {"added_tokens": [{"id": 1, "content": "x", "special": "yes"}]}
                    {"model": 7}
                    [1, 2]
                    {"model": {"vocab": {"a": 0}}} {}
                    {"model": {"vocab": {"a": 0
                    not JSON
                    """)
    void a_file_of_another_form_is_refused(String json) throws IOException {
        write("tokenizer.json", json);

        refused(TokenizerKind.GPT2, 9).hasMessageContaining("tokenizer.json");
    }

    @Test
    void deep_nesting_is_refused() throws IOException {
        write("tokenizer.json", "{\"normalizer\": " + "[".repeat(100_000));

        refused(TokenizerKind.GPT2, 9).hasMessageContaining("tokenizer.json");
    }

    @ParameterizedTest
    @EnumSource(TokenizerKind.class)
    void a_model_without_a_tokeniser_is_told_which_file_it_lacks(TokenizerKind kind) {
        refused(kind, 9).hasMessageContaining("tokenizer");
    }

    @Test
    void an_id_of_the_configuration_must_be_one() throws IOException {
        write("tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}");
        Files.copy(MODEL, directory.resolve("tokenizer.model"));

        refused(TokenizerKind.LLAMA, 400).hasMessageContaining("added_tokens_decoder");
    }

    @Test
    void damaged_pieces_are_refused_or_read_but_never_more() throws IOException {
        var good = Files.readAllBytes(MODEL);
        var random = new Random(17);
        var refused = 0;
        for (var round = 0; round < 300; round++) {
            var bad = Arrays.copyOf(good, round % 2 == 0 ? good.length : random.nextInt(good.length));
            for (var flip = 0; flip < 3 && bad.length > 0; flip++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            Files.write(directory.resolve("tokenizer.model"), bad);
            try {
                Tokenizers.add(new Entries(), files(), TokenizerKind.LLAMA, 400);
            } catch (InvalidRequest told) {
                assertThat(told).hasMessageContaining("tokenizer.model");
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void a_regular_expression_that_takes_forever_ends_with_a_warning() throws IOException {
        write("tokenizer.json", split("(\\\\w*)*(\\\\s*)*(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*=$x"));

        var warnings = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> added(new Entries()));

        assertThat(warnings).hasSize(1).first().asString().contains("default");
    }

    @ParameterizedTest
    @CsvSource({"(", "a{999999999999}", "(?<name", "\\\\p{Nonsense}"})
    void a_regular_expression_that_is_none_is_a_warning(String regex) throws IOException {
        write("tokenizer.json", split(regex));

        assertThat(added(new Entries())).hasSize(1).first().asString().contains("not known here");
    }

    @Test
    void a_vocabulary_that_nobody_has_seen_is_told_by_its_steps() throws IOException {
        write(
                "tokenizer.json",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"pre_tokenizer\": {\"type\":"
                        + " \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\", \"individual_digits\": true},"
                        + " {\"type\": \"ByteLevel\"}]}}");
        var entries = new Entries();

        assertThat(added(entries)).hasSize(1).first().asString().contains("smollm");
        assertThat(entries.asMap().get("tokenizer.ggml.pre")).hasToString("Text[value=smollm]");
    }

    private static String split(String regex) {
        return "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"pre_tokenizer\": {\"type\":"
                + " \"Split\", \"pattern\": {\"Regex\": \"" + regex
                + "\"}, \"behavior\": \"Isolated\", \"invert\": false}}";
    }

    private AbstractThrowableAssert<?, ?> refused(TokenizerKind kind, long size) {
        return assertThatThrownBy(() -> Tokenizers.add(new Entries(), files(), kind, size))
                .isInstanceOf(InvalidRequest.class);
    }

    private List<String> added(Entries entries) {
        return Tokenizers.add(entries, files(), TokenizerKind.GPT2, 9);
    }

    private ModelFiles files() {
        return ModelFiles.of(directory);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
