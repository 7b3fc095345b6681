// SPDX-License-Identifier: Apache-2.0
/**
 * Making models: out of another one, or out of files in the store, with weights written anew where that is asked for.
 *
 * <p>Entry type is {@link dev.puna.creation.CreationService}, which makes a {@link dev.puna.creation.CreationJob} of a
 * {@link dev.puna.creation.CreationRequest}, and a {@link dev.puna.creation.ModelPull} of a repository. Any API may call, and a registry client; nothing here knows one. A job runs on the
 * thread of its caller, which waits for the disk.
 */
@NullMarked
package dev.puna.creation;

import org.jspecify.annotations.NullMarked;
