// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.ConversionCase;
import dev.puna.conversion.GgufDump;
import dev.puna.creation.CreationProgress.Converting;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.model.WeightRules;
import dev.puna.store.ModelStore;
import dev.puna.store.PruneAges;
import dev.puna.support.SmallDisk;
import dev.puna.support.TestServer;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CreationFromSafetensorsTest {
    private static final ModelName MADE = ModelName.parse("llama-3.2");
    private static final ConversionCase MODEL = new ConversionCase("llama-3.2");

    private static final Quantizer NOTHING_TO_QUANTISE = (_, _, _, _) -> {
        throw new AssertionError("nothing is to be quantised");
    };

    private final List<CreationProgress> told = new ArrayList<>();
    private final Path directory;
    private final ModelStore store;

    CreationFromSafetensorsTest(@TempDir Path folder) {
        directory = MODEL.writeBelow(folder);
        store = ModelStore.open(folder.resolve("store"));
    }

    @Test
    void the_model_has_the_file_that_the_converter_would_write() throws IOException {
        var files = sent();
        job(files, "", Map.of()).run(told::add);

        var made = store.find(MADE).orElseThrow();
        var size = Files.size(made.modelFile());
        assertThat(GgufDump.of(made.modelFile())).isEqualTo(MODEL.expected());
        assertThat(told)
                .startsWith(new Converting("model", size, 0), new Converting("model", size, size))
                .hasAtLeastOneElementOfType(CreationProgress.Warning.class)
                .endsWith(Step.DONE);
        assertThat(made.config().fileType()).isEqualTo("BF16");
    }

    @Test
    void the_files_that_it_was_made_of_go_when_the_store_is_tidied() throws IOException {
        var files = sent();
        job(files, "", Map.of()).run(told::add);
        var made = store.find(MADE).orElseThrow();
        for (var blob : blobs()) {
            TestStore.age(blobFolder().resolve(blob), Duration.ofHours(2));
        }

        assertThat(store.upkeep().unneeded(PruneAges.USUAL))
                .hasSize(files.size())
                .noneMatch(one -> one.file().equals(made.modelFile()));
    }

    @Test
    void what_the_maker_recommends_are_parameters_below_those_of_the_request() throws IOException {
        job(sent(), "", Map.of("top_p", 0.5)).run(told::add);

        assertThat(store.find(MADE).orElseThrow().parameters())
                .containsEntry("temperature", 0.6)
                .containsEntry("top_p", 0.5);
    }

    @Test
    void a_model_that_is_quantised_keeps_nothing_of_what_lies_between() throws IOException {
        var files = sent();
        var sources = blobs();
        var type = new AtomicInteger();

        job(store, files, "Q8_0", Map.of(), (from, to, target, _) -> {
                    type.set(target.fileType());
                    copyChanged(from.getFirst(), to);
                })
                .run(told::add);

        assertThat(type).hasValue(7);
        var model = store.find(MADE).orElseThrow();
        var made = blobs();
        made.removeAll(sources);
        assertThat(made).contains(model.modelFile().getFileName().toString());
        assertThat(sizes(made)).filteredOn(size -> size > 50_000).hasSize(1);
    }

    @Test
    void a_type_that_nobody_knows_is_refused_before_anything_is_converted() throws IOException {
        var job = job(sent(), "Q4_9", Map.of());

        assertThatThrownBy(() -> job.run(told::add)).hasMessageStartingWith("unsupported quantization type Q4_9");

        assertThat(told).isEmpty();
    }

    @Test
    void what_is_cancelled_leaves_neither_a_model_nor_a_blob() throws IOException {
        var files = sent();
        var before = blobs();
        var job = job(files, "", Map.of());

        assertThatThrownBy(() -> job.run(step -> {
                    if (step instanceof Converting) {
                        job.cancel();
                    }
                }))
                .isInstanceOf(Cancelled.class);

        assertThat(store.find(MADE)).isEmpty();
        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void a_disk_without_room_for_the_converted_model_is_told() throws IOException {
        var small = Files.createDirectory(directory.resolveSibling("small"));
        try (var _ = SmallDisk.mountedOn(small, 260)) {
            var full = ModelStore.open(small);
            var files = sent(full);

            assertThatThrownBy(() ->
                            job(full, files, "", Map.of(), NOTHING_TO_QUANTISE).run(told::add))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageStartingWith("no space left for the converted model: it needs ");

            assertThat(full.find(MADE)).isEmpty();
        }
    }

    @Test
    void what_cannot_be_converted_says_why_and_leaves_nothing() throws IOException {
        var files = sent();
        var before = blobs();

        assertThatThrownBy(
                        () -> job(without(files, "config.json"), "", Map.of()).run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("config.json");
        assertThatThrownBy(() ->
                        job(without(files, "model.safetensors"), "", Map.of()).run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("safetensors");
        assertThatThrownBy(() -> job(Map.of("pytorch_model.bin", "sha256:0"), "", Map.of())
                        .run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("give the model in safetensors or GGUF");
        var lost = new LinkedHashMap<>(files);
        lost.put("config.json", Digest.of(new byte[1]).text());
        assertThatThrownBy(() -> job(lost, "", Map.of()).run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("there is no blob sha256:")
                .hasMessageEndingWith(" for config.json: send it first");

        assertThat(store.find(MADE)).isEmpty();
        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void an_adapter_becomes_the_file_that_the_script_would_write() throws IOException {
        var adapter = sent(MODEL.writeAdapterBelow(directory.resolveSibling("adapter")));

        job(sent(), adapter).run(told::add);

        var made = store.find(MADE).orElseThrow();
        assertThat(made.adapters()).hasSize(1);
        assertThat(tensors(made.adapters().getFirst())).hasSize(28).isEqualTo(MODEL.expectedAdapter());
        assertThat(told)
                .anyMatch(step -> step instanceof Converting converting
                        && converting.what().equals("adapter"));
        assertThat(made.config().fileType()).isEqualTo("BF16");
    }

    @Test
    void an_adapter_that_is_of_another_model_or_not_whole_leaves_nothing() throws IOException {
        var files = sent();
        var other = sent(new ConversionCase("llama-2").writeAdapterBelow(directory.resolveSibling("other")));
        var adapter = sent(MODEL.writeAdapterBelow(directory.resolveSibling("adapter")));
        job(files, "", Map.of()).run(told::add);
        var before = blobs();

        assertThatThrownBy(() -> job(files, other).run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("use the model that it was trained on");
        assertThatThrownBy(() ->
                        job(files, without(adapter, "adapter_config.json")).run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("adapter_config.json");

        assertThat(store.find(MADE).orElseThrow().adapters()).isEmpty();
        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(before);
    }

    private static List<String> tensors(Path file) throws IOException {
        return GgufDump.of(file).stream()
                .filter(line -> line.startsWith("tensor "))
                .toList();
    }

    private CreationJob job(Map<String, String> files, Map<String, String> adapter) {
        return job(store, files, adapter, "", Map.of(), NOTHING_TO_QUANTISE);
    }

    private CreationJob job(Map<String, String> files, String quantize, Map<String, Object> parameters) {
        return job(store, files, quantize, parameters, NOTHING_TO_QUANTISE);
    }

    private CreationJob job(
            ModelStore models,
            Map<String, String> files,
            String quantize,
            Map<String, Object> parameters,
            Quantizer quantizer) {
        return job(models, files, Map.of(), quantize, parameters, quantizer);
    }

    private CreationJob job(
            ModelStore models,
            Map<String, String> files,
            Map<String, String> adapter,
            String quantize,
            Map<String, Object> parameters,
            Quantizer quantizer) {
        var request = new CreationRequest(
                "",
                Optional.of(files),
                adapter,
                Map.of(),
                quantize,
                "",
                WeightRules.NONE,
                "",
                List.of(),
                "",
                parameters,
                List.of(),
                "",
                "",
                "",
                List.of(),
                Map.of());
        return new CreationService(models, quantizer, TestServer.loopbackOnly(models)).job(MADE, request);
    }

    /** Puts the files into the store, as a client sends them. */
    private Map<String, String> sent() throws IOException {
        return sent(store, directory);
    }

    private Map<String, String> sent(Path folder) throws IOException {
        return sent(store, folder);
    }

    private Map<String, String> sent(ModelStore models) throws IOException {
        return sent(models, directory);
    }

    private static Map<String, String> sent(ModelStore models, Path folder) throws IOException {
        var digests = new LinkedHashMap<String, String>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var content = Files.readAllBytes(file);
                var digest = Digest.of(content);
                try (var blob = models.beginUpload(digest)) {
                    blob.write(content);
                    blob.commit();
                }
                digests.put(folder.relativize(file).toString(), digest.text());
            }
        }
        return digests;
    }

    private List<String> blobs() throws IOException {
        try (Stream<Path> files = Files.list(blobFolder())) {
            return new ArrayList<>(
                    files.map(file -> String.valueOf(file.getFileName())).toList());
        }
    }

    private Path blobFolder() {
        return requireNonNull(store.path(Digest.of(new byte[0])).getParent());
    }

    private List<Long> sizes(List<String> names) {
        return names.stream()
                .map(name -> blobFolder().resolve(name).toFile().length())
                .toList();
    }

    private static Map<String, String> without(Map<String, String> files, String name) {
        var rest = new LinkedHashMap<>(files);
        rest.remove(name);
        return rest;
    }

    /** Another file that is good: one byte of the weights differs. */
    private static void copyChanged(Path from, Path to) {
        try {
            var bytes = Files.readAllBytes(from);
            bytes[bytes.length - 1]++;
            Files.write(to, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
