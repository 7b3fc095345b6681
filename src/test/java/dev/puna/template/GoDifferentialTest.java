// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.puna.failure.InvalidRequest;
import dev.puna.template.GoOracle.Rendering;
import dev.puna.template.value.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random templates and data, rendered here and by Go itself. {@code -Dpuna.templates.cases=100000} raises the number of cases,
 * {@code -Dpuna.templates.seed} changes them.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GoDifferentialTest {
    private static final int CASES = Integer.getInteger("puna.templates.cases", 2000);
    private static final long SEED = Long.getLong("puna.templates.seed", 20261121);
    private static final int ENOUGH_TO_READ = 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(1800)
    void templates_render_and_fail_as_in_go() throws IOException, InterruptedException {
        var started = GoOracle.start(folder);
        if (started.isEmpty()) {
            System.err.println("SKIPPED: no Go on this machine, so templates were not compared with it");
        }
        assumeTrue(started.isPresent(), "no Go on this machine");
        var differences = new ArrayList<String>();
        try (var go = started.get()) {
            for (var i = 0; i < CASES && differences.size() < ENOUGH_TO_READ; i++) {
                var random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED + i);
                var data = new SampleData(random).root();
                var template = new TemplateGenerator(random).template();
                var json = SampleData.json(data);
                var theirs = go.render(template, json);
                if (theirs.isEmpty()) {
                    continue;
                }
                var ours = rendered(template, SampleData.value(data));
                if (!ours.equals(theirs.get())) {
                    differences.add("case %d%ntemplate %s%ndata %s%nours   %s%ntheirs %s%n"
                            .formatted(i, template, json, ours, theirs.get()));
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private static Rendering rendered(String template, Value data) {
        try {
            var out = new StringBuilder();
            var parsed = GoTemplate.parse(template);
            parsed.render(parsed.root(), data, new Budget(), out);
            return new Rendering(out.toString(), null);
        } catch (InvalidRequest failed) {
            return new Rendering(null, failed.text());
        }
    }
}
