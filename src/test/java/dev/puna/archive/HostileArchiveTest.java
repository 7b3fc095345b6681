// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that are none, are damaged or mean harm: each ends in a sentence, and the store is as it was. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HostileArchiveTest {
    private static final String CONFIG = "{}";

    @TempDir
    Path folder;

    private TestStore models;
    private List<String> before = List.of();

    @BeforeEach
    void create() {
        models = new TestStore(folder);
        models.create("mine", "my weights");
        before = models.blobs();
    }

    @AfterEach
    void nothing_is_lost_and_nothing_left() {
        assertThat(models.names()).containsExactly("mine:latest");
        assertThat(models.blobs()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../up", "blobs/../../up", "./../up", "a\\b"})
    void names_that_lead_out_of_the_archive_are_refused(String name) throws IOException {
        refused(new Archives().file(name, "x").end(), "leads out of it");
    }

    @ParameterizedTest
    @ValueSource(chars = {'1', '2', '3', '4', '6', 'S', 'V', 'Z'})
    void links_devices_and_other_oddities_are_refused(char type) throws IOException {
        refused(new Archives().header("index.json", 0, type).end(), "which no archive of models does");
    }

    @Test
    void sizes_that_cannot_be_are_refused_before_anything_is_made_for_them() throws IOException {
        refused(new Archives().header("x", 1L << 31, TarHeader.PAX).end(), "where at most 1048576 make sense");
        refused(new Archives().header("x", 1L << 31, TarHeader.GNU_LONG_NAME).end(), "at most 4096");
        refused(new Archives().header("index.json", 100_000_000, TarHeader.FILE).end(), "at most 4194304");
        refused(new Archives().header("oci-layout", 5_000, TarHeader.FILE).end(), "at most 4096");
        for (var size : List.of("-1", "9223372036854775807", "99999999999999999999", "x")) {
            var record = " size=" + size + "\n";
            var pax = (record.length() + 2 + record).getBytes(UTF_8);
            refused(
                    new Archives()
                            .entry("pax", TarHeader.PAX, pax)
                            .file("x", "")
                            .end(),
                    "the archive is damaged");
        }
        var sparse = "24 GNU.sparse.major=1.0\n".getBytes(UTF_8);
        refused(new Archives().entry("pax", TarHeader.PAX, sparse).file("x", "").end(), "sparse");
    }

    @Test
    void a_blob_for_which_no_disk_has_room_is_not_begun() throws IOException {
        var record = "25 size=%d\n".formatted(1L << 50);
        var bomb = new Archives()
                .entry("pax", TarHeader.PAX, record.getBytes(UTF_8))
                .header(LayoutIndex.BLOBS + "0".repeat(64), 0, TarHeader.FILE);

        assertThat(record).hasSize(25);
        assertThatThrownBy(() -> Archives.take(models.store(), bomb.end()))
                .isInstanceOf(StoreFailure.class)
                .hasMessageStartingWith("no space left for the archive: it needs 1125899906842624 bytes");
    }

    @Test
    void what_is_no_archive_is_called_what_it_is() {
        refused(new byte[0], "the archive is empty");
        refused(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "this is a gzip file: unpack it first");
        refused(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}, "this is a zstd file");
        refused("GGUF and more".getBytes(UTF_8), "this is a GGUF file");
        refused("PK\3\4".getBytes(UTF_8), "this is a zip file");
        refused("anything else".getBytes(UTF_8), "this is no tar archive");
        refused(new byte[2048], "it has no index.json");
    }

    @Test
    void archives_without_a_model_are_refused() throws IOException {
        refused(new Archives().file("readme", "x").end(), "it has no index.json");
        refused(new Archives().file("manifest.json", "[]").end(), "this is an archive of 'docker save'");
        refused(new Archives().file("index.json", "{}").end(), "its index.json lists no manifest");
        refused(new Archives().file("index.json", "[").end(), "its index.json is no JSON");
        refused(new Archives().file("oci-layout", "{}").end(), "a later version");
        refused(new Archives().index("{}", "a:b").index("{}", "a:b").end(), "index.json is there twice");
        refused(new Archives().index("{}", "a:b").end(), "the archive lacks the manifest of 'a:b'");
        refused(new Archives().index("{}", "").end(), "does not say what its model is called");
        var nested = Archives.indexOf("{}", "a:b").replace("manifest.v1", "index.v1");
        refused(new Archives().file("index.json", nested).end(), "an index of images for several platforms");
        var other = Archives.indexOf("{}", "a:b").replace("sha256:", "sha512:");
        refused(new Archives().file("index.json", other).end(), "is no SHA-256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "no JSON",
                "{\"config\":{\"mediaType\":\"\",\"digest\":\"sha256:..\",\"size\":1}}",
                "{\"config\":%s,\"layers\":[]}",
                "{\"config\":%s}",
                "{\"config\":%s,\"layers\":[{\"mediaType\":\"unknown\",\"digest\":\"%2$s\",\"size\":2}]}",
                "{\"config\":%s,\"layers\":[{\"mediaType\":\"%3$s\",\"digest\":\"%2$s\",\"size\":-1}]}",
                "{\"config\":%s,\"layers\":[{\"mediaType\":\"%3$s\",\"digest\":\"%2$s\",\"size\":9223372036854775808}]}",
                "{\"config\":%s,\"layers\":[{\"mediaType\":\"%3$s\",\"digest\":\"%2$s\",\"size\":3}]}",
            })
    void manifests_of_no_model_are_refused(String text) throws IOException {
        var config = "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":2}"
                .formatted(MediaTypes.CONFIG, Archives.digest(CONFIG));
        var manifest = text.formatted(config, Archives.digest(CONFIG), MediaTypes.MODEL);

        refused(
                new Archives()
                        .index(manifest, "a:b")
                        .blob(manifest)
                        .blob(CONFIG)
                        .end(),
                "'a:b'");
        refused(
                new Archives()
                        .blob(CONFIG)
                        .blob(manifest)
                        .index(manifest, "a:b")
                        .end(),
                "'a:b'");
    }

    @Test
    void a_blob_that_is_not_what_its_name_says_is_refused() throws IOException {
        refused(
                new Archives().file(LayoutIndex.BLOBS + "0".repeat(64), "other").end(),
                "the archive is damaged: blobs/sha256/0000");
    }

    @Test
    void no_damage_of_an_archive_does_anything_but_end_it() throws IOException {
        var whole = Archives.export(models.store(), "mine");
        var random = new Random(1);
        for (var round = 0; round < 300; round++) {
            var damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
            for (var flips = random.nextInt(4); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Archives.take(models.store(), damaged);
            } catch (Failure e) {
                assertThat(e.text()).isNotEmpty();
            }
            models.names().stream().filter(name -> !name.equals("mine:latest")).forEach(this::delete);
        }
        models.store().discard(models.blobs().stream().map(Digest::parse).toList());
    }

    private void delete(String name) {
        models.store().delete(ModelName.parse(name));
    }

    private void refused(byte[] archive, String reason) {
        assertThatThrownBy(() -> Archives.take(models.store(), archive))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(reason);
    }
}
