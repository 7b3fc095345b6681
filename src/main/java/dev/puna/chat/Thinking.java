// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import java.util.Locale;
import java.util.Optional;

/** How much a model should reason before it answers. */
public enum Thinking {
    /** Nobody said: the model's own habit. */
    UNSET,
    OFF,
    ON,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX;

    /** The level of that name, or nothing when there is none. */
    public static Optional<Thinking> ofLevel(String name) {
        for (var thinking : values()) {
            if (!thinking.level().isEmpty() && thinking.level().equals(name)) {
                return Optional.of(thinking);
            }
        }
        return Optional.empty();
    }

    /** Whether reasoning was asked for. */
    public boolean wanted() {
        return this != UNSET && this != OFF;
    }

    /** The level's name as templates know it; empty unless a level was given. */
    public String level() {
        return switch (this) {
            case UNSET, OFF, ON -> "";
            case LOW, MEDIUM, HIGH, XHIGH, MAX -> name().toLowerCase(Locale.ROOT);
        };
    }
}
