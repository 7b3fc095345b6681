// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.scheduling.plan.LoadPlanner;
import dev.puna.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * What decides within a step.
 *
 * @param keepAlive how long models stay
 * @param eviction which models make room
 * @param maxQueue most requests that wait
 * @param loadTimeout how long a load may stand still; empty for any time
 */
record SchedulerRules(
        KeepAlivePolicy keepAlive, EvictionPolicy eviction, int maxQueue, Optional<Duration> loadTimeout) {

    static SchedulerRules of(Settings settings) {
        return new SchedulerRules(
                new KeepAlivePolicy(settings.keepAlive()),
                new EvictionPolicy(new LoadPlanner(settings)),
                settings.maxQueue(),
                settings.loadTimeout());
    }
}
