// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.json.RecordJson;
import dev.puna.failure.InvalidRequest;
import java.util.List;

/** What an item of compaction holds: a summary, and the items that stay, as plain JSON. Source: addendum 4.2. */
public final class CompactedItems {
    /** What the model knows a summary as: the result of a call of that name. */
    static final String TOOL = "ollama_compaction_summary";

    private static final String TYPE = "ollama_compaction";

    private CompactedItems() {}

    /** The content of a new item. */
    public static String written(String summary, List<String> retained) {
        var content = JsonNodeFactory.instance
                .objectNode()
                .put("type", TYPE)
                .put("version", 1)
                .put("summary", summary);
        var items = content.putArray("retained");
        retained.forEach(item -> items.add(new POJONode(new RawValue(item))));
        return new String(RecordJson.bytes(content), UTF_8);
    }

    /** The content of an item that came back. */
    static JsonObject read(JsonValue encrypted) {
        try {
            var content = encrypted.embedded().object("openai.ResponsesCompaction");
            if (content.string("type").equals(TYPE)
                    && content.integer("version").orElse(0L) == 1) {
                return content;
            }
        } catch (InvalidRequest _) {
            // Told below.
        }
        throw new InvalidRequest("encrypted_content is none that this server has made; send the items themselves");
    }

    /** The id of the call whose result a summary is: the same whenever it comes back, so that its prompt is cached. */
    static String callId(String summary) {
        var hash = 0xcbf29ce484222325L;
        for (var i = 0; i < summary.length(); i++) {
            hash = (hash ^ summary.charAt(i)) * 0x100000001b3L;
        }
        var digits = "00000000000" + Long.toHexString(hash >>> 16);
        return "call_ollama_compaction_" + digits.substring(digits.length() - 12);
    }
}
