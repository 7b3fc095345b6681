// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.conversion.ConversionCase;
import dev.puna.conversion.GgufDump;
import dev.puna.failure.NativeFailure;
import dev.puna.model.WeightPlan;
import dev.puna.support.QuantizableGguf;
import dev.puna.support.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConvertCommandTest {
    private static final ConversionCase MODEL = new ConversionCase("llama-3.2");
    private static final String USUAL_NAME = "llama-82K-3.2-BF16.gguf";

    @TempDir
    private Path folder;

    private final Cli cli = new Cli(1);

    @Test
    void a_model_becomes_a_file_beside_it_whose_name_is_printed() throws IOException {
        var model = MODEL.writeBelow(folder);

        var ended = cli.run("convert", model.toString());

        assertThat(ended.errors()).startsWith("converting model 100%\nwarning: ");
        assertThat(ended.output()).isEqualTo(model.resolve(USUAL_NAME) + "\n");
        assertThat(ended.exitCode()).isZero();
        assertThat(GgufDump.of(model.resolve(USUAL_NAME))).isEqualTo(MODEL.expected());
    }

    @Test
    void the_file_may_be_named_or_its_folder() throws IOException {
        var model = MODEL.writeBelow(folder);

        assertThat(cli.run(
                                "convert",
                                model.toString(),
                                "-o",
                                folder.resolve("x.gguf").toString())
                        .exitCode())
                .isZero();
        assertThat(cli.run("convert", model.toString(), "--output", folder.toString())
                        .output())
                .isEqualTo(folder.resolve(USUAL_NAME) + "\n");

        assertThat(GgufDump.of(folder.resolve("x.gguf"))).isEqualTo(MODEL.expected());
        assertThat(Files.mismatch(folder.resolve("x.gguf"), folder.resolve(USUAL_NAME)))
                .isEqualTo(-1);
    }

    @Test
    void the_weights_may_be_quantised_on_the_way() throws IOException {
        var model = MODEL.writeBelow(folder);
        cli.quantizing((_, from, to, type, done) -> {
            assertThat(type).isEqualTo(WeightPlan.of(15));
            done.accept(0.5);
            copy(from, to);
        });

        var ended = cli.run("convert", model.toString(), "-q", "q4_k_m", "-o", folder.toString());

        assertThat(ended.errors()).startsWith("converting model 100%\nquantizing BF16 model to Q4_K_M 100%\n");
        assertThat(ended.output()).isEqualTo(folder.resolve("llama-82K-3.2-Q4_K_M.gguf") + "\n");
        assertThat(names(folder)).containsExactly("llama-3.2", "llama-82K-3.2-Q4_K_M.gguf");
    }

    @Test
    void a_matrix_and_rules_are_handed_on_and_checked_before_anything_is_written() throws IOException {
        var model = MODEL.writeBelow(folder);
        QuantizableGguf.writeTo(folder);
        var matrix = folder.resolve("imatrix.gguf").toString();
        cli.quantizing((_, from, to, plan, _) -> {
            assertThat(plan.fileType()).isEqualTo(20);
            assertThat(plan.details())
                    .startsWith("rule Q8_0 attn_v\nmatrix " + matrix + "\nname " + matrix + "\n")
                    .contains(" 1 192 blk.0.ffn_up.weight\n");
            copy(from, to);
        });

        var made = cli.run(
                "convert", model.toString(), "-q", "iq2_xs", "--imatrix", matrix, "--tensor-type", "attn_v=q8_0");
        assertThat(made.errors()).contains("quantizing BF16 model to IQ2_XS 100%\n");
        var before = names(model);

        assertThat(cli.run("convert", model.toString(), "-q", "iq2_xs").errors())
                .startsWith("Error: quantization type IQ2_XS needs an importance matrix: give one");
        assertThat(cli.run("convert", model.toString(), "-q", "q4_0", "--tensor-type", "x")
                        .errors())
                .startsWith("Error: tensor type 'x' is malformed");
        assertThat(cli.run("convert", model.toString(), "--imatrix", matrix).errors())
                .startsWith("Error: an importance matrix and types of tensors need --quantize");
        assertThat(cli.run("convert", model.toString(), "-q", "q4_0", "--imatrix", "nosuch")
                        .errors())
                .startsWith("Error: open ")
                .contains("no such file");
        assertThat(names(model)).isEqualTo(before);
    }

    @Test
    void what_fails_leaves_no_file() throws IOException {
        var model = MODEL.writeBelow(folder);
        var before = names(model);
        cli.quantizing((_, _, _, _, _) -> {
            throw new NativeFailure("there are no libraries");
        });

        assertThat(cli.run("convert", model.toString(), "-q", "q8_0").errors())
                .endsWith("Error: there are no libraries\n");
        cli.quantizing((_, _, to, _, _) -> write(to, "half a file"));
        assertThat(cli.run("convert", model.toString(), "-q", "q8_0").exitCode())
                .isEqualTo(1);

        assertThat(names(model)).isEqualTo(before);
    }

    @Test
    void a_disk_without_room_is_told_before_anything_is_written() throws IOException {
        var model = MODEL.writeBelow(folder);
        var small = Files.createDirectory(folder.resolve("small"));
        try (var _ = SmallDisk.mountedOn(small, 100)) {
            var ended = cli.run("convert", model.toString(), "-o", small.toString());

            assertThat(ended.errors()).startsWith("Error: no space left for " + USUAL_NAME + ": it gets 1");
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(names(small)).isEmpty();
        }
    }

    @Test
    void a_file_of_the_model_is_not_replaced() throws IOException {
        var model = MODEL.writeBelow(folder);
        var weights = model.resolve("model.safetensors");
        var size = Files.size(weights);

        var ended = cli.run("convert", model.toString(), "-o", weights.toString());

        assertThat(ended.errors())
                .isEqualTo(
                        "Error: " + weights + " belongs to the model that is converted: name another file with -o\n");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(Files.size(weights)).isEqualTo(size);
    }

    @Test
    void what_cannot_be_converted_is_refused_before_anything_is_written() throws IOException {
        var model = MODEL.writeBelow(folder);

        assertThat(cli.run("convert").errors()).isEqualTo("Error: accepts 1 arg(s), received 0\n");
        assertThat(cli.run("convert", folder.resolve("none").toString()).errors())
                .contains("is no directory: name the one that holds config.json");
        assertThat(cli.run("convert", model.toString(), "-q", "q4_9").errors())
                .startsWith("Error: unsupported quantization type q4_9");
        assertThat(cli.run(
                                "convert",
                                model.toString(),
                                "-o",
                                folder.resolve("a/b").toString())
                        .errors())
                .startsWith("Error: there is no folder ");
        Files.delete(model.resolve("config.json"));
        assertThat(cli.run("convert", model.toString()).errors())
                .startsWith("Error: ")
                .contains("config.json");
        assertThat(names(folder)).containsExactly("llama-3.2");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path to, String text) {
        try {
            Files.writeString(to, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
