// SPDX-License-Identifier: Apache-2.0
/**
 * Agents that send their whole conversation again at each turn: what changes at the front of their prompts without meaning anything is
 * taken out, so that the rest is found in the cache.
 *
 * <p>Only for programs that are known by their {@code User-Agent}; the rules are in {@code src/docs/agents.md}. Resources of any
 * dialect call. <b>Threads:</b> any. Entry type: {@link dev.puna.api.agent.AgentPrefix}.
 */
@NullMarked
package dev.puna.api.agent;

import org.jspecify.annotations.NullMarked;
