// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.go.GoQuote;
import dev.puna.model.ModelOptions;
import dev.puna.modelfile.Parameters;
import dev.puna.store.InstalledModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The options of one request. Source: contract 2. Options that nobody knows are told to the log and otherwise ignored, so that
 * old clients go on working.
 */
final class RequestOptions {
    private static final Logger LOG = Logger.getLogger(RequestOptions.class);
    private static final int MOST_TOLD = 10;
    private static final int LONGEST_NAME = 64;

    private RequestOptions() {}

    /**
     * The server's defaults, above them what the weights recommend, above that the model's parameters, above them what was sent.
     *
     * @param recommended by the makers of the weights
     */
    static ModelOptions merge(
            Map<String, Object> recommended, InstalledModel model, Map<String, @Nullable Object> sent) {
        unknown(sent).forEach(name -> LOG.warnf("option.unknown name=%s", name));
        var below = new HashMap<String, @Nullable Object>(recommended);
        below.putAll(model.parameters());
        return ModelOptions.merge(below, sent);
    }

    /** The most tokens of a text that is cut: the context that was asked for, however short. */
    static int longestText(InstalledModel model, Map<String, @Nullable Object> sent) {
        return ModelOptions.askedContext(model.parameters(), sent).orElse(Integer.MAX_VALUE);
    }

    /** Some of the names that mean nothing, fit for one line each. */
    static List<String> unknown(Map<String, @Nullable Object> sent) {
        return sent.keySet().stream()
                .filter(name -> !Parameters.isKnown(name) && !name.equals(ModelAdapters.OPTION))
                .limit(MOST_TOLD)
                .map(name -> GoQuote.quoted(name.substring(0, Math.min(name.length(), LONGEST_NAME))))
                .toList();
    }
}
