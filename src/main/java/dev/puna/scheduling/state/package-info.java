// SPDX-License-Identifier: Apache-2.0
/**
 * The scheduler as a state machine: {@link dev.puna.scheduling.state.SchedulerStateMachine#step} takes a state, a moment and an
 * event, and returns the next state and the effects to carry out. Pure: no lock, thread, clock, log or engine is known here, so
 * that a test can drive millions of events on a clock of its own. The picture of the states is in
 * {@code src/docs/architecture.md}.
 */
@NullMarked
package dev.puna.scheduling.state;

import org.jspecify.annotations.NullMarked;
