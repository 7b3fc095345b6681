// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.archive.ArchiveFuzz;
import dev.puna.conversion.ConversionFuzz;
import dev.puna.engine.response.ResponseFuzz;
import dev.puna.parsing.TagsFuzz;
import dev.puna.registry.access.ChallengeFuzz;
import java.util.List;

/** Every target there is. */
final class Targets {
    private Targets() {}

    static List<FuzzTarget> all() {
        return List.of(
                new ArchiveFuzz(),
                new ChallengeFuzz(),
                new ConversionFuzz(),
                new GgufFuzz(),
                new GrammarFuzz(),
                new ImportanceFuzz(),
                new ManifestFuzz(),
                new ModelfileFuzz(),
                new NamesFuzz(),
                new RequestFuzz(),
                new ResponseFuzz(),
                new SchemaFuzz(),
                new TagsFuzz(),
                new TemplateFuzz(),
                new WireFuzz());
    }

    static FuzzTarget named(String name) {
        return all().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target is called " + name));
    }
}
