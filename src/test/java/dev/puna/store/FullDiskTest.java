// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.support.NewerStore;
import dev.puna.support.SmallDisk;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk with no room left, or with none to give. */
class FullDiskTest {
    private static final int KILOBYTES = 1024;

    @TempDir
    Path folder;

    private @Nullable SmallDisk disk;
    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void mount() {
        disk = SmallDisk.mountedOn(folder, KILOBYTES);
        models = new TestStore(folder);
        store = models.store();
        models.create("a", "weights");
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void an_upload_that_fills_the_disk_leaves_nothing_and_the_next_one_works() {
        var chunk = new byte[64 * KILOBYTES];
        var before = models.blobs();
        try (var upload = store.beginUpload(Digest.of("never mind".getBytes(UTF_8)))) {
            assertThatThrownBy(() -> {
                        for (var i = 0; i < 32; i++) {
                            upload.write(chunk);
                        }
                    })
                    .isInstanceOf(StoreFailure.class)
                    .hasMessage(
                            "no space left on the disk of " + folder.resolve("blobs") + ": free some and try again");
        }

        assertThat(models.blobs()).isEqualTo(before);
        models.create("b", "x".repeat(100_000));
        assertThat(models.names()).containsExactlyInAnyOrder("a:latest", "b:latest");
    }

    @Test
    void a_model_whose_layers_do_not_fit_is_not_made_and_leaves_nothing() {
        var before = models.blobs();

        assertThatThrownBy(() -> models.derive("b", "a", draft -> {
                    draft.license("small");
                    draft.system("x".repeat(2 << 20));
                }))
                .isInstanceOf(StoreFailure.class)
                .hasMessageStartingWith("no space left on the disk");

        assertThat(models.blobs()).isEqualTo(before);
        assertThat(models.names()).containsExactly("a:latest");
    }

    @Test
    void on_a_full_disk_a_model_is_neither_copied_nor_harmed_and_can_be_deleted() throws IOException {
        fill();

        assertThatThrownBy(() -> store.copy(ModelName.parse("a"), ModelName.parse("host.example/ns/b")))
                .isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> store.copy(ModelName.parse("a"), ModelName.parse("a")))
                .isInstanceOf(StoreFailure.class);

        assertThat(models.names()).containsExactly("a:latest");
        assertThat(models.find("a").modelFile()).hasContent("weights");
        assertThat(store.delete(ModelName.parse("a"))).isTrue();
        assertThat(models.names()).isEmpty();
    }

    @Test
    void a_folder_that_can_only_be_read_is_read_and_refuses_the_rest() {
        TestStore.age(store.path(models.blob("old and unneeded")), Duration.ofDays(1));
        requireNonNull(disk).makeReadOnly();
        var readOnly = ModelStore.open(folder);

        assertThat(readOnly.list()).hasSize(1);
        assertThat(readOnly.find(ModelName.parse("a")).orElseThrow().modelFile())
                .hasContent("weights");
        assertThat(readOnly.prune()).isZero();
        refuses(() -> readOnly.delete(ModelName.parse("a")));
        refuses(() -> readOnly.copy(ModelName.parse("a"), ModelName.parse("b")));
        refuses(() -> readOnly.beginUpload(Digest.of("hello".getBytes(UTF_8))));
        assertThat(readOnly.list()).hasSize(1);
    }

    @Test
    void a_folder_of_the_newer_layout_that_can_only_be_read_is_read_and_keeps_everything() {
        var made = new NewerStore(folder);
        made.tag(NewerStore.PUBLIC + "newer/latest", made.manifest("newer weights", ""));
        made.blob("old and unneeded");
        requireNonNull(disk).makeReadOnly();
        var readOnly = ModelStore.open(folder);

        assertThat(readOnly.list()).hasSize(2);
        assertThat(readOnly.find(ModelName.parse("newer")).orElseThrow().modelFile())
                .hasContent("newer weights");
        assertThat(readOnly.prune()).isZero();
        refuses(() -> readOnly.delete(ModelName.parse("newer")));
        refuses(() -> readOnly.copy(ModelName.parse("newer"), ModelName.parse("b")));
        assertThat(readOnly.list()).hasSize(2);
    }

    private static void refuses(ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOf(StoreFailure.class)
                .hasMessageEndingWith("the model store is read-only for this user;"
                        + " change the rights to it, or set PUNA_MODELS to another folder");
    }

    private void fill() throws IOException {
        var chunk = ByteBuffer.allocate(KILOBYTES);
        try (var channel =
                FileChannel.open(folder.resolve("filler"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(chunk.clear());
            }
        } catch (IOException full) {
            assertThat(Files.size(folder.resolve("filler"))).isPositive();
        }
    }
}
