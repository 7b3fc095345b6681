// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.StoredMessage;
import dev.puna.model.WeightRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a model is to be made of. Source: contract 3.2.
 *
 * @param from the model to start from, empty if none
 * @param files digests of the blobs to start from by the names the client has for them; nothing if none were sent
 * @param adapters digests of the adapters, likewise; empty for none
 * @param drafts digests of the model that guesses ahead, likewise; empty for none
 * @param quantize type that the weights are to have, in capitals; empty to keep what they have
 * @param draftQuantize the same for the model that guesses ahead
 * @param rules what else is said of the type of the weights, the importance matrix by its digest
 * @param template Go template, empty to keep what there is
 * @param licenses licence texts to add
 * @param system system message, empty to keep what there is
 * @param parameters parameters that win over those there are
 * @param messages what every conversation starts with, empty to keep what there is
 * @param renderer built-in prompt renderer, empty to keep what there is
 * @param parser built-in output parser, empty to keep what there is
 * @param requires lowest server version, empty to keep what there is
 * @param capabilities words for what the model can do, in place of those its configuration has; empty to keep them
 * @param info overrides of what the files say
 */
public record CreationRequest(
        String from,
        Optional<Map<String, String>> files,
        Map<String, String> adapters,
        Map<String, String> drafts,
        String quantize,
        String draftQuantize,
        WeightRules rules,
        String template,
        List<String> licenses,
        String system,
        Map<String, Object> parameters,
        List<StoredMessage> messages,
        String renderer,
        String parser,
        String requires,
        List<String> capabilities,
        Map<String, Object> info) {
    /** The most licences of a request: each becomes a file of the store. */
    private static final int MOST_LICENSES = 1024;

    public CreationRequest {
        if (licenses.size() > MOST_LICENSES) {
            throw new InvalidRequest("too many licenses: %d (at most %d)".formatted(licenses.size(), MOST_LICENSES));
        }
        requireNonNull(from, "from is null");
        files = files.map(CreationRequest::sorted);
        adapters = sorted(adapters);
        drafts = sorted(drafts);
        requireNonNull(quantize, "quantize is null");
        requireNonNull(draftQuantize, "draftQuantize is null");
        if (quantize.isEmpty() && !rules.isEmpty()) {
            throw new InvalidRequest(
                    "an importance matrix and types of tensors need 'quantize': the type of the other weights");
        }
        requireNonNull(template, "template is null");
        licenses = List.copyOf(licenses);
        requireNonNull(system, "system is null");
        parameters = unmodifiableMap(new LinkedHashMap<>(parameters));
        messages = List.copyOf(messages);
        requireNonNull(renderer, "renderer is null");
        requireNonNull(parser, "parser is null");
        requireNonNull(requires, "requires is null");
        capabilities = List.copyOf(capabilities);
        info = unmodifiableMap(new LinkedHashMap<>(info));
    }

    /** Another model as it is. */
    static CreationRequest from(String model) {
        return new CreationRequest(
                model,
                Optional.empty(),
                Map.of(),
                Map.of(),
                "",
                "",
                WeightRules.NONE,
                "",
                List.of(),
                "",
                Map.of(),
                List.of(),
                "",
                "",
                "",
                List.of(),
                Map.of());
    }

    private static Map<String, String> sorted(Map<String, String> files) {
        return unmodifiableMap(new TreeMap<>(files));
    }
}
