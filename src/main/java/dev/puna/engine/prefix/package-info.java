// SPDX-License-Identifier: Apache-2.0
/** What the KV cache held of beginnings of prompts, on disk: the folders, the files, and which of them are of use. */
@NullMarked
package dev.puna.engine.prefix;

import org.jspecify.annotations.NullMarked;
