// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.ArrayList;
import java.util.List;

/** What the words in a Jinja template give away about a model. Source: contract 3.5. */
record JinjaTemplate(String text) {
    List<Capability> capabilities() {
        var capabilities = new ArrayList<Capability>();
        if (text.contains("tools") || text.contains("tool_call")) {
            capabilities.add(Capability.TOOLS);
        }
        if (thinks()) {
            capabilities.add(Capability.THINKING);
        }
        return capabilities;
    }

    /** Whether calls and what came of them go back into the prompt. */
    boolean takesToolResults() {
        return text.contains("tool_calls")
                && (text.contains("'tool'") || text.contains("\"tool\"") || text.contains("tool_response"));
    }

    private boolean thinks() {
        if (text.contains("<think>") && text.contains("</think>")) {
            return true;
        }
        var splits = text.contains("split('</think>')") || text.contains("split(\"</think>\")");
        return splits && !text.contains("reasoning_content");
    }
}
