// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A second process at a store of a test. */
public final class StoreProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;

    private StoreProcess(Process process) {
        this.process = process;
    }

    /** Makes and deletes models named after {@code name}, that many times. */
    public static StoreProcess working(Path store, String name, int rounds) throws IOException {
        return start("work", store.toString(), name, Integer.toString(rounds));
    }

    /** Keeps the store locked until it is killed; returns when it is. */
    public static StoreProcess locking(Path store) throws IOException, InterruptedException {
        return begun("lock", store);
    }

    /** Is in the middle of an upload until it is killed; returns when it is. */
    public static StoreProcess uploading(Path store) throws IOException, InterruptedException {
        return begun("upload", store);
    }

    private static StoreProcess begun(String task, Path store) throws IOException, InterruptedException {
        var locked = Files.createTempDirectory("other-process").resolve("has-begun");
        var other = start(task, store.toString(), locked.toString());
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(locked)) {
            if (!other.process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the other process did not begin");
            }
            Thread.sleep(10);
        }
        return other;
    }

    /** Waits for its end; its exit status. */
    public int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the other process does not end");
        }
        return process.exitValue();
    }

    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }

    private static StoreProcess start(String... arguments) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(
                java,
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StoreProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new StoreProcess(new ProcessBuilder(command).inheritIO().start());
    }

    /** What the second process does. */
    public static void main(String[] arguments) throws Exception {
        var root = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "work" -> work(root, arguments[2], Integer.parseInt(arguments[3]));
            case "lock" -> lock(root, Path.of(arguments[2]));
            case "upload" -> upload(root, Path.of(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Makes a model and deletes it, again and again; the last one stays. */
    public static void work(Path root, String name, int rounds) {
        var models = new TestStore(root);
        for (var round = 0; round < rounds; round++) {
            models.create(name, "weights of " + name, draft -> draft.system("shared by all"));
            if (round < rounds - 1) {
                deleteAndPrune(models.store(), name);
            }
        }
    }

    private static void deleteAndPrune(ModelStore store, String name) {
        if (!store.delete(ModelName.parse(name))) {
            throw new AssertionError(name + " is gone");
        }
        store.prune();
    }

    private static void upload(Path root, Path begun) throws Exception {
        try (var blob = ModelStore.open(root).beginUnnamed()) {
            blob.write("the beginning".getBytes(UTF_8));
            Files.createFile(begun);
            Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
    }

    private static void lock(Path root, Path locked) throws Exception {
        try (var channel = FileChannel.open(
                        root.resolve(".puna.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            Files.createFile(locked);
            Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
    }
}
