// SPDX-License-Identifier: Apache-2.0
/**
 * Values as Go sees them: kinds, types' names, how they print, how they become JSON.
 *
 * <p>Pure and immutable, for any thread. A Go string is a row of bytes; here it is a Java string whose every character is one
 * byte (0 to 255), made and unmade by {@link dev.puna.go.GoText}. Used by the syntax and the executor of templates.
 * Entry type: {@link dev.puna.template.value.Value}.
 */
@NullMarked
package dev.puna.template.value;

import org.jspecify.annotations.NullMarked;
