// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.Puna;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A record does not change with a collection that somebody else still holds. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordsCopyCollectionsTest {
    /** Raised as the code grows, so that a wrong folder cannot make the rule pass on nothing. */
    private static final int COMPONENTS_AT_LEAST = 120;

    /** Components that are kept as they are handed over, and why. */
    private static final Map<String, String> KEPT = Map.of(
            "ModelfileRequest.fields", "its own factory fills it while it reads the Modelfile",
            "ModelfileRequest.files", "its own factory fills it while it reads the Modelfile",
            "Value.Listing.backing", "slices of Go share one list, which templates cut again and again",
            "Value.Mapping.entries", "the factories copy once, and types that show the same entries share them");

    @Test
    void every_record_of_the_program_copies_its_collections_but_for_those_named() {
        var classes = new RecordCopies(folderOf(Puna.class));
        var all = new TreeSet<String>();
        var kept = new TreeSet<String>();
        for (var type : classes.records()) {
            var name = type.thisClass().asInternalName();
            var copied = classes.copied(type);
            for (var component : RecordCopies.collections(type)) {
                var place = name.substring(name.lastIndexOf('/') + 1).replace('$', '.') + "." + component;
                all.add(name + place);
                if (!copied.contains(component)) {
                    kept.add(place);
                }
            }
        }

        assertThat(all).hasSizeGreaterThanOrEqualTo(COMPONENTS_AT_LEAST);
        assertThat(kept).isEqualTo(new TreeSet<>(KEPT.keySet()));
    }

    @Test
    void copies_are_told_from_what_is_kept() {
        var classes = new RecordCopies(folderOf(RecordsCopyCollectionsTest.class));
        var samples = classes.records().stream()
                .filter(type -> type.thisClass()
                        .asInternalName()
                        .startsWith(getClass().getName().replace('.', '/')))
                .toList();

        assertThat(samples).hasSize(3);
        for (var type : samples) {
            var collections = RecordCopies.collections(type);
            var wanted = type.thisClass().asInternalName().endsWith("Keeping") ? Set.<String>of() : collections;
            assertThat(collections).as(type.thisClass().asInternalName()).hasSize(4);
            assertThat(classes.copied(type)).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    record Keeping(
            String name,
            Collection<String> plain,
            ArrayList<Long> concrete,
            Optional<Set<String>> optional,
            List<?> wrapped) {
        Keeping(
                String name,
                Collection<String> plain,
                ArrayList<Long> concrete,
                Optional<Set<String>> optional,
                List<?> wrapped) {
            this.name = name;
            this.plain = plain;
            this.concrete = concrete;
            this.optional = optional.filter(set -> !Set.copyOf(set).isEmpty());
            this.wrapped = Collections.unmodifiableList(wrapped);
        }
    }

    record Compact(
            int number, List<String> list, Set<String> set, Map<String, String> map, Optional<List<String>> optional) {
        Compact {
            list = List.copyOf(list);
            set = helped(set);
            map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
            optional = optional.map(List::copyOf);
        }

        private static Set<String> helped(Set<String> set) {
            return Set.copyOf(set);
        }
    }

    record Canonical(List<String> list, Set<String> set, Map<String, String> map, Optional<List<String>> optional) {
        Canonical(List<String> list, Set<String> set, Map<String, String> map, Optional<List<String>> optional) {
            this.list = List.copyOf(list);
            this.set = Set.copyOf(set);
            this.map = Map.copyOf(map);
            this.optional = optional.map(each -> Collections.unmodifiableList(new ArrayList<>(each)));
        }
    }

    private static Path folderOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
