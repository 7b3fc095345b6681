// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.store.ModelStore;
import dev.puna.support.NativeEngineProfile;
import dev.puna.support.TestModels;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recordings of the routes that run models, answered by the very models of the recordings. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(300)
@DisplayNameGeneration(ReplaceUnderscores.class)
class InferenceContractTest {
    private static final Pattern RUNS_MODELS = Pattern.compile(
            "007-.*|1(1[2-9]|[2-9]\\d)-.*|2([0-5]\\d|6[0-9]|7[0-6]|81)-.*|3(0[6-9]|1\\d|2[0-58]|3[12])-.*");

    /** What brings the models; how it is answered is judged by {@link ManagementContractTest}. */
    private static final Pattern BRINGS_MODELS = Pattern.compile("0(40|52|54|55|56|64|65)-.*|30[12]-.*|326-.*");

    private static final Map<String, String> KNOWN = RecordedCase.known();

    private static boolean emptied;

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @BeforeAll
    static void only_with_models() {
        TestModels.nativeLibraries();
        TestModels.gemma();
        TestModels.smolLm2();
        TestModels.miniLm();
    }

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
        var answer = recorded.replay(server);
        if (BRINGS_MODELS.matcher(recorded.file()).matches()) {
            assertThat(answer.status()).isBetween(200, 299);
            return;
        }

        var differences = Judge.differences(recorded.expected(), answer);

        if (KNOWN.containsKey(recorded.name())) {
            assertThat(differences)
                    .as("no longer differs: take it out of known.json")
                    .isNotEmpty();
        } else {
            assertThat(differences).isEmpty();
        }
    }

    static List<RecordedCase> cases() {
        return RecordedCase.load(RUNS_MODELS.asMatchPredicate().or(BRINGS_MODELS.asMatchPredicate()));
    }
}
