// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.creation.CreationProgress.Quantizing;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.engine.Quantizer;
import dev.puna.engine.local.NativeQuantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.WeightRules;
import dev.puna.store.ModelStore;
import dev.puna.support.QuantizableGguf;
import dev.puna.support.SmallDisk;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequantizationTest {
    private static final byte[] MODEL = TinyGguf.llama(1).toArray();

    @TempDir
    Path folder;

    private final List<CreationProgress> told = new CopyOnWriteArrayList<>();

    @Test
    void long_work_tells_how_far_it_is() {
        var store = store(folder);
        var enough = new CountDownLatch(2);

        var made = new Requantization(
                        store,
                        (_, output, _, progress) -> {
                            progress.follow(() -> 0.5);
                            await(enough);
                            write(output, TinyGguf.llama(2).toArray());
                        },
                        "Q8_0",
                        progress -> {
                            told.add(progress);
                            enough.countDown();
                        },
                        () -> false)
                .write(List.of(Digest.of(MODEL)));

        assertThat(told.getFirst()).isEqualTo(new Quantizing("F32", "Q8_0", MODEL.length, MODEL.length / 2));
        assertThat(told.getLast()).isEqualTo(Step.VERIFYING_CONVERSION);
        assertThat(store.contains(made.blob())).isTrue();
    }

    @Test
    void a_client_that_leaves_ends_the_work_and_nothing_stays_behind() {
        var quantisation = quantisation(
                store(folder),
                (_, _, _, progress) -> {
                    while (!progress.cancelled()) {
                        Thread.onSpinWait();
                    }
                    throw new Cancelled("quantising was cancelled");
                },
                true);

        assertThatThrownBy(() -> quantisation.write(List.of(Digest.of(MODEL)))).isInstanceOf(Cancelled.class);
        assertThat(blobs()).containsExactly(Digest.of(MODEL).fileName());
    }

    @Test
    void a_file_that_is_no_model_never_becomes_a_blob() {
        var quantisation = quantisation(store(folder), (_, output, _, _) -> write(output, new byte[500]), false);

        assertThatThrownBy(() -> quantisation.write(List.of(Digest.of(MODEL))))
                .isInstanceOf(NativeFailure.class)
                .hasMessageStartingWith("the quantised model is damaged: ");
        assertThat(blobs()).containsExactly(Digest.of(MODEL).fileName());
    }

    @Test
    void a_failure_of_the_library_is_told_as_it_is() {
        var quantisation = quantisation(
                store(folder),
                (_, _, _, _) -> {
                    throw new NativeFailure("cannot quantise the model: odd tensor");
                },
                false);

        assertThatThrownBy(() -> quantisation.write(List.of(Digest.of(MODEL))))
                .isInstanceOf(NativeFailure.class)
                .hasMessage("cannot quantise the model: odd tensor");
    }

    @Test
    void a_matrix_that_was_sent_is_handed_on_and_one_that_was_not_is_refused() throws IOException {
        var store = store(folder);
        var bytes = QuantizableGguf.matrix().toArray();
        var matrix = Digest.of(bytes);
        var rules = new WeightRules(matrix.text(), List.of("attn_v=q8_0"), "", "", false);
        Quantizer quantizer = (_, output, plan, _) -> {
            assertThat(plan.importance()).contains(store.path(matrix));
            assertThat(plan.details()).startsWith("rule Q8_0 attn_v\nmatrix ").contains("\nname " + matrix.text());
            write(output, TinyGguf.llama(2).toArray());
        };
        var quantisation = new Requantization(store, quantizer, "IQ2_XS", rules, told::add, () -> false);

        assertThatThrownBy(quantisation::requireKnown)
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("there is no blob " + matrix.text() + " for the importance matrix: send it first");
        Files.write(store.path(matrix), bytes);

        assertThat(store.contains(quantisation.write(List.of(Digest.of(MODEL))).blob()))
                .isTrue();
    }

    @Test
    void a_full_disk_is_told_as_such_whether_the_library_notices_or_not() throws IOException {
        try (var _ = SmallDisk.mountedOn(folder, 1024)) {
            var store = store(folder);
            var unnoticed = quantisation(store, (_, output, _, _) -> writeUntilFull(output), false);
            var noticed = quantisation(
                    store,
                    (_, output, _, _) -> {
                        writeUntilFull(output);
                        throw new NativeFailure("iostream error");
                    },
                    false);

            for (var quantisation : List.of(unnoticed, noticed)) {
                assertThatThrownBy(() -> quantisation.write(List.of(Digest.of(MODEL))))
                        .isInstanceOf(StoreFailure.class)
                        .hasMessageStartingWith("no space left on the disk of ");
            }
            assertThat(blobs()).containsExactly(Digest.of(MODEL).fileName());
        }
    }

    @Test
    void libllama_on_a_full_disk_leaves_nothing() throws IOException {
        var libraries = TestModels.nativeLibraries();
        try (var _ = SmallDisk.mountedOn(folder, MODEL.length / 1024 + 100)) {
            var quantisation = quantisation(store(folder), new NativeQuantizer(libraries, () -> 1), false);

            assertThatThrownBy(() -> quantisation.write(List.of(Digest.of(MODEL))))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageStartingWith("no space left on the disk of ");
            assertThat(blobs()).containsExactly(Digest.of(MODEL).fileName());
        }
    }

    private Requantization quantisation(ModelStore store, Quantizer quantizer, boolean cancelled) {
        return new Requantization(store, quantizer, "F16", told::add, () -> cancelled);
    }

    private static ModelStore store(Path folder) {
        var store = ModelStore.open(folder);
        store.writeBlob("model", MODEL);
        return store;
    }

    private List<String> blobs() {
        try (var files = Files.list(folder.resolve("blobs"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As libllama does it, which looks at its errors only in part. */
    private static void writeUntilFull(Path file) {
        try {
            Files.write(file, new byte[8 << 20]);
        } catch (IOException _) {
            // What fitted is there.
        }
    }
}
