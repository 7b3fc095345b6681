// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.llama.guard.ShimJson;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tools as they were prepared for earlier conversations, which mostly offer the same: those of the last few agents, together at most
 * three million characters. <b>Threads:</b> any; two that want the same at once may both prepare it.
 */
final class KnownTools {
    private static final int MOST = 4;
    /** Characters of one agent's tools, in all forms that they are kept in; beside them there is a grammar. */
    private static final int LARGEST = 256 << 10;

    private final Map<String, PreparedTools> known = new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedTools> eldest) {
            return size() > MOST;
        }
    };

    /** Takes the tools out of the inputs of {@code puna_chat_apply}, with what is said of which may be called. */
    PreparedTools takeOut(ObjectNode inputs) {
        var callable = inputs.path("callable");
        var tools = inputs.remove("tools") instanceof ArrayNode given ? given.toString() : "[]";
        inputs.remove("callable");
        if (tools.equals("[]")) {
            return PreparedTools.of(ShimJson.object().arrayNode(), callable);
        }
        var key = tools + "\n" + callable;
        synchronized (known) {
            var found = known.get(key);
            if (found != null) {
                return found;
            }
        }
        return prepared(key, (ArrayNode) ShimJson.parseGiven(tools, "tools"), callable);
    }

    private PreparedTools prepared(String key, ArrayNode tools, JsonNode callable) {
        var prepared = PreparedTools.of(tools, callable);
        if (key.length() + prepared.weight() <= LARGEST) {
            synchronized (known) {
                known.put(key, prepared);
            }
        }
        return prepared;
    }
}
