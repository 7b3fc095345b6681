// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ServedProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile models against the packaged program. {@code -Dhostile.count=2000} takes more of them, {@code -Dhostile.seed=2} others, and
 * {@code -Dhostile.only=template} those of one kind.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostileModelsIT {
    /** A process of the JVM form takes a second to start, one of the executable some hundredths. */
    private static final int COUNT = Integer.getInteger(
            "hostile.count", Files.exists(Path.of(System.getProperty("native.image.path", "none"))) ? 200 : 30);

    private static final long SEED = Long.getLong("hostile.seed", 1);
    private static final String ONLY = System.getProperty("hostile.only", "");
    private static final long MOST_MEMORY = 2L << 30;

    @TempDir
    Path home;

    @Test
    void the_server_outlives_every_model() throws Exception {
        var verdicts = new TreeMap<String, Map<Verdict, Integer>>();
        var worst = new ArrayList<String>();
        try (var trial = new HostileTrial(() -> ServedProgram.start(home, Map.of("GGML_NO_BACKTRACE", "1")))) {
            for (var model : new HostileModels().take(COUNT, SEED)) {
                if (!ONLY.isEmpty() && !model.kind().equals(ONLY)) {
                    continue;
                }
                var verdict = trial.judge(model);
                verdicts.computeIfAbsent(model.kind(), _ -> new EnumMap<>(Verdict.class))
                        .merge(verdict, 1, Integer::sum);
                if (verdict.compareTo(Verdict.HUNG) >= 0) {
                    worst.add(verdict + " " + model);
                    Files.write(
                            Files.createDirectories(Path.of("target/hostile")).resolve(worst.size() + ".gguf"),
                            model.file());
                }
                assertThat(trial.residentBytes()).as("%s", model).isLessThan(MOST_MEMORY);
            }
            trial.requireHonestService();
        }
        System.out.println("hostile models: " + verdicts);
        worst.forEach(System.out::println);

        assertThat(verdicts.values()).anyMatch(kind -> kind.containsKey(Verdict.RAN));
        assertThat(verdicts.values()).anyMatch(kind -> kind.containsKey(Verdict.REFUSED_AT_CREATE));
        assertThat(worst).isEmpty();
    }
}
