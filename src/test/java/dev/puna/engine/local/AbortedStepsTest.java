// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.local.CheckpointsTest.Kind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps that were stopped because somebody else left: what they may have changed is taken back, as little as possible. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AbortedStepsTest {
    private static final int LENGTH = 1024;
    private static final String PROMPT =
            "it was in a winter long ago when the river froze and all the people of the town went out upon the ice to see"
                    + " what lay beneath</s>and there they found a bell that had been lost for more than a hundred years</s>";
    private static final String LEAVING = "nobody ever asked the old man why he had left the town by night".repeat(3);

    @TempDir
    Path folder;

    private @Nullable SteppedModel bench;

    @AfterEach
    void close() {
        if (bench != null) {
            bench.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_sequence_that_generates_goes_on_from_its_prompt(Kind kind) {
        var model = open(kind);
        var sequence = model.start(PROMPT);
        model.next(sequence);
        model.next(sequence);
        model.next(sequence);

        model.abort(sequence, model.start(LEAVING));

        assertThat(sequence.decoded()).isGreaterThan(PROMPT.length() - 40);
        assertThat(three(sequence)).isEqualTo(undisturbed(kind));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_prompt_of_which_nothing_was_read_begins_anew(Kind kind) {
        var model = open(kind);
        var sequence = model.start(PROMPT);

        model.abort(sequence, model.start(LEAVING));

        assertThat(sequence.decoded()).isZero();
        model.next(sequence);
        model.next(sequence);
        model.next(sequence);
        assertThat(three(sequence)).isEqualTo(undisturbed(kind));
    }

    private String undisturbed(Kind kind) {
        var model = open(kind);
        var sequence = model.start(PROMPT);
        model.next(sequence);
        model.next(sequence);
        model.next(sequence);
        return three(sequence);
    }

    private String three(Sequence sequence) {
        for (var i = 0; i < 3; i++) {
            model().next(sequence);
        }
        return SteppedModel.end(sequence);
    }

    private SteppedModel model() {
        return requireNonNull(bench, "no model is open");
    }

    private SteppedModel open(Kind kind) {
        close();
        bench = new SteppedModel(kind.model().writeTo(folder.resolve("tiny.gguf")), LENGTH);
        return bench;
    }
}
