// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LandmarksTest {
    private final Landmarks landmarks = new Landmarks();

    @Test
    void without_places_no_step_has_to_end() {
        assertThat(landmarks.until(0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(landmarks.reachedFile(0)).isFalse();
        assertThat(landmarks.reachedCheckpoint(0)).isFalse();
    }

    @Test
    void a_step_ends_at_the_next_place_of_any_kind() {
        landmarks.fileAt(30);
        landmarks.checkpointsAt(20, 40);

        assertThat(landmarks.until(0)).isEqualTo(20);
        assertThat(landmarks.until(20)).isEqualTo(10);
        assertThat(landmarks.until(31)).isEqualTo(9);
        assertThat(landmarks.until(40)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void a_place_is_reached_once() {
        landmarks.fileAt(20);
        landmarks.checkpointsAt(20, 40);

        assertThat(landmarks.reachedCheckpoint(19)).isFalse();
        assertThat(landmarks.reachedCheckpoint(20)).isTrue();
        assertThat(landmarks.reachedCheckpoint(20)).isFalse();
        assertThat(landmarks.reachedFile(20)).isTrue();
        assertThat(landmarks.reachedFile(20)).isFalse();
        assertThat(landmarks.reachedCheckpoint(40)).isTrue();
    }
}
