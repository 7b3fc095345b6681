// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import dev.puna.engine.token.TokenList;
import java.nio.file.Path;

/**
 * A prefix that lies on disk.
 *
 * @param tokens what its state is of; not to be changed
 * @param stateBytes bytes of the state
 */
public record StoredPrefix(Path file, TokenList tokens, long stateBytes) {}
