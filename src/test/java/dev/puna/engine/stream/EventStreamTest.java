// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.GenerationEvent;
import dev.puna.failure.NativeFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventStreamTest {

    private final Recorder reader = new Recorder();
    private int rooms;
    private int cancels;
    private final EventStream stream = new EventStream(reader, Runnable::run, () -> rooms++, () -> cancels++);

    @Test
    void nothing_is_handed_over_before_it_is_asked_for() {
        stream.emit(text("a"));
        assertThat(reader.items).isEmpty();

        stream.request(1);
        assertThat(reader.items).containsExactly(text("a"));
    }

    @Test
    void the_end_comes_after_the_last_item_even_without_further_demand() {
        stream.emit(text("a"));
        stream.complete();
        assertThat(reader.completed).isFalse();

        stream.request(1);

        assertThat(reader.items).hasSize(1);
        assertThat(reader.completed).isTrue();
    }

    @Test
    void a_failure_comes_after_the_items_before_it() {
        stream.emit(text("a"));
        stream.fail(new NativeFailure("broken"));
        stream.request(10);

        assertThat(reader.items).hasSize(1);
        assertThat(reader.failure).hasMessage("broken");
        assertThat(reader.completed).isFalse();
    }

    @Test
    void a_reader_who_does_not_ask_fills_the_queue_and_is_waited_for() {
        var emitted = 0;
        while (stream.hasRoom()) {
            stream.emit(text("x"));
            emitted++;
        }
        assertThat(emitted).isBetween(16, 64);

        stream.request(emitted / 4);
        assertThat(rooms).isZero();
        stream.request(emitted);

        assertThat(rooms).isEqualTo(1);
        assertThat(reader.items).hasSize(emitted);
        assertThat(stream.hasRoom()).isTrue();
    }

    @Test
    void after_a_cancel_nothing_more_is_handed_over() {
        stream.request(10);
        stream.cancel();
        stream.cancel();
        stream.emit(text("late"));
        stream.complete();

        assertThat(reader.items).isEmpty();
        assertThat(reader.completed).isFalse();
        assertThat(cancels).isEqualTo(1);
    }

    private static GenerationEvent text(String piece) {
        return new GenerationEvent.Text(piece, List.of());
    }

    private static final class Recorder implements Subscriber<GenerationEvent> {
        final List<GenerationEvent> items = new ArrayList<>();
        boolean completed;

        @Nullable
        Throwable failure;

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(GenerationEvent item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable throwable) {
            failure = throwable;
        }

        @Override
        public void onComplete() {
            completed = true;
        }
    }
}
