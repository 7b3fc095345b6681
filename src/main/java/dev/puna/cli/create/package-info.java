// SPDX-License-Identifier: Apache-2.0
/**
 * Making a model from a Modelfile: finding the files it names, sending them, asking the server to put them together.
 *
 * <p>Used by {@code puna create} and by the demo model; blocking, one thread. Entry type:
 * {@link dev.puna.cli.create.ModelCreation}.
 */
@NullMarked
package dev.puna.cli.create;

import org.jspecify.annotations.NullMarked;
