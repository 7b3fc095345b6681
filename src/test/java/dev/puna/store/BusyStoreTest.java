// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.support.TestStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads at one store. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusyStoreTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 40;

    @TempDir
    Path folder;

    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void open() {
        models = new TestStore(folder);
        store = models.store();
    }

    @Test
    void a_model_that_is_created_and_deleted_at_once_is_whole_or_not_there() throws Exception {
        var name = ModelName.parse("contended");

        runAtOnce(thread -> {
            for (var round = 0; round < ROUNDS; round++) {
                if (thread % 2 == 0) {
                    create("contended", round % 3);
                } else {
                    store.delete(name);
                }
                store.find(name).ifPresent(BusyStoreTest::readAll);
            }
        });

        store.delete(name);
        assertThat(store.list()).isEmpty();
    }

    private void create(String name, int variant) {
        var weights = Digest.of("weights".getBytes(UTF_8));
        try (var _ = store.hold(List.of(weights));
                var draft = store.draft()) {
            draft.addFile(models.blob("weights"), TestStore.FACTS);
            draft.system("system " + variant);
            draft.save(ModelName.parse(name));
        }
    }

    /** What was found may be deleted by now; then that is what is said. */
    private static void readAll(InstalledModel model) {
        try {
            assertThat(model.system().orElseThrow()).startsWith("system ");
            assertThat(model.modelFile()).isNotNull();
        } catch (StoreFailure gone) {
            assertThat(gone.text()).containsAnyOf("missing", "incomplete");
        }
    }

    @Test
    void uploads_of_one_digest_by_many_leave_one_blob() throws Exception {
        var content = "x".repeat(100_000);

        runAtOnce(_ -> {
            for (var round = 0; round < ROUNDS; round++) {
                models.blob(content);
            }
        });

        assertThat(models.blobs()).hasSize(1);
    }

    @Test
    void many_models_made_at_once_are_all_there() throws Exception {
        runAtOnce(thread -> {
            for (var round = 0; round < 10; round++) {
                create("m" + thread + "-" + round, 0);
                store.prune();
            }
        });

        assertThat(store.list()).hasSize(THREADS * 10);
        assertThat(store.list()).allSatisfy(model -> assertThat(model.system()).contains("system 0"));
    }

    private interface Work {
        void run(int thread);
    }

    private static void runAtOnce(Work work) throws Exception {
        try (var executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (var i = 0; i < THREADS; i++) {
                var thread = i;
                running.add(executor.submit(() -> work.run(thread)));
            }
            for (var one : running) {
                one.get(100, TimeUnit.SECONDS);
            }
        }
    }
}
