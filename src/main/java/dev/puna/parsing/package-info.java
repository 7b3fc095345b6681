// SPDX-License-Identifier: Apache-2.0
/**
 * A model's answer taken apart while it comes in, where its Go template says by which tags: text pieces in, parts out.
 *
 * <p>Incremental and pure: no I/O, no threads, nothing native. Every parser belongs to one answer and is used by one thread at a
 * time. However the text is cut into pieces, the parts put together are the same. Calls inside thoughts are found for any template,
 * with a {@link dev.puna.parsing.CallProbe} of its own. Entry types: {@link dev.puna.parsing.ThinkingParser},
 * {@link dev.puna.parsing.ToolCallParser} and {@link dev.puna.parsing.CallsInThought}.
 */
@NullMarked
package dev.puna.parsing;

import org.jspecify.annotations.NullMarked;
