// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.model.ModelName;
import dev.puna.registry.PullsOfTests;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import dev.puna.support.TestStore;
import java.nio.file.Path;
import java.time.Duration;

/** What is done to a store while its disk fails. */
enum StoreWork {
    CREATE("new") {
        @Override
        void run(Path folder) {
            new TestStore(folder).create("new", "weights of the new one".repeat(5_000), draft -> {
                draft.system("shared");
                draft.license("of the new one");
            });
        }
    },
    REPLACE("replaced") {
        @Override
        void run(Path folder) {
            new TestStore(folder).create("replaced", "other weights", draft -> draft.system("other"));
        }
    },
    COPY("host.example/space/copy") {
        @Override
        void run(Path folder) {
            ModelStore.open(folder).copy(ModelName.parse("kept"), ModelName.parse("host.example/space/copy"));
        }
    },
    DELETE("gone") {
        @Override
        void run(Path folder) {
            ModelStore.open(folder).delete(ModelName.parse("gone"));
        }
    },
    PRUNE("") {
        @Override
        void run(Path folder) {
            ModelStore.open(folder).prune();
        }
    },
    PULL("me/model") {
        @Override
        void run(Path folder) {
            PullsOfTests.pullInto(requireNonNull(folder.getParent()), Registry.FAKE.host(), "me/model");
        }
    };

    private final String name;

    StoreWork(String name) {
        this.name = name;
    }

    /** Does it. */
    abstract void run(Path folder);

    /** The name of the model that it makes or removes; empty for none. */
    String model() {
        return this == PULL ? Registry.FAKE.host() + "/" + name : name;
    }

    /** What is pulled from. */
    private static final class Registry {
        static final FakeRegistry FAKE = new FakeRegistry();

        static {
            FAKE.model("latest", "weights from elsewhere".repeat(10_000).getBytes(UTF_8));
        }
    }

    /** A store with three models, of which two share a blob, and one that nobody needs. */
    static void prepare(Path folder) {
        var models = new TestStore(folder);
        models.create("kept", "weights that stay", draft -> draft.system("shared"));
        models.create("gone", "weights that go", draft -> draft.system("shared"));
        models.create("replaced", "weights that are replaced", draft -> draft.license("replaced, too"));
        TestStore.age(models.store().path(models.blob("unneeded")), Duration.ofDays(2));
    }
}
