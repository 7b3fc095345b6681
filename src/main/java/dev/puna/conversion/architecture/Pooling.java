// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the vectors of all tokens become one, as modules.json and the file that it names say. Stateless. */
final class Pooling {
    private static final int MEAN = 1;
    private static final int FIRST = 2;
    private static final int LAST = 3;

    private Pooling() {}

    /** The number that GGUF has for it; nothing where a model does not say it. */
    static Optional<Integer> of(ModelFiles files) {
        for (var module : Json.list(files, "modules.json").orElse(List.of())) {
            if (module instanceof Map<?, ?> map
                    && map.get("type") instanceof String type
                    && type.endsWith("Pooling")
                    && map.get("path") instanceof String path) {
                return Optional.of(type(Config.read(files, path + "/config.json")));
            }
        }
        return Optional.empty();
    }

    private static int type(Config config) {
        if (config.truthy("pooling_mode_mean_tokens")) {
            return MEAN;
        }
        if (config.truthy("pooling_mode_cls_token")) {
            return FIRST;
        }
        if (config.truthy("pooling_mode_lasttoken")) {
            return LAST;
        }
        return switch (config.text("pooling_mode").orElse("")) {
            case "mean" -> MEAN;
            case "cls" -> FIRST;
            case "lasttoken" -> LAST;
            default ->
                throw new InvalidRequest("the pooling of the model is none of mean, cls and lasttoken, which are what"
                        + " llama.cpp knows");
        };
    }
}
