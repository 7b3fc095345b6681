// SPDX-License-Identifier: Apache-2.0
/**
 * How registries are spoken to: who may be asked and sent on to, and who it says is asking.
 *
 * <p>Credentials are given to the host that the user has named, and to no other. Only {@code dev.puna.registry} and who makes the parts
 * may call. Entry type: {@link dev.puna.registry.access.RegistryAccess}.
 */
@NullMarked
package dev.puna.registry.access;

import org.jspecify.annotations.NullMarked;
