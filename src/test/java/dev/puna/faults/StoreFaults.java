// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.Failure;
import dev.puna.faults.FaultyDisk.Fault;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A program that does all work on stores once for each call that changes something and each fault, and looks what is left. It prints
 * what is wrong, then a line of numbers. Arguments: the library of {@link FaultyDisk}, which has been preloaded, a folder of its own,
 * and of how many cases it does one.
 */
final class StoreFaults {
    private static final Set<String> OTHERS = Set.of("kept", "gone", "replaced");

    private final FaultyDisk disk;
    private final Path base;
    private final List<String> wrong = new ArrayList<>();
    private int cases;
    private int failures;
    private int folders;

    private StoreFaults(FaultyDisk disk, Path base) {
        this.disk = disk;
        this.base = base;
    }

    public static void main(String[] arguments) throws IOException {
        var oneOf = Integer.parseInt(arguments[2]);
        var faults = new StoreFaults(new FaultyDisk(Path.of(arguments[0])), Path.of(arguments[1]));
        var first = 0;
        for (var work : StoreWork.values()) {
            for (var fault : Fault.values()) {
                var calls = faults.calls(work, fault);
                for (var at = 1 + first++ % oneOf; at <= calls; at += oneOf) {
                    faults.attempt(work, fault, at);
                }
            }
        }
        faults.wrong.forEach(System.out::println);
        System.out.println("store faults: %d cases, %d of them failed as they should, %d wrong"
                .formatted(faults.cases, faults.failures, faults.wrong.size()));
        System.exit(faults.wrong.isEmpty() ? 0 : 1);
    }

    /** How many calls there are that a fault could hit. */
    private int calls(StoreWork work, Fault fault) throws IOException {
        var folder = prepared();
        disk.arm(folder, fault, Integer.MAX_VALUE);
        work.run(folder);
        return disk.disarm();
    }

    private Path prepared() throws IOException {
        var folder = base.resolve("case-" + folders++).resolve("models");
        Files.createDirectories(folder);
        StoreWork.prepare(folder);
        return folder;
    }

    private void attempt(StoreWork work, Fault fault, int at) throws IOException {
        cases++;
        var folder = prepared();
        var done = false;
        disk.arm(folder, fault, at);
        try {
            work.run(folder);
            done = true;
        } catch (Failure failure) {
            failures++;
            if (failure.text().isBlank() || failure.text().contains("Exception")) {
                wrong(work, fault, at, "is told: " + failure.text());
            }
        } catch (RuntimeException | Error unexpected) {
            wrong(work, fault, at, "throws " + unexpected);
        } finally {
            disk.disarm();
        }
        try {
            check(work, folder, done).forEach(what -> wrong(work, fault, at, what));
        } catch (RuntimeException | IOException unexpected) {
            wrong(work, fault, at, "cannot be looked at: " + unexpected);
        }
        delete(requireNonNull(folder.getParent()));
    }

    private void wrong(StoreWork work, Fault fault, int at, String what) {
        wrong.add("%s, %s at call %d: %s".formatted(work, fault, at, what));
    }

    /** What is wrong with a store after some work, and after the same work once more on a disk that does not fail. */
    private static List<String> check(StoreWork work, Path folder, boolean done) throws IOException {
        var wrong = new ArrayList<>(damage(folder));
        var store = ModelStore.open(folder);
        var there = names(store);
        for (var other : OTHERS) {
            if (!other.equals(work.model())
                    && !there.contains(ModelName.parse(other).fullName())) {
                wrong.add(other + " is lost");
            }
        }
        if (done && work != StoreWork.PRUNE) {
            var isThere = there.contains(ModelName.parse(work.model()).fullName());
            if (isThere == (work == StoreWork.DELETE)) {
                wrong.add("it was done, but there are " + there);
            }
        }
        if (work == StoreWork.REPLACE
                && !there.contains(ModelName.parse("replaced").fullName())) {
            wrong.add("what was to be replaced is lost");
        }
        work.run(folder);
        wrong.addAll(damage(folder));
        return wrong;
    }

    private static Set<String> names(ModelStore store) {
        var names = new TreeSet<String>();
        store.list().forEach(model -> names.add(model.name().fullName()));
        return names;
    }

    /** Models that lack something, and blobs that are not what their names say. */
    private static List<String> damage(Path folder) throws IOException {
        var damage = new ArrayList<String>();
        var store = ModelStore.open(folder);
        for (InstalledModel model : store.list()) {
            model.manifest()
                    .blobs()
                    .filter(layer -> !store.contains(layer.digest()))
                    .forEach(layer -> damage.add(model.name().shortName() + " lacks " + layer.digest()));
        }
        try (var blobs = Files.list(folder.resolve("blobs"))) {
            for (var blob : blobs.toList()) {
                var name = blob.getFileName().toString();
                if (name.matches("sha256-[0-9a-f]{64}")
                        && !Digest.of(Files.readAllBytes(blob)).fileName().equals(name)) {
                    damage.add("a blob of " + Files.size(blob) + " bytes is not what its name says");
                }
            }
        }
        return damage;
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
