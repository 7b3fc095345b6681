// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.support.NewerStore;
import dev.puna.support.SmallDisk;
import dev.puna.support.TestStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelArchiveTest {
    private static final String CONFIG = "{\"model_format\":\"gguf\"}";
    private static final String WEIGHTS = "weights of another program";

    @TempDir
    Path folder;

    private TestStore from;
    private TestStore to;

    @BeforeEach
    void open() {
        from = new TestStore(folder.resolve("from"));
        to = new TestStore(folder.resolve("to"));
    }

    @Test
    void an_exported_model_is_the_same_in_another_store() throws IOException {
        var model = from.create("me/model:tag", "weights", draft -> draft.system("be short"));

        assertThat(Archives.take(to.store(), Archives.export(from.store(), "me/model:tag")))
                .containsExactly("me/model:tag");

        assertThat(to.find("me/model:tag").digest()).isEqualTo(model.digest());
        assertThat(to.find("me/model:tag").system()).contains("be short");
        assertThat(to.blobs()).isEqualTo(from.blobs());
    }

    @Test
    void models_share_their_blobs_in_one_archive_whose_bytes_do_not_depend_on_their_order() throws IOException {
        from.create("a", "shared weights");
        from.derive("b", "a", draft -> draft.system("be long"));

        var archive = Archives.export(from.store(), "b", "a");

        assertThat(archive).isEqualTo(Archives.export(from.store(), "a", "b", "a"));
        assertThat(new String(archive, UTF_8).split("shared weights", -1)).hasSize(2);
        assertThat(Archives.take(to.store(), archive)).containsExactly("a:latest", "b:latest");
        assertThat(to.blobs()).isEqualTo(from.blobs());
    }

    @Test
    void a_list_of_manifests_keeps_its_digest_and_what_is_here_of_it() throws IOException {
        var newer = new NewerStore(folder.resolve("from"));
        var child = newer.blob(newer.manifest("weights", ""));
        var absent = Digest.of("not here".getBytes(UTF_8));
        newer.tag(
                NewerStore.PUBLIC + "model/latest",
                NewerStore.list(NewerStore.reference(child, "llamacpp"), NewerStore.reference(absent, "mlx")));

        Archives.take(to.store(), Archives.export(from.store(), "model"));

        assertThat(to.find("model").digest()).isEqualTo(from.find("model").digest());
        assertThat(to.store().prune()).isZero();
        assertThat(to.blobs()).contains(child.fileName());
    }

    @Test
    void what_is_missing_or_damaged_ends_an_export_with_a_sentence() throws IOException {
        var model = from.create("a", "weights");
        assertThatThrownBy(() -> Archives.export(from.store(), "b"))
                .isInstanceOf(NotFound.class)
                .hasMessage("model 'b:latest' not found");

        Files.writeString(model.modelFile(), "WEIGHTS");
        assertThatThrownBy(() -> Archives.export(from.store(), "a"))
                .isInstanceOf(StoreFailure.class)
                .hasMessage(
                        "model 'a:latest' is damaged: %s is not what its name says; 'puna verify --repair a:latest' gets it again"
                                .formatted(model.modelFile()));

        Files.writeString(model.modelFile(), "short");
        assertThatThrownBy(() -> Archives.export(from.store(), "a")).hasMessageContaining("has 5 bytes instead of 7");

        Files.delete(model.modelFile());
        assertThatThrownBy(() -> Archives.export(from.store(), "a")).hasMessageContaining("is missing");
    }

    @Test
    void the_table_of_contents_may_come_last_and_folders_between() throws IOException {
        var manifest = manifest(MediaTypes.MODEL, WEIGHTS);
        var archive = new Archives()
                .header("./", 0, TarHeader.DIRECTORY)
                .header("blobs/", 0, TarHeader.DIRECTORY)
                .blob("a blob that nobody needs")
                .blob(WEIGHTS)
                .blob(manifest)
                .blob(CONFIG)
                .index(manifest, "127.0.0.1:5000/me/model:x")
                .file("./oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}")
                .end();

        assertThat(Archives.take(to.store(), archive)).containsExactly("127.0.0.1:5000/me/model:x");

        assertThat(to.find("127.0.0.1:5000/me/model:x").modelFile()).hasContent(WEIGHTS);
        assertThat(to.blobs()).hasSize(2);
    }

    @Test
    void what_is_called_by_a_tag_only_needs_a_name() throws IOException {
        var manifest = manifest(MediaTypes.MODEL, WEIGHTS);
        var archive = new Archives()
                .index(manifest, "latest")
                .blob(manifest)
                .blob(CONFIG)
                .blob(WEIGHTS)
                .end();

        assertThatThrownBy(() -> Archives.take(to.store(), archive))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("the archive calls its model 'latest', which is no name of a model: use --name NAME");
        assertThat(Archives.take(to.store(), Optional.of(ModelName.parse("mine")), archive))
                .containsExactly("mine:latest");
    }

    @Test
    void one_name_does_not_do_for_two_models() {
        from.create("a", "one");
        from.create("b", "two");
        var archive = Archives.export(from.store(), "a", "b");

        assertThatThrownBy(() -> Archives.take(to.store(), Optional.of(ModelName.parse("c")), archive))
                .hasMessage("the archive has 2 models, which cannot all be called 'c:latest': leave --name away");
        assertThat(to.names()).isEmpty();
    }

    @Test
    void an_import_that_was_cut_off_goes_on_with_the_blobs_that_came_whole() throws IOException {
        from.create("a", "w".repeat(3_000_000), draft -> draft.system("be short"));
        var archive = Archives.export(from.store(), "a");

        assertThatThrownBy(() -> Archives.take(to.store(), Arrays.copyOf(archive, 1_000_000)))
                .isInstanceOf(StoreFailure.class)
                .hasMessageStartingWith("the archive ends in the middle: get it whole and import it again");
        assertThat(to.names()).isEmpty();
        assertThat(to.blobs()).noneMatch(name -> name.contains("unfinished"));
        var kept = to.blobs();
        assertThat(kept).isNotEmpty();
        var config = folder.resolve("to/blobs")
                .resolve(from.find("a").manifest().config().digest().fileName());
        var written = Files.getLastModifiedTime(TestStore.age(config, Duration.ofMinutes(5)));

        assertThat(Archives.take(to.store(), archive)).containsExactly("a:latest");
        assertThat(Files.getLastModifiedTime(config)).isEqualTo(written);
        assertThat(to.blobs()).isEqualTo(from.blobs());
    }

    @Test
    void blobs_that_are_there_are_jumped_over_in_a_file() throws IOException {
        from.create("a", "w".repeat(3_000_000));
        var archive = Files.write(folder.resolve("a.tar"), Archives.export(from.store(), "a"));

        for (var round = 0; round < 2; round++) {
            try (var channel = FileChannel.open(archive)) {
                assertThat(new ModelImport(to.store(), Optional.empty(), BlobProgress.NONE).run(channel))
                        .hasSize(1);
            }
        }
        assertThat(to.blobs()).isEqualTo(from.blobs());
    }

    @Test
    void a_disk_without_room_is_said_before_the_first_blob_and_nothing_is_left() throws IOException {
        from.create("a", "w".repeat(3_000_000));
        var archive = Archives.export(from.store(), "a");
        var small = Files.createDirectory(folder.resolve("small"));
        try (var _ = SmallDisk.mountedOn(small, 1024)) {
            var models = new TestStore(small);

            assertThatThrownBy(() -> Archives.take(models.store(), archive))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageStartingWith("no space left for the archive: it needs 3000");
            assertThat(models.names()).isEmpty();
            assertThat(models.blobs()).allSatisfy(name -> assertThat(name).doesNotContain("unfinished"));
        }
    }

    @Test
    void sizes_of_8_gibibytes_and_more_stand_in_a_pax_record() throws IOException {
        var size = (8L << 30) + 5;
        var bytes = new ByteArrayOutputStream();
        new TarWriter(Channels.newChannel(bytes)).begin("blobs/large", size);

        var entry = new TarReader(Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray())))
                .next()
                .orElseThrow();

        assertThat(entry).isEqualTo(new TarReader.Entry("blobs/large", size));
    }

    @Test
    void names_of_gnu_and_pax_are_read() throws IOException {
        var longName = "folder/".repeat(30) + "file";
        var archive = new Archives()
                .entry("././@LongLink", TarHeader.GNU_LONG_NAME, (longName + "\0").getBytes(UTF_8))
                .file("cut", "gnu")
                .entry("pax", TarHeader.PAX_FOR_ALL, "19 comment=anything\n".getBytes(UTF_8))
                .entry("pax", TarHeader.PAX, "13 path=a/bc\n".getBytes(UTF_8))
                .file("cut", "pax")
                .end();
        var tar = new TarReader(Channels.newChannel(new ByteArrayInputStream(archive)));

        assertThat(tar.next()).contains(new TarReader.Entry(longName, 3));
        assertThat(tar.next()).contains(new TarReader.Entry("a/bc", 3));
        assertThat(tar.read(ByteBuffer.allocate(10))).isEqualTo(3);
        assertThat(tar.next()).isEmpty();
    }

    private static String manifest(String kind, String weights) {
        return """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",
                "digest":"%s","size":%d},"layers":[{"mediaType":"%s","digest":"%s","size":%d,"annotations":{}}]}""".formatted(
                        OciManifest.TYPE,
                        Archives.digest(CONFIG),
                        CONFIG.length(),
                        kind,
                        Archives.digest(weights),
                        weights.length());
    }
}
