// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.gguf.Gguf;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelFacts.Kind;
import dev.puna.model.ModelName;
import dev.puna.store.InstalledModel;
import dev.puna.store.ReadOnlyModels;
import dev.puna.store.UnstoredModel;
import dev.puna.store.file.FileStamp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The models in folders of the user.
 *
 * <p>Nothing is looked at before somebody asks. A walk through the folders is good for a fifth of a second, or ten times as long as it
 * has taken, so that however many ask, a tenth of one processor is the most that it costs. Models are remembered as long as
 * their files are the same. <b>Threads:</b> any; the first to ask after that time walks, and the others wait for it.
 */
public final class ModelFolders implements ReadOnlyModels {
    private static final long GOOD_FOR_NANOS = 200_000_000;
    private static final int TIMES_AS_LONG = 10;

    private final List<Path> roots;
    private final LongSupplier clock;
    private final SkipLog log = new SkipLog();
    /** By the set, which is another one as soon as a file of it changes. */
    private final Map<FileSet, InstalledModel> models = new ConcurrentHashMap<>();

    private @Nullable FolderIndex index;
    private long goodUntil;

    /** Models of those folders, of which one may be missing. */
    public ModelFolders(List<Path> roots) {
        this(roots, System::nanoTime);
    }

    /**
     * @param clock in nanoseconds
     */
    ModelFolders(List<Path> roots, LongSupplier clock) {
        this.roots = List.copyOf(roots);
        this.clock = clock;
    }

    /** Every readable model; the others are left out, with a line in the log. */
    @Override
    public List<InstalledModel> list() {
        var list = new ArrayList<InstalledModel>();
        for (var set : index().sets()) {
            var first = set.weights().getFirst().file();
            try {
                model(set).ifPresent(list::add);
                log.good(first);
            } catch (Failure damaged) {
                log.skipped(first, damaged.text());
            }
        }
        return List.copyOf(list);
    }

    @Override
    public Optional<InstalledModel> find(ModelName name) {
        return current(name).flatMap(set -> {
            try {
                return model(set);
            } catch (InvalidRequest damaged) {
                throw new StoreFailure(
                        "model '%s' cannot be used: %s: %s"
                                .formatted(
                                        set.name().shortName(),
                                        set.weights().getFirst().file(),
                                        damaged.text()),
                        damaged);
            }
        });
    }

    /** The files of that name as they are now. */
    private Optional<FileSet> current(ModelName name) {
        var known = index().find(name);
        return known.isPresent() && !known.get().isUnchanged() ? walk().find(name) : known;
    }

    private synchronized FolderIndex index() {
        var known = index;
        return known != null && clock.getAsLong() - goodUntil < 0 ? known : walk();
    }

    private synchronized FolderIndex walk() {
        var now = clock.getAsLong();
        var found = FolderIndex.of(roots, log);
        var ended = clock.getAsLong();
        goodUntil = ended + Math.max(GOOD_FOR_NANOS, TIMES_AS_LONG * (ended - now));
        index = found;
        models.keySet().retainAll(found.sets());
        return found;
    }

    /** The model of the files, or nothing where they hold no weights that run by themselves. */
    private Optional<InstalledModel> model(FileSet set) {
        var known = models.get(set);
        if (known != null) {
            return Optional.of(known);
        }
        var model = new UnstoredModel();
        for (var file : set.weights()) {
            var facts = facts(file);
            if (facts.kind() != Kind.MODEL) {
                return Optional.empty();
            }
            model.add(file, facts);
        }
        set.projector().ifPresent(file -> model.add(file, projector(file)));
        var made = model.toModel(set.name());
        models.put(set, made);
        return Optional.of(made);
    }

    private static ModelFacts projector(FileStamp file) {
        var facts = facts(file);
        if (facts.kind() != Kind.PROJECTOR) {
            throw new InvalidRequest("the file beside it that is called as a projector is none: " + file.file());
        }
        return facts;
    }

    private static ModelFacts facts(FileStamp file) {
        return Gguf.read(file.file()).facts();
    }
}
