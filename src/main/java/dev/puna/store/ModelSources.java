// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The models of the store together with the read-only ones, which it hides where the names are the same. Any thread. */
final class ModelSources {
    private static final System.Logger LOG = System.getLogger(ModelSources.class.getName());
    /** The most names that were said to be hidden; the set must not grow for ever. */
    private static final int MOST_TOLD = 1000;

    private final InstalledModels own;
    private final ReadOnlyModels others;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    ModelSources(InstalledModels own, ReadOnlyModels others) {
        this.own = own;
        this.others = others;
    }

    /** Every readable model, newest first. */
    List<InstalledModel> all() {
        var models = own.all();
        var names = models.stream().map(ModelSources::key).collect(Collectors.toSet());
        var more = others.list();
        if (more.isEmpty()) {
            return models;
        }
        var all = new ArrayList<>(models);
        for (var model : more) {
            if (names.contains(key(model))) {
                tellHidden(model);
            } else {
                all.add(model);
            }
        }
        all.sort(Comparator.comparing(InstalledModel::modifiedAt).reversed().thenComparing(model -> model.name()
                .fullName()));
        return List.copyOf(all);
    }

    /** The model of that name, for that runner or the best one. */
    Optional<InstalledModel> find(ModelName name, String runner) {
        return own.find(name, runner).or(() -> others.find(name).map(model -> forRunner(model, runner)));
    }

    /** Refuses to change a model that is there but not the store's. */
    void requireNoOther(ModelName name, String wish) {
        others.find(name).ifPresent(model -> {
            throw new InvalidRequest("model '%s' is the file %s of a folder in PUNA_MODEL_DIRS, which is only read: %s"
                    .formatted(model.name().shortName(), model.modelFile(), wish));
        });
    }

    private static InstalledModel forRunner(InstalledModel model, String runner) {
        if (!runner.isEmpty() && !runner.equals(Runners.LLAMA_CPP) && !runner.equals(Runners.GGML)) {
            throw StoredManifests.none(List.of(runner));
        }
        return model;
    }

    private void tellHidden(InstalledModel model) {
        if (told.size() < MOST_TOLD && told.add(key(model))) {
            LOG.log(
                    Level.INFO,
                    "store.model hides file={0} reason=\"the store has a model {1} too\"",
                    model.modelFile(),
                    model.name().shortName());
        }
    }

    private static String key(InstalledModel model) {
        return model.name().fullName().toLowerCase(Locale.ROOT);
    }
}
