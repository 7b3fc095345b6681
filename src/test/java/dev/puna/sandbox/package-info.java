// SPDX-License-Identifier: Apache-2.0
/** Children that try what they must not be able to do. */
@NullMarked
package dev.puna.sandbox;

import org.jspecify.annotations.NullMarked;
