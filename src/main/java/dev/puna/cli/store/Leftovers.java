// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.text.Quantity;
import dev.puna.failure.StoreFailure;
import dev.puna.store.PruneAges;
import dev.puna.store.Upkeep;
import java.io.PrintWriter;
import java.util.List;

/** What no model needs, shown and removed. */
final class Leftovers {
    private final Upkeep upkeep;
    private final PruneAges ages;
    private final PrintWriter out;

    Leftovers(Upkeep upkeep, PruneAges ages, PrintWriter out) {
        this.upkeep = requireNonNull(upkeep, "upkeep is null");
        this.ages = requireNonNull(ages, "ages is null");
        this.out = requireNonNull(out, "out is null");
    }

    /** A line for each file, then how many bytes they have; gives whether there are any. */
    boolean list() {
        try {
            var found = upkeep.unneeded(ages);
            show(found);
            out.println("%s would be removed, %s".formatted(files(found), bytes(found)));
            return !found.isEmpty();
        } catch (StoreFailure e) {
            throw nothingRemoved(e);
        }
    }

    void remove() {
        try {
            var gone = upkeep.remove(ages);
            show(gone);
            out.println("%s removed, %s freed".formatted(files(gone), bytes(gone)));
        } catch (StoreFailure e) {
            throw nothingRemoved(e);
        }
    }

    private void show(List<Upkeep.Unneeded> files) {
        files.forEach(one -> out.println(one.file().getFileName() + "  " + Quantity.bytes(one.bytes())));
    }

    private static String files(List<Upkeep.Unneeded> files) {
        return files.size() == 1 ? "1 file" : files.size() + " files";
    }

    private static String bytes(List<Upkeep.Unneeded> files) {
        return Quantity.bytes(files.stream().mapToLong(Upkeep.Unneeded::bytes).sum());
    }

    private static CommandFailure nothingRemoved(StoreFailure e) {
        return new CommandFailure("nothing was removed: " + e.text(), e);
    }
}
