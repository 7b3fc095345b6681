// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.create;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.cli.client.CommandFailure;
import dev.puna.modelfile.Modelfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of an adapter in safetensors are sent. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AdapterFolderTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        var adapter = Files.createDirectory(folder.resolve("adapter"));
        for (var name : new String[] {
            "adapter_model.safetensors", "adapter_config.json", "README.md", "tokenizer.json", "optimizer.pt"
        }) {
            Files.writeString(adapter.resolve(name), name);
        }
    }

    @Test
    void the_folder_of_an_adapter_means_its_weights_and_what_describes_them() {
        assertThat(sent("./adapter"))
                .containsExactlyInAnyOrder("adapter_model.safetensors", "adapter_config.json", "README.md");
    }

    @Test
    void the_weights_alone_mean_the_same() {
        assertThat(sent("./adapter/adapter_model.safetensors")).isEqualTo(sent("./adapter"));
    }

    @Test
    void a_folder_with_an_adapter_in_gguf_means_that() throws IOException {
        Files.delete(folder.resolve("adapter/adapter_model.safetensors"));
        Files.writeString(folder.resolve("adapter/lora.gguf"), "GGUF");

        assertThat(sent("./adapter")).contains("lora.gguf");
    }

    @Test
    void several_adapters_in_gguf_are_sent_together() throws IOException {
        for (var name : new String[] {"tone.gguf", "style.gguf", "adapter/tone.gguf"}) {
            Files.writeString(folder.resolve(name), "GGUF");
        }

        assertThat(sent("./tone.gguf\nADAPTER ./style.gguf\nADAPTER ./tone.gguf"))
                .containsExactlyInAnyOrder("tone.gguf", "style.gguf");
        assertThatThrownBy(() -> sent("./tone.gguf\nADAPTER ./adapter/tone.gguf"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        "two adapters have a file called tone.gguf: several are taken as GGUF files of different names");
    }

    private Set<String> sent(String source) {
        var modelfile = Modelfile.parse("FROM base\nADAPTER " + source + "\n");
        return requireNonNull(
                        ModelfileRequest.of(modelfile, folder, folder).files().get("adapters"))
                .keySet();
    }
}
