// SPDX-License-Identifier: Apache-2.0
/**
 * The documents against themselves and against what the rest of the repository says about them.
 *
 * <p>{@link dev.puna.documentation.WrittenFiles} are the files that people wrote; {@link dev.puna.documentation.Citation} finds what
 * they cite of {@code src/docs/contract}, and {@link dev.puna.documentation.ContractSections} is what can be cited there.
 */
@NullMarked
package dev.puna.documentation;

import org.jspecify.annotations.NullMarked;
