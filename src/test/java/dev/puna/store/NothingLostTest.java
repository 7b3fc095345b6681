// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is in the folder that is not known wholly: a start, a delete of another model, a create over one and a create that
 * fails remove nothing, since what is not known may need any blob.
 */
class NothingLostTest {
    private static final String LIBRARY = "manifests/registry.ollama.ai/library/";

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void a_store_with_three_models() throws IOException {
        models = new TestStore(folder);
        store = models.store();
        models.create("kept", "weights of the one that stays", draft -> draft.system("stay"));
        models.create("gone", "weights of the one that is deleted", draft -> draft.system("go"));
        models.create("replaced", "weights of the one that is replaced", draft -> draft.system("be replaced"));
        Files.writeString(store.path(digest("weights that a stranger needs")), "weights that a stranger needs");
    }

    static final List<String> STRANGE_PLACES = List.of(
            "manifests-v3/ollama.com/library/x/latest",
            "index/sha256",
            "anything",
            "other.lock",
            LIBRARY + "x/latest~",
            LIBRARY + "x/latest (old)",
            LIBRARY + "x y/latest",
            LIBRARY + ".x/latest",
            LIBRARY + "x/.latest",
            LIBRARY + "x/lätest",
            LIBRARY + "模型/latest",
            LIBRARY + "x/" + "t".repeat(81),
            LIBRARY + "x".repeat(81) + "/latest",
            "manifests/registry.ollama.ai/my.space/x/latest",
            "manifests/host example/library/x/latest",
            "manifests/stray",
            "manifests/host/stray",
            "manifests/host/namespace/stray",
            LIBRARY + "x/latest/deeper",
            LIBRARY + "x/latest/deeper/deepest");

    @ParameterizedTest
    @FieldSource("STRANGE_PLACES")
    void files_in_places_that_are_not_known(String place) throws IOException {
        copyOfAManifest(folder.resolve(place));

        nothingIsLost();
    }

    static final List<String> STRANGE_MANIFESTS = List.of(
            "",
            "null",
            "{}",
            "[]",
            "7",
            "[%s]",
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"dig",
            "%s%s",
            "{\"Config\":%2$s,\"Layers\":[],\"more\":[\"sha256:0123\"]}",
            "{\"schemaVersion\":3,\"config\":%2$s,\"layers\":[]}",
            "{\"schemaVersion\":\"2\",\"config\":%2$s,\"layers\":[]}",
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.ollama.manifest.tree.v4+json\",\"config\":%2$s,\"layers\":[]}",
            "{\"schemaVersion\":2,\"mediaType\":7,\"config\":%2$s,\"layers\":[]}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":[],\"layers\":[]}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":[],\"LAYERS\":[]}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":null}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":{}}",
            "{\"schemaVersion\":2,\"config\":%2$s}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":[],\"shards\":[]}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":[{\"digest\":\"sha512:12\",\"size\":1}]}",
            "{\"schemaVersion\":2,\"config\":%2$s,\"layers\":[%3$s]}",
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\"}",
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\",\"manifests\":[]}",
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\",\"manifests\":[{\"digest\":\"sha256:"
                    + "e".repeat(64) + "\"}]}");

    @ParameterizedTest
    @FieldSource("STRANGE_MANIFESTS")
    void manifests_that_are_not_known_wholly(String content) throws IOException {
        var config = "{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"digest\":\"sha256:"
                + "a".repeat(64) + "\",\"size\":1}";
        var ofTheFuture = config.replace("docker.container", "some.future");
        var file = models.manifest("strange");
        Files.createDirectories(file.getParent());
        var plain = "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[]}";
        Files.writeString(
                file,
                content.contains("%2$s")
                        ? content.formatted(plain, config, ofTheFuture)
                        : content.replace("%s", plain));

        nothingIsLost();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void links_at_every_level(int level) throws IOException {
        var parts = List.of("host.example", "space", "model", "latest");
        copyOfAManifest(elsewhere.resolve(String.join("/", parts)));
        var link = folder.resolve("manifests");
        var target = elsewhere;
        for (var part : parts.subList(0, level)) {
            Files.createDirectories(link);
            link = link.resolve(part);
            target = target.resolve(part);
        }
        Files.createSymbolicLink(link, target);

        nothingIsLost();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void links_that_lead_nowhere(int level) throws IOException {
        var link = folder.resolve("manifests");
        for (var part : List.of("host.example", "space", "model", "latest").subList(0, level)) {
            Files.createDirectories(link);
            link = link.resolve(part);
        }
        Files.createSymbolicLink(link, Path.of("nowhere"));

        nothingIsLost();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "/dev/null"})
    void a_folder_of_manifests_that_has_gone(String target) throws IOException {
        Files.move(folder.resolve("manifests"), elsewhere.resolve("manifests"));
        Files.createSymbolicLink(folder.resolve("manifests"), Path.of(target));
        var before = everything();

        assertThat(new TestStore(folder).store().prune()).isZero();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void a_folder_of_manifests_that_is_empty() throws IOException {
        Files.move(folder.resolve("manifests"), elsewhere.resolve("manifests"));
        Files.createDirectory(folder.resolve("manifests"));
        var before = everything();

        assertThat(new TestStore(folder).store().prune()).isZero();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void keys_in_another_case_are_read_as_go_reads_them() throws IOException {
        var file = models.manifest("kept");
        Files.writeString(
                file, Files.readString(file).replace("\"layers\"", "\"Layers\"").replace("\"config\"", "\"CONFIG\""));
        everythingIsOld();

        assertThat(store.prune()).isEqualTo(1);

        assertThat(models.find("kept").modelFile()).hasContent("weights of the one that stays");
        assertThat(models.find("kept").system()).contains("stay");
    }

    @Test
    void folders_and_links_among_the_blobs_are_left_alone() throws IOException {
        var gone = models.find("gone").manifest();
        Files.delete(store.path(gone.config().digest()));
        Files.createDirectory(store.path(gone.config().digest()));
        var weights = store.path(gone.layers().getFirst().digest());
        Files.move(weights, elsewhere.resolve("weights"));
        Files.createSymbolicLink(weights, elsewhere.resolve("weights"));
        var split = Files.createDirectory(folder.resolve("blobs/.ollama-split-0123456789ab-1"));
        var nowhere = Files.createSymbolicLink(folder.resolve("blobs/sha256-" + "f".repeat(64)), Path.of("nowhere"));
        everythingIsOld();

        assertThat(store.delete(ModelName.parse("gone"))).isTrue();
        store.prune();

        assertThat(weights).isSymbolicLink();
        assertThat(store.path(gone.config().digest())).isDirectory();
        assertThat(split).isDirectory();
        assertThat(nowhere).isSymbolicLink();
    }

    @Test
    void a_blob_that_is_a_link_is_there() throws IOException {
        var weights = models.find("kept").modelFile();
        Files.move(weights, elsewhere.resolve("weights"));
        Files.createSymbolicLink(weights, elsewhere.resolve("weights"));
        var system = store.path(digest("stay"));
        Files.move(system, elsewhere.resolve("system"));
        Files.createSymbolicLink(system, elsewhere.resolve("system"));

        assertThat(store.contains(digest("weights of the one that stays"))).isTrue();
        assertThat(models.find("kept").modelFile()).hasContent("weights of the one that stays");
        assertThat(models.find("kept").system()).contains("stay");
        assertThat(store.copy(ModelName.parse("kept"), ModelName.parse("copy"))).isPresent();
        models.blob("weights of the one that stays");
        models.create("again", "weights of the one that stays", draft -> draft.system("stay"));
        assertThat(weights).isSymbolicLink();
        assertThat(system).isSymbolicLink();
    }

    private void nothingIsLost() throws IOException {
        everythingIsOld();
        var before = everything();

        var opened = new TestStore(folder);
        assertThat(opened.store().prune()).isZero();
        assertThat(everything()).isEqualTo(before);

        assertThat(opened.store().delete(ModelName.parse("gone"))).isTrue();
        opened.create("replaced", "other weights");
        try (var draft = opened.store().draft()) {
            draft.system("an idea that nobody saves");
        }
        assertThat(opened.store().prune()).isZero();

        before.keySet().removeIf(place -> place.contains("library/gone") || place.contains("library/replaced"));
        assertThat(everything()).containsAllEntriesOf(before);
    }

    private void copyOfAManifest(Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Files.copy(models.manifest("kept"), place);
    }

    private void everythingIsOld() throws IOException {
        try (var files = Files.walk(folder)) {
            files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file -> TestStore.age(file, Duration.ofDays(1)));
        }
    }

    /** Every place in the folder, and what links of it lead to, with what is there. */
    private Map<String, String> everything() throws IOException {
        var found = new TreeMap<String, String>();
        for (var root : List.of(folder, elsewhere)) {
            try (var files = Files.walk(root, new FileVisitOption[0])) {
                for (var file : files.toList()) {
                    if (!file.endsWith(".puna.lock")) {
                        found.put(
                                file.toString(),
                                Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "");
                    }
                }
            }
        }
        return found;
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(UTF_8));
    }
}
