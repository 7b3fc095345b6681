// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * Whether and which of its tools a model may, must or must not call in its answer.
 *
 * @param choice whether it calls
 * @param allowed names of the tools it may call, all of which are offered; empty for all that are offered
 * @param parallel whether an answer may hold more than one call
 */
public record ToolCalling(Choice choice, Set<String> allowed, boolean parallel) {

    /** Who decides whether tools are called. */
    public enum Choice {
        /** The model. */
        AUTO,
        /** The request: none is called. */
        NONE,
        /** The request: at least one is called. */
        REQUIRED
    }

    /** What a request that says nothing means: the model calls what it likes, as often as it likes. */
    public static final ToolCalling AUTO = new ToolCalling(Choice.AUTO, Set.of(), true);

    public ToolCalling {
        requireNonNull(choice, "choice is null");
        allowed = Set.copyOf(allowed);
    }

    public boolean required() {
        return choice == Choice.REQUIRED;
    }

    /** Those of the offered tools that may be called. */
    public List<ToolDefinition> callable(List<ToolDefinition> offered) {
        if (choice == Choice.NONE) {
            return List.of();
        }
        return allowed.isEmpty()
                ? offered
                : offered.stream().filter(tool -> allowed.contains(tool.name())).toList();
    }
}
