// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.store.ModelStore;
import dev.puna.support.TestModels;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recordings of transport rules and of the routes that manage models. */
@QuarkusTest
@Tag("quarkus")
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManagementContractTest {
    /** All but those that convert weights, or run models. */
    private static final Pattern MINE = Pattern.compile("0(0[1-58]|70|72|1\\d|2\\d|3\\d|4\\d|5[0-6]|5[89]|6\\d|7[3-9]"
            + "|8\\d|9\\d)-.*|10[0-9]-.*|30[123]-.*|326-.*|329-.*");

    /** Those that go on from the recorded upload of Gemma. */
    private static final Pattern WITH_GEMMA = Pattern.compile("(05[2-8]|06[0-3]|069|07\\d|087|09[45])-.*");

    /** Those that go on from the recorded upload of SmolLM2. */
    private static final Pattern WITH_SMOLLM2 = Pattern.compile("3\\d\\d-.*");

    /** Those that go on from the recorded upload of the embedding model. */
    private static final Pattern WITH_THE_EMBEDDING_MODEL = Pattern.compile("06[4-9]-.*");

    private static final Map<String, String> KNOWN = RecordedCase.known();

    private static boolean emptied;

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @BeforeEach
    void start_with_an_empty_store() {
        if (!emptied) {
            store.list().forEach(model -> store.delete(model.name()));
            emptied = true;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_answer_is_the_recorded_one(RecordedCase recorded) throws IOException {
        abort_without_what_it_goes_on_from(recorded);
        var differences = Judge.differences(recorded.expected(), recorded.replay(server));

        if (KNOWN.containsKey(recorded.name())) {
            assertThat(differences)
                    .as("no longer differs: take it out of known.json")
                    .isNotEmpty();
        } else {
            assertThat(differences).isEmpty();
        }
    }

    private static void abort_without_what_it_goes_on_from(RecordedCase recorded) {
        if (recorded.name().startsWith("create-quantize-q")) {
            TestModels.nativeLibraries();
        }
        if (WITH_GEMMA.matcher(recorded.file()).matches()) {
            TestModels.gemma();
        }
        if (WITH_SMOLLM2.matcher(recorded.file()).matches()) {
            TestModels.smolLm2();
        }
        if (WITH_THE_EMBEDDING_MODEL.matcher(recorded.file()).matches()) {
            TestModels.miniLm();
        }
    }

    static List<RecordedCase> cases() {
        return RecordedCase.load(MINE.asMatchPredicate());
    }
}
