// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.engine.media.ImageTags.Piece;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ImageTagsTest {

    @Test
    void tags_come_before_what_a_message_says_and_count_on_over_all_messages() {
        var tagged = ImageTags.of(List.of(message("two", 2), Message.of("assistant", "I see"), message("one more", 1)));

        assertThat(tagged.messages())
                .extracting(Message::content)
                .containsExactly("[img-0][img-1]two", "I see", "[img-2]one more");
        assertThat(tagged.images()).hasSize(3);
    }

    @Test
    void tags_take_the_places_that_a_message_names() {
        assertThat(ImageTags.of(List.of(message("first [img], then [img]", 2)))
                        .messages()
                        .getFirst()
                        .content())
                .isEqualTo("first [img-0], then [img-1]");
        assertThat(ImageTags.of(List.of(message("only [img]", 2)))
                        .messages()
                        .getFirst()
                        .content())
                .isEqualTo("[img-1]only [img-0]");
    }

    @Test
    void a_raw_text_may_have_tags_already() {
        assertThat(ImageTags.completed("see [img-1]", 2)).isEqualTo("[img-0]see [img-1]");
        assertThat(ImageTags.completed("see [img]", 1)).isEqualTo("see [img-0]");
        assertThat(ImageTags.completed("see", 0)).isEqualTo("see");
    }

    @Test
    @Timeout(10)
    void the_work_does_not_grow_with_images_times_letters() {
        var places = "[img]".repeat(5_000);
        var words = "x".repeat(20 << 20);

        assertThat(ImageTags.completed(words + places, 10_000))
                .startsWith("[img-5000]")
                .contains("[img-9999]x", "x[img-0][img-1]")
                .endsWith("[img-4999]");
    }

    @Test
    void a_tag_without_a_image_is_text() {
        assertThat(ImageTags.split("a [img-0] b [img-1] c [img-999999999999]", 1))
                .containsExactly(
                        new Piece.Text("a "),
                        new Piece.Reference(0),
                        new Piece.Text(" b [img-1] c [img-999999999999]"));
    }

    @Test
    void tags_of_earlier_images_can_be_taken_out() {
        assertThat(ImageTags.removed("see [img-0] and [img-12], not [img]")).isEqualTo("see  and , not [img]");
    }

    private static Message message(String content, int count) {
        var images = IntStream.range(0, count)
                .mapToObj(i -> new Image(new byte[] {(byte) i}))
                .toList();
        return new Message("user", content, "", images, List.of(), "", "");
    }
}
