// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.OutputFormat;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.local.EngineTests.Question;
import dev.puna.support.TestModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a real model answers with forced text, and where all tokens are sampled, as they are where a bias speaks of each.
 * {@code -Dpuna.forced.model=FILE} and {@code -Dpuna.forced.vocabulary=TOKENS} ask another one, {@code -Dpuna.forced.schemas=N} for so
 * many schemas; then it prints how many answers are the same.
 */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 3_000, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForcedTokensTest {
    private static final int SCHEMAS = Integer.getInteger("puna.forced.schemas", 4);
    private static final int SMOL_LM2 = 49_152;

    private final LongNamedSchemas schemas = new LongNamedSchemas(7);
    private int same;
    private int cutAlike;
    private int roundedOtherwise;
    private int tokens;
    private int sampledTokens;

    @Test
    void answers_are_the_same_unless_the_model_cuts_certain_text_otherwise_than_its_tokenizer() {
        var sampled = biases();
        try (var engine = EngineTests.load(model(), 4096, 1)) {
            for (var i = 0; i < SCHEMAS; i++) {
                var schema = schemas.next();
                // Afterwards the cache holds the prompt for all of them, as one computation has rounded it.
                EngineTests.ask(engine, question(schema).tokens(1).request());
                var told = EngineTests.ask(engine, question(schema).logprobs(0).request());
                var with = EngineTests.ask(engine, question(schema).request());
                var without = EngineTests.ask(
                        engine, question(schema).biases(sampled).logprobs(0).request());

                count(told, without);
                roundedOtherwise += with.text().equals(told.text()) ? 0 : 1;
            }
        }
        if (Integer.getInteger("puna.forced.schemas") != null) {
            System.out.printf(
                    "%d of %d answers are the same as sampled ones, %d are others though cut alike;"
                            + " %d are others in steps of one token; %d tokens, sampled %d%n",
                    same, SCHEMAS, cutAlike, roundedOtherwise, tokens, sampledTokens);
        }
        assertThat(same).isGreaterThanOrEqualTo(SCHEMAS / 3);
        // Several tokens in a step round otherwise than one, and two may be as likely.
        assertThat(cutAlike).isLessThanOrEqualTo(Math.max(1, SCHEMAS / 20));
        assertThat(roundedOtherwise).isLessThanOrEqualTo(Math.max(1, SCHEMAS / 10));
    }

    private void count(Answer forced, Answer sampled) {
        tokens += forced.finished().usage().generatedTokens();
        sampledTokens += sampled.finished().usage().generatedTokens();
        var apart =
                Arrays.mismatch(forced.text().getBytes(UTF_8), sampled.text().getBytes(UTF_8));
        if (apart < 0) {
            same++;
        } else if (ends(forced).headSet(apart).equals(ends(sampled).headSet(apart))) {
            cutAlike++;
        }
    }

    /** As programs ask: with a schema that the prompt shows. */
    private static Question question(String schema) {
        return EngineTests.chat("Give me an example of a JSON object that follows this schema: " + schema)
                .tokens(120)
                .format(new OutputFormat.Schema(schema));
    }

    /** The bytes at which tokens end. */
    private static NavigableSet<Integer> ends(Answer answer) {
        var ends = new TreeSet<Integer>();
        var end = 0;
        for (var token : answer.logprobs()) {
            end += token.bytes().size();
            ends.add(end);
        }
        return ends;
    }

    private static Map<Integer, Float> biases() {
        var biases = new HashMap<Integer, Float>();
        for (var token = 0; token < Integer.getInteger("puna.forced.vocabulary", SMOL_LM2); token++) {
            biases.put(token, 0f);
        }
        return biases;
    }

    private static Path model() {
        var given = System.getProperty("puna.forced.model");
        return given == null ? TestModels.smolLm2() : Path.of(given);
    }
}
