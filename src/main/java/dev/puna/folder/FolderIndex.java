// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import dev.puna.folder.FolderWalk.Folder;
import dev.puna.model.ModelName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The models of all folders by their names, as one walk has found them. Of two that would be called the same, the one that comes
 * first in the order of folders and of names is; the other gets a tag of its own. Immutable once it is made; any thread.
 */
final class FolderIndex {
    /** Every one has a header that a list of models reads. */
    static final int MOST_MODELS = 2_000;
    /** What is taken where no tag is asked for, as Hugging Face does. */
    private static final String USUAL_TAG = "Q4_K_M";

    private final Map<String, FileSet> sets = new LinkedHashMap<>();

    private FolderIndex() {}

    /** Looks through the folders. */
    static FolderIndex of(List<Path> roots, SkipLog log) {
        var index = new FolderIndex();
        var files = new FileSets(log);
        var weights = new HashSet<Path>();
        for (var root : roots) {
            index.add(new FolderWalk(log).walk(root), files, weights, log);
        }
        return index;
    }

    /** Every model, in order. */
    Collection<FileSet> sets() {
        return sets.values();
    }

    /** The model of that name; where no tag is asked for and none is called so, the usual one or else the first. */
    Optional<FileSet> find(ModelName name) {
        var exact = Optional.ofNullable(sets.get(key(name)));
        return exact.isPresent() || !name.tag().equals(ModelName.DEFAULT_TAG) ? exact : usual(name);
    }

    private Optional<FileSet> usual(ModelName name) {
        var usual = new ModelName(name.host(), name.namespace(), name.model(), USUAL_TAG);
        return Optional.ofNullable(sets.get(key(usual))).or(() -> sets.values().stream()
                .filter(set -> key(name)
                        .equals(key(new ModelName(
                                set.name().host(),
                                set.name().namespace(),
                                set.name().model(),
                                name.tag()))))
                .findFirst());
    }

    private void add(Folder folder, FileSets files, Set<Path> weights, SkipLog log) {
        var repository = HubCache.of(folder);
        var found = files.of(repository.map(HubCache::files).orElse(folder.files()));
        for (var set : found) {
            if (sets.size() >= MOST_MODELS) {
                log.skipped(folder.path(), "more than %d models; the rest is left out".formatted(MOST_MODELS));
                return;
            }
            // One that is found by two ways is one.
            if (weights.add(set.weights().getFirst().file())) {
                put(repository
                        .map(hub -> set.called(hub.name(set.name().tag())))
                        .orElse(set));
            }
        }
        if (repository.isEmpty()) {
            folder.folders().forEach(inner -> add(inner, files, weights, log));
        }
    }

    private void put(FileSet set) {
        var name = set.name();
        for (var number = 2; sets.containsKey(key(name)); number++) {
            name = FileName.numbered(set.name(), number);
        }
        sets.put(key(name), set.called(name));
    }

    private static String key(ModelName name) {
        return name.fullName().toLowerCase(Locale.ROOT);
    }
}
