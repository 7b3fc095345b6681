// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import dev.puna.folder.FolderWalk.Found;
import dev.puna.store.file.FileStamp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which files lying together make up a model: the parts of a split one, and a projector for it. <b>Threads:</b> one. */
final class FileSets {
    private static final Pattern PROJECTOR_WORD = Pattern.compile("(?i)[-._]?mmproj[-._]?");
    /** Of several projectors for a model, the one that loses nothing and is no larger than need be. */
    private static final List<String> BEST_PROJECTORS = List.of("F16", "BF16", "F32");

    private final SkipLog log;

    FileSets(SkipLog log) {
        this.log = log;
    }

    /**
     * The models of one folder.
     *
     * @param files that may belong together, in order
     */
    List<FileSet> of(List<Found> files) {
        var models = files.stream().filter(file -> !file.name().projector()).toList();
        var projectors = files.stream().filter(file -> file.name().projector()).toList();
        var bases = models.stream().map(file -> lower(file.name().base())).distinct();
        var only = bases.count() == 1;
        var sets = new ArrayList<FileSet>();
        for (var parts : grouped(models).values()) {
            var first = parts.getFirst();
            missing(parts)
                    .ifPresentOrElse(
                            reason -> log.skipped(first.place(), reason),
                            () -> sets.add(new FileSet(
                                    first.name().modelName(),
                                    parts.stream().map(Found::stamp).toList(),
                                    projector(first.name(), projectors, only))));
        }
        return sets;
    }

    /** What groups the parts of one model; a whole file is alone. */
    private record Group(Path folder, FileName name, String file) {}

    private static Map<Group, List<Found>> grouped(List<Found> models) {
        var groups = new LinkedHashMap<Group, List<Found>>();
        for (var file : models) {
            var name = file.name();
            var whole = name.parts() == 1;
            var key = new Group(
                    file.place().resolveSibling(""),
                    whole ? name : name.withoutPart(),
                    whole ? file.place().getFileName().toString() : "");
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(file);
        }
        return groups;
    }

    /** What is wrong with the parts, if anything is. */
    private static Optional<String> missing(List<Found> parts) {
        var count = parts.getFirst().name().parts();
        if (count == 1) {
            return Optional.empty();
        }
        var there = parts.stream().map(file -> file.name().part().orElse(0)).collect(Collectors.toSet());
        return IntStream.rangeClosed(1, count)
                .filter(number -> !there.contains(number))
                .mapToObj(number -> "part %d of %d is missing".formatted(number, count))
                .findFirst()
                .or(() -> there.size() == count
                        ? Optional.empty()
                        : Optional.of("there are more parts than the %d that the names tell of".formatted(count)));
    }

    /**
     * The projector that names the model, or any if there is no other model that it could be for.
     *
     * @param only whether all models here are the same but for their quantisation
     */
    private static Optional<FileStamp> projector(FileName model, List<Found> projectors, boolean only) {
        var named = projectors.stream()
                .filter(file -> lower(modelOf(file.name())).equals(lower(model.base())))
                .toList();
        var candidates = named.isEmpty() && only ? projectors : named;
        return candidates.stream()
                .min(Comparator.comparingInt(FileSets::rank).thenComparing(Found::place))
                .map(Found::stamp);
    }

    private static String modelOf(FileName projector) {
        return PROJECTOR_WORD.matcher(projector.base()).replaceAll("");
    }

    private static int rank(Found projector) {
        var place = BEST_PROJECTORS.indexOf(projector.name().quantisation().toUpperCase(Locale.ROOT));
        return place < 0 ? BEST_PROJECTORS.size() : place;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
