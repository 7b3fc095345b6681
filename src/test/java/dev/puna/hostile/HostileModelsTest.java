// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.Gguf;
import dev.puna.support.TestImages;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class HostileModelsTest {
    private static final int COUNT = 130;

    @TempDir
    Path folder;

    @Test
    void one_seed_is_one_list() {
        var models = new HostileModels().take(13, 3);
        var again = new HostileModels().take(13, 3);

        for (var i = 0; i < models.size(); i++) {
            assertThat(again.get(i).file())
                    .as("%s", models.get(i))
                    .isEqualTo(models.get(i).file());
        }
        assertThat(models.stream().map(HostileModel::kind).distinct()).hasSize(13);
    }

    /** {@code native-libs/sanitize} reads them: models that the reader lets through, one model and projector that are good, pictures. */
    @Test
    @EnabledIfSystemProperty(named = "hostile.write", matches = ".+")
    void what_the_reader_lets_through_is_written_for_native_programs() throws IOException {
        var target = Files.createDirectories(Path.of(System.getProperty("hostile.write")));
        var number = 0;
        for (var model :
                new HostileModels().take(Integer.getInteger("hostile.count", COUNT), Long.getLong("hostile.seed", 1))) {
            var file = Files.write(folder.resolve("model.gguf"), model.file());
            try {
                Gguf.read(file).facts();
                Files.copy(file, target.resolve("%05d-%s.gguf".formatted(number++, model.kind())), REPLACE_EXISTING);
            } catch (InvalidRequest refused) {
                // Native code never sees it.
            }
        }
        TinyGguf.llama(1).writeTo(target.resolve("good.model"));
        TinyProjector.llava(1).writeTo(target.resolve("good.projector"));
        for (var format : List.of("png", "jpg", "gif", "bmp")) {
            Files.write(target.resolve("picture." + format), TestImages.encoded(format, 1));
        }
        Files.write(target.resolve("picture.webp"), TestImages.webp("lossy"));
        assertThat(number).isPositive();
    }

    @Test
    void the_reader_refuses_some_of_each_damaging_kind_and_lets_others_through() throws IOException {
        var accepted = new TreeMap<String, Integer>();
        var refused = new TreeMap<String, Integer>();
        for (var model : new HostileModels().take(COUNT, 1)) {
            var file = Files.write(folder.resolve("model.gguf"), model.file());
            try {
                Gguf.read(file).facts();
                accepted.merge(model.kind(), 1, Integer::sum);
            } catch (InvalidRequest e) {
                assertThat(e.text()).as("%s", model).isNotBlank();
                refused.merge(model.kind(), 1, Integer::sum);
            }
        }
        System.out.println("hostile models: accepted " + accepted + ", refused " + refused);

        assertThat(refused).containsKeys("header", "flips", "type");
        assertThat(accepted).containsKeys("data", "template", "hyper");
    }
}
