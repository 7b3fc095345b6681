// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far a child is locked up.
 *
 * @param missing what is not in force, each with the reason as a clause
 */
public record SandboxReport(Set<Restriction> inForce, Map<Restriction, String> missing) {
    public SandboxReport {
        inForce = Set.copyOf(inForce);
        missing = Map.copyOf(missing);
    }

    static SandboxReport of(Set<Restriction> inForce, Collection<Restriction> wanted, KernelSupport kernel) {
        var missing = new EnumMap<Restriction, String>(Restriction.class);
        for (var restriction : EnumSet.allOf(Restriction.class)) {
            if (!inForce.contains(restriction)) {
                missing.put(
                        restriction,
                        wanted.contains(restriction)
                                ? kernel.obstacle(restriction).orElse("the kernel refused it")
                                : "it was not asked for");
            }
        }
        return new SandboxReport(inForce, missing);
    }

    /** What a child would be told here that asks for all. */
    static SandboxReport expected(KernelSupport kernel) {
        var all = EnumSet.allOf(Restriction.class);
        var possible = all.stream()
                .filter(restriction -> kernel.obstacle(restriction).isEmpty())
                .collect(Collectors.toSet());
        return of(possible, all, kernel);
    }

    public boolean isComplete() {
        return missing.isEmpty();
    }

    /** Whether it has no network at all: neither TCP nor anything else. */
    public boolean isOffline() {
        return inForce.contains(Restriction.SYSTEM_CALLS);
    }

    /** A line for each restriction, in their order: {@code it has no right of root}, {@code not in force: … (why)}. */
    public List<String> lines() {
        return EnumSet.allOf(Restriction.class).stream()
                .map(restriction -> missing.containsKey(restriction)
                        ? "not in force: " + restriction.sentence() + " (" + missing.get(restriction) + ")"
                        : restriction.sentence())
                .toList();
    }

    /** One sentence for a log: what is missing, by reason, or that nothing is. */
    public String sentence() {
        if (isComplete()) {
            return "Models are computed in processes that are locked up.";
        }
        var reasons = EnumSet.copyOf(missing.keySet()).stream()
                .collect(Collectors.groupingBy(
                        missing::get,
                        LinkedHashMap::new,
                        Collectors.mapping(SandboxReport::word, Collectors.joining(", "))));
        return reasons.entrySet().stream()
                .map(reason -> reason.getValue() + " (" + reason.getKey() + ")")
                .collect(Collectors.joining(
                        "; ", "Models are computed in processes that are not wholly locked up: without ", "."));
    }

    private static String word(Restriction restriction) {
        return restriction.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
