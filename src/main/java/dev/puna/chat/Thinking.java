// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import java.util.Locale;

/** How much a model should reason before it answers. */
public enum Thinking {
    /** Nobody said: the model's own habit. */
    UNSET,
    OFF,
    ON,
    LOW,
    MEDIUM,
    HIGH,
    MAX;

    /** Whether reasoning was asked for. */
    public boolean wanted() {
        return this != UNSET && this != OFF;
    }

    /** The level's name as templates know it; empty unless a level was given. */
    public String level() {
        return switch (this) {
            case UNSET, OFF, ON -> "";
            case LOW, MEDIUM, HIGH, MAX -> name().toLowerCase(Locale.ROOT);
        };
    }
}
