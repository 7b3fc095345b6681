// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.agent;

import dev.puna.inference.ChatCompletion;
import dev.puna.settings.Settings;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the beginning of a known agent's prompts the same from turn to turn; every other request stays as it is. Any thread. */
@Singleton
public final class AgentPrefix {
    /** Beginnings of what Claude Code and Codex, in all their forms, send as their {@code User-Agent}. */
    private static final List<String> AGENTS = List.of("claude-cli/", "claude-code/", "codex_", "codex-", "codex/");

    private final boolean on;

    /** As the settings say. */
    public AgentPrefix(Settings settings) {
        on = settings.agentPrefix();
    }

    /**
     * The request as the model gets it.
     *
     * @param userAgent who sends it, null if it does not say
     */
    public ChatCompletion steady(ChatCompletion completion, @Nullable String userAgent) {
        return on && userAgent != null && isAgent(userAgent) ? PrefixRules.applied(completion) : completion;
    }

    private static boolean isAgent(String userAgent) {
        return AGENTS.stream().anyMatch(agent -> userAgent.regionMatches(true, 0, agent, 0, agent.length()));
    }
}
