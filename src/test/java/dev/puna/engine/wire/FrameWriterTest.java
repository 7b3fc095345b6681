// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Image;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.StepClock;
import dev.puna.failure.InvalidRequest;
import dev.puna.model.WeightPlan;
import dev.puna.support.TestRequests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages are written together, whole, and without copies of what is large. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class FrameWriterTest {
    private final List<ByteBuffer[]> writes = new ArrayList<>();
    private final FrameWriter writer = new FrameWriter(writes::add);

    @Test
    void what_was_added_goes_out_in_one_write() throws IOException {
        for (var i = 0; i < 100; i++) {
            writer.add(new FromRunner.Pong(i, StepClock.Step.NONE));
        }
        assertThat(writes).isEmpty();

        writer.flush();

        assertThat(writes).hasSize(1);
    }

    @Test
    void nothing_added_is_no_write() throws IOException {
        writer.flush();
        writer.add(new ToRunner.Ping(1));
        writer.flush();
        writer.flush();

        assertThat(writes).hasSize(1);
    }

    @Test
    void images_are_written_from_where_they_lie() throws IOException {
        var images = List.of(new Image(new byte[5 << 20]), new Image(new byte[BodyWriter.BY_REFERENCE]));
        writer.add(new ToRunner.Generate(1, request(images)));

        writer.flush();

        var arrays = new ArrayList<byte[]>();
        for (var part : writes.getFirst()) {
            assertThat(part.hasRemaining()).isTrue();
            assertThat(part.arrayOffset()).isNotNegative();
            arrays.add(part.array());
        }
        assertThat(arrays)
                .usingElementComparator((one, other) -> one == other ? 0 : 1)
                .containsSubsequence(
                        images.getFirst().encoded(), images.getLast().encoded());
    }

    @Test
    void an_image_is_read_into_the_array_that_it_keeps() throws IOException {
        var sent = new Image(new byte[900_000]);
        var stream = new ByteArrayInputStream(Frames.of(new ToRunner.Render(1, request(List.of(sent)))));
        var filled = new ArrayList<byte[]>();
        var reader = new FrameReader((into, offset, length) -> {
            filled.add(into);
            return stream.read(into, offset, length);
        });

        var read = reader.readToRunner();

        assertThat(read).isInstanceOf(ToRunner.Render.class);
        var image = ((Prompt.Raw) ((ToRunner.Render) read).request().prompt())
                .images()
                .getFirst();
        assertThat(image).isEqualTo(sent);
        assertThat(filled).anyMatch(array -> array == image.encoded());
    }

    @Test
    void vectors_go_out_in_pieces_of_bounded_size() throws IOException {
        writer.add(new FromRunner.Embeddings(1, new EmbeddingResult(List.of(new float[1 << 20], new float[3]), 1)));

        writer.flush();

        assertThat(writes.getFirst()).allMatch(part -> part.capacity() <= 1 << 16);
    }

    @Test
    void of_a_message_that_is_too_long_nothing_is_sent() throws IOException {
        var long1 = Path.of("/" + "x".repeat(9_000_000));
        var message = new ToRunner.Quantize(1, List.of(long1), long1, WeightPlan.of(0), 1);

        assertThatThrownBy(() -> writer.add(message))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("16777216 bytes");
        writer.flush();

        assertThat(writes).isEmpty();
    }

    @Test
    void after_a_write_that_failed_there_is_none() {
        var broken = new FrameWriter(_ -> {
            throw new IOException("gone");
        });
        broken.add(new ToRunner.Ping(1));
        assertThatThrownBy(broken::flush).hasMessage("gone");

        assertThatThrownBy(broken::flush)
                .isInstanceOf(IOException.class)
                .hasMessage("the connection has ended within an earlier message");
    }

    @Test
    void messages_of_many_threads_stay_whole_and_those_of_one_in_order() throws Exception {
        var bytes = new ByteArrayOutputStream();
        var shared = new FrameWriter(parts -> {
            for (var part : parts) {
                bytes.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            }
        });
        var threads = 8;
        var each = 2_000;
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var tasks = new ArrayList<Future<?>>();
            for (var thread = 0; thread < threads; thread++) {
                long call = thread;
                tasks.add(pool.submit(() -> {
                    for (var number = 0; number < each; number++) {
                        shared.add(new FromRunner.Text(call, number + " of " + call));
                        if (number % 7 == 0) {
                            shared.flush();
                        }
                    }
                    shared.flush();
                    return null;
                }));
            }
            for (var task : tasks) {
                task.get();
            }
        }

        var next = new HashMap<Long, Integer>();
        for (var message : Frames.read(bytes.toByteArray(), FromRunner.class)) {
            var text = (FromRunner.Text) message;
            var number = next.merge(text.call(), 1, Integer::sum) - 1;
            assertThat(text.text()).isEqualTo(number + " of " + text.call());
        }
        assertThat(next).hasSize(threads).allSatisfy((_, count) -> assertThat(count)
                .isEqualTo(each));
    }

    private static GenerationRequest request(List<Image> images) {
        return TestRequests.of(new Prompt.Raw("a text", images));
    }
}
