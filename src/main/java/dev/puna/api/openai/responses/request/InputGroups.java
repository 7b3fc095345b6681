// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The items of an input by the groups in which they stay or go: calls of one answer with their results, and any other item by itself.
 * <b>Threads:</b> one; for one input. Source: addendum 4.2.
 */
final class InputGroups {
    private static final int PREVIEW = 80;

    /** Of an item: its place in the list of items, and those of the list of groups and of the map of calls. */
    private static final int RECORD = 300;

    private record Item(String id, String type, JsonValue json, int group) {}

    private final List<Item> items = new ArrayList<>();
    private final Map<String, Integer> groupsOfCalls = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private int group;
    private boolean calling;

    /** Takes note of an item. */
    void add(JsonValue json, JsonObject item) {
        json.take(RECORD);
        var type = item.string("type");
        var callId = item.string("call_id");
        var isCall = type.endsWith("_call") && !callId.isEmpty();
        var isResult = type.endsWith("_output");
        if (!isResult && !(isCall && calling)) {
            group++;
        }
        calling = isCall;
        if (isCall) {
            groupsOfCalls.put(callId, group);
            open.add(callId);
        }
        open.removeIf(id -> isResult && id.equals(callId));
        var id = item.string("id");
        items.add(new Item(
                id.isEmpty() ? "item_" + items.size() : id,
                type.isEmpty() ? "message" : type,
                json,
                isResult ? groupsOfCalls.getOrDefault(callId, group) : group));
    }

    /** What can be chosen from: a line for each item, and its JSON in full. */
    CompactableInput compactable() {
        var kept = new HashSet<Integer>();
        open.forEach(call -> kept.add(groupsOfCalls.getOrDefault(call, 0)));
        var lines = new ArrayList<String>();
        var groups = new LinkedHashMap<String, Integer>();
        var texts = new ArrayList<String>();
        var places = new ArrayList<Integer>();
        for (var item : items) {
            var text = item.json.rewritten();
            texts.add(text);
            places.add(item.group);
            groups.put(item.id, item.group);
            lines.add("%s (%s): %s".formatted(item.id, item.type, text.substring(0, Math.min(PREVIEW, text.length()))));
        }
        return new CompactableInput(lines, groups, texts, places, kept);
    }
}
