// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.StoreFailure;
import dev.puna.model.ModelName;
import dev.puna.support.StoreProcess;
import dev.puna.support.TestStore;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one store. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoProcessesTest {
    private static final ModelName A = ModelName.parse("a");

    @TempDir
    Path folder;

    @Test
    void what_both_make_and_delete_at_once_stays_whole() throws Exception {
        try (var other = StoreProcess.working(folder, "theirs", 40)) {
            StoreProcess.work(folder, "ours", 40);

            assertThat(other.await()).isZero();
        }

        var models = new TestStore(folder);
        assertThat(models.names()).containsExactlyInAnyOrder("ours:latest", "theirs:latest");
        assertThat(models.find("ours").modelFile()).hasContent("weights of ours");
        assertThat(models.find("theirs").modelFile()).hasContent("weights of theirs");
        assertThat(models.find("theirs").system()).contains("shared by all");
    }

    @Test
    void what_another_process_writes_stays_until_that_is_dead() throws Exception {
        var models = new TestStore(folder);
        models.create("a", "weights");
        try (var other = StoreProcess.uploading(folder)) {
            assertThat(models.store().prune()).isZero();
            assertThat(models.blobs()).hasSize(3);

            other.kill();
            other.await();

            assertThat(models.store().prune()).isEqualTo(1);
            assertThat(models.blobs()).hasSize(2);
        }
    }

    @Test
    void who_finds_the_store_locked_waits_until_the_other_process_ends_however_it_does() throws Exception {
        var models = new TestStore(folder);
        models.create("a", "weights");
        try (var other = StoreProcess.locking(folder)) {
            var deletion = CompletableFuture.supplyAsync(() -> models.store().delete(A));
            assertThat(models.find("a").modelFile()).hasContent("weights");
            models.blob("uploads and reads need no lock");
            Thread.sleep(200);
            assertThat(deletion).isNotDone();

            other.kill();

            assertThat(deletion.get(15, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** As when a test and the server that it tests were loaded by different class loaders. */
    @Test
    void a_lock_of_the_same_process_is_waited_for_too() throws Exception {
        var models = new TestStore(folder);
        models.create("a", "weights");
        CompletableFuture<Boolean> deletion;
        try (var channel = FileChannel.open(folder.resolve(".puna.lock"), StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            deletion = CompletableFuture.supplyAsync(() -> models.store().delete(A));
            Thread.sleep(100);
            assertThat(deletion).isNotDone();
        }

        assertThat(deletion.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void who_waits_for_the_lock_can_be_interrupted() throws Exception {
        var models = new TestStore(folder);
        models.create("a", "weights");
        try (var channel = FileChannel.open(folder.resolve(".puna.lock"), StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> models.store().delete(A)).isInstanceOf(StoreFailure.class);

            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(models.store().delete(A)).isTrue();
    }

    @Test
    void a_lock_file_that_is_none_is_named_and_nobody_waits() throws Exception {
        var lock = folder.resolve(".puna.lock");
        var models = new TestStore(folder);
        Files.deleteIfExists(lock);
        assertThat(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> models.store().delete(A))
                .isInstanceOf(StoreFailure.class)
                .hasMessage("not a regular file: " + lock);
    }
}
