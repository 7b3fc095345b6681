// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a model is said before anything is written, with the name of the file or the tensor. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadModelsTest {
    private static final ConversionCase MODEL = new ConversionCase("llama-3.2");
    private static final ConversionCase IN_PARTS = new ConversionCase("llama-biases");
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() {
        model = MODEL.writeBelow(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0,99999999]",
                "[512,0]",
                "[64,576]",
                "[0,511]",
                "[0,-512]",
                "[0,512,513]",
                "[0]",
                "512",
                "[0,1e3]"
            })
    void a_header_that_lies_is_refused(String lie) throws IOException {
        header(header -> {
            var at = header.indexOf("\"data_offsets\":[0,");
            assertThat(at).isPositive();
            var end = header.indexOf(']', at) + 1;
            return header.substring(0, at) + "\"data_offsets\":" + lie + header.substring(end);
        });

        assertThat(refusal()).contains(WEIGHTS);
    }

    @ParameterizedTest
    @CsvSource({
        "0",
        "1",
        "7",
        "100000000000",
        "-1",
        "9223372036854775807",
    })
    void a_length_that_cannot_be_is_refused(long length) throws IOException {
        var bytes = Files.readAllBytes(model.resolve(WEIGHTS));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Files.write(model.resolve(WEIGHTS), bytes);

        assertThat(refusal()).contains(WEIGHTS);
    }

    @Test
    void a_file_that_was_cut_off_is_refused() throws IOException {
        var bytes = Files.readAllBytes(model.resolve(WEIGHTS));
        Files.write(model.resolve(WEIGHTS), Arrays.copyOf(bytes, bytes.length - 100));
        assertThat(refusal()).contains(WEIGHTS);

        Files.write(model.resolve(WEIGHTS), new byte[4]);
        assertThat(refusal()).contains(WEIGHTS);
    }

    @Test
    void types_names_and_shapes_are_checked() throws IOException {
        header(header -> header.replaceFirst("\"BF16\"", "\"F17\""));
        assertThat(refusal()).contains("F17");

        rewritten();
        header(header -> header.replaceFirst("model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.q_proj"));
        assertThat(refusal()).contains("model.layers.0.self_attn.q_proj.weight");

        rewritten();
        header(header -> header.replaceFirst("model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.x_proj"));
        assertThat(refusal()).contains("model.layers.0.self_attn.x_proj.weight");

        rewritten();
        header(header -> header.replaceFirst("\\[320,64]", "[320,65]"));
        assertThat(refusal()).contains(WEIGHTS);

        rewritten();
        header(header -> header.replaceFirst("\\[320,64]", "[".repeat(5000) + "320,64" + "]".repeat(5000)));
        assertThat(refusal()).contains(WEIGHTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 3    | 3 heads",
                "\"hidden_size\": 64        | \"hidden_size\": \"64\"       | hidden_size",
                "\"hidden_size\": 64        | \"hidden_size\": -64          | embedding_length",
                "\"num_hidden_layers\": 2   | \"num_hidden_layers\": 1      | model.layers.1.",
                "\"vocab_size\": 320        | \"vocab_size\": 100           | vocab_size",
                "\"LlamaForCausalLM\"       | \"NoSuchModel\"               | NoSuchModel",
                "\"LlamaForCausalLM\"       | \"../../etc\"                 | ../../etc",
                "\"factor\": 32.0           | \"factor\": true              | factor",
                "{                          | [                             | config.json",
            })
    void a_config_that_contradicts_itself_or_the_weights_is_refused(String there, String wrong, String named)
            throws IOException {
        var config = model.resolve("config.json");
        var text = Files.readString(config);
        assertThat(text).contains(there);
        Files.writeString(config, text.replace(there, wrong));

        assertThat(refusal()).contains(named);
    }

    @ParameterizedTest
    @CsvSource({"config.json", "tokenizer.json", WEIGHTS})
    void a_file_that_is_missing_or_empty_is_named(String name) throws IOException {
        Files.delete(model.resolve(name));
        assertThat(refusal()).contains(name.replace("model.", ""));

        Files.createFile(model.resolve(name));
        assertThat(refusal()).contains(name);
    }

    @Test
    void parts_of_a_model_are_all_needed() throws IOException {
        var parts = IN_PARTS.writeBelow(folder);
        Files.delete(parts.resolve("model-00002-of-00003.safetensors"));
        assertThat(refusal(parts)).contains("model-00002-of-00003.safetensors");

        var index = parts.resolve("model.safetensors.index.json");
        Files.writeString(index, Files.readString(index).replace("model-00002-of-00003", "../llama-3.2/model"));
        assertThat(refusal(parts)).contains("../llama-3.2/model.safetensors");
    }

    @Test
    void pickles_are_refused_with_what_to_do() throws IOException {
        Files.move(model.resolve(WEIGHTS), model.resolve("pytorch_model.bin"));

        assertThat(refusal()).contains("pickle").contains("safetensors");
    }

    @Test
    void tokens_beyond_the_vocabulary_are_refused() throws IOException {
        var tokenizer = model.resolve("tokenizer.json");
        var text = Files.readString(tokenizer);
        assertThat(text).contains("\"!\":0");
        Files.writeString(tokenizer, text.replace("\"!\":0", "\"!\":3060"));

        assertThat(refusal()).contains("tokenizer.json");
    }

    @Test
    void a_directory_that_changes_meanwhile_ends_the_conversion() throws IOException {
        try (var conversion = Conversion.open(ModelFiles.of(model))) {
            Files.setLastModifiedTime(model.resolve(WEIGHTS), FileTime.from(Instant.EPOCH));

            assertThatThrownBy(() -> conversion.writeTo(_ -> {}, _ -> {}))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining(WEIGHTS);
        }
    }

    @Test
    void whoever_is_told_of_the_progress_can_end_it() {
        try (var conversion = Conversion.open(ModelFiles.of(model))) {
            var written = new AtomicLong();

            assertThatThrownBy(() -> conversion.writeTo(piece -> written.addAndGet(piece.remaining()), done -> {
                        if (done > 50_000) {
                            throw new Cancelled("enough");
                        }
                    }))
                    .isInstanceOf(Cancelled.class);
            assertThat(written.get()).isLessThan(conversion.size());
        }
    }

    @Test
    void weights_that_are_no_numbers_are_told() throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(model.resolve(WEIGHTS))).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort(bytes.capacity() - 2, (short) 0x7FC0);
        bytes.putShort(bytes.capacity() - 4, (short) 0xFF80);
        Files.write(model.resolve(WEIGHTS), bytes.array());

        try (var conversion = Conversion.open(ModelFiles.of(model))) {
            conversion.writeTo(_ -> {}, _ -> {});

            assertThat(conversion.warnings())
                    .contains("tensor output_norm.weight has 2 elements that are infinite or no numbers");
        }
    }

    private void rewritten() throws IOException {
        try (var files = Files.walk(model)) {
            for (var file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
        model = MODEL.writeBelow(folder);
    }

    private void header(UnaryOperator<String> change) throws IOException {
        var file = model.resolve(WEIGHTS);
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var length = Math.toIntExact(bytes.getLong(0));
        var header = new String(bytes.array(), 8, length, StandardCharsets.UTF_8);
        var changed = change.apply(header).getBytes(StandardCharsets.UTF_8);
        assertThat(changed).isNotEqualTo(header.getBytes(StandardCharsets.UTF_8));
        var rest = bytes.slice(8 + length, bytes.capacity() - 8 - length);
        var all = ByteBuffer.allocate(8 + changed.length + rest.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(changed.length).put(changed).put(rest);
        Files.write(file, all.array(), StandardOpenOption.TRUNCATE_EXISTING);
    }

    private String refusal() {
        return refusal(model);
    }

    /** What is said when it is opened, or as soon as it is written. */
    private static String refusal(Path model) {
        try (var conversion = Conversion.open(ModelFiles.of(model))) {
            return "converted as " + conversion.architecture();
        } catch (InvalidRequest refused) {
            return refused.text();
        }
    }
}
