// SPDX-License-Identifier: Apache-2.0
/**
 * Modelfiles: the text that describes a model to be made, read and written.
 *
 * <p>Values only, no I/O and no framework: any thread may use them. The command line reads what a user wrote, the server
 * writes what {@code show} prints. Grammar and error texts: contract 3.1. Entry type: {@link dev.puna.modelfile.Modelfile}.
 */
@NullMarked
package dev.puna.modelfile;

import org.jspecify.annotations.NullMarked;
