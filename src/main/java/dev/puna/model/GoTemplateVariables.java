// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields that the actions of a Go template mention, in lower case. A scan, not a parse: text outside of actions, and
 * strings and comments inside of them, do not count. Source: contract 3.5.
 */
final class GoTemplateVariables {
    private static final Pattern QUOTED =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|`[^`]*+`|'(?:[^'\\\\]|\\\\.)*+'|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_]*)");

    private final Set<String> names = new HashSet<>();
    private final boolean namesToolRole;

    GoTemplateVariables(String template) {
        namesToolRole = template.contains("\"tool\"") || template.contains("tool_response");
        for (var open = template.indexOf("{{"); open >= 0; ) {
            var close = endOfAction(template, open + 2);
            var fields = FIELD.matcher(
                    QUOTED.matcher(template.substring(open + 2, close)).replaceAll(" "));
            while (fields.find()) {
                names.add(fields.group(1).toLowerCase(Locale.ROOT));
            }
            open = template.indexOf("{{", close);
        }
    }

    List<Capability> capabilities() {
        var capabilities = new ArrayList<Capability>();
        if (names.contains("tools")) {
            capabilities.add(Capability.TOOLS);
        }
        if (names.contains("suffix")) {
            capabilities.add(Capability.INSERT);
        }
        if (names.contains("thinking")) {
            capabilities.add(Capability.THINKING);
        }
        return capabilities;
    }

    /** Whether calls and what came of them go back into the prompt. */
    boolean takesToolResults() {
        return names.contains("toolcalls") && namesToolRole;
    }

    /** Where the action that starts at {@code from} ends: at the first braces outside of strings and comments. */
    private static int endOfAction(String template, int from) {
        var quoted = QUOTED.matcher(template);
        var position = from;
        while (true) {
            var close = template.indexOf("}}", position);
            if (close < 0) {
                return template.length();
            }
            if (!quoted.find(position) || quoted.start() > close) {
                return close;
            }
            position = quoted.end();
        }
    }
}
