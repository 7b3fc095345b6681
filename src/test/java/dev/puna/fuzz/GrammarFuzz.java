// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.llama.guard.GrammarLimits;
import dev.puna.schema.pattern.Pattern;
import dev.puna.schema.pattern.PatternSyntax;
import dev.puna.schema.pattern.TooManyStates;
import java.time.Duration;

/** Grammars in llama.cpp's notation, and regular expressions of schemas. */
final class GrammarFuzz implements FuzzTarget {
    /** What {@code Validity} lets a match cost. */
    private static final long MOST_WORK = 1_000_000;

    @Override
    public String name() {
        return "grammar";
    }

    @Override
    public void run(byte[] input) {
        var text = FuzzTarget.text(input);
        var work = new long[1];
        try {
            var pattern = Pattern.parse(text);
            pattern.matches("aaaaaaaaaaaaaaaaaaaaaaaa-1 é", more -> {
                work[0] += more;
                if (work[0] > MOST_WORK) {
                    throw new TooMuchWork();
                }
            });
        } catch (PatternSyntax | TooManyStates | TooMuchWork e) {
            // Each is told the caller in a sentence.
        }
        GrammarLimits.check(text);
    }

    @Override
    public Bounds bounds() {
        return new Bounds(Duration.ofSeconds(1), 256L << 20);
    }

    private static final class TooMuchWork extends RuntimeException {}
}
