// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/** Why a generation ended. */
public enum FinishReason {
    /** The model said it is done, or a stop string came. */
    STOP,
    /** The number of tokens asked for, or the context, is used up. */
    LENGTH
}
