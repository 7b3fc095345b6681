// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.NativeFailure;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DevicesCommandTest {
    private static final String FOUND = """
            {"folder":"/lib/puna","version":"0.5.0","cpu":"zen4",
             "devices":[
              {"name":"CUDA0","backend":"CUDA","type":"discrete","description":"NVIDIA GeForce RTX 4090",
               "memory_total":25757220864,"memory_free":24696061952},
              {"name":"CPU","backend":"CPU","type":"cpu","description":"AMD EPYC",
               "memory_total":16000000000,"memory_free":900000000}],
             "rejected":[{"file":"libggml-vulkan.so","reason":"it found no device"}],
             "isolation":["it has no right of root","it cannot make sockets"],
             "variables":{"CUDA_VISIBLE_DEVICES":"0"}}
            """;

    @Test
    void devices_stand_in_a_table_with_what_is_not_used_below() {
        var ended = new Cli(1).finding(_ -> FOUND).run("devices");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output().replaceAll("(?m) +$", "")).isEqualTo("""
                NAME     BACKEND    TYPE        MEMORY    FREE      DESCRIPTION
                CUDA0    CUDA       discrete    25 GB     24 GB     NVIDIA GeForce RTX 4090
                CPU      CPU        cpu         16 GB     900 MB    AMD EPYC

                Libraries: /lib/puna (llama.cpp 0.5.0)
                CPU instructions: zen4
                Not used: libggml-vulkan.so (it found no device)
                The process of a model:
                  it has no right of root
                  it cannot make sockets
                Set: CUDA_VISIBLE_DEVICES=0
                """);
    }

    @Test
    void json_is_printed_as_it_comes() {
        assertThat(new Cli(1).finding(_ -> FOUND).run("devices", "--json").output())
                .isEqualTo(FOUND + System.lineSeparator());
    }

    @Test
    void the_environment_is_handed_on() {
        var ended = new Cli(1)
                .with("PUNA_LLM_LIBRARY", "vulkan")
                .finding(environment -> "{\"folder\":\"" + environment.get("PUNA_LLM_LIBRARY") + "\"}")
                .run("devices");

        assertThat(ended.output()).contains("Libraries: vulkan ");
    }

    @Test
    void without_libraries_there_is_one_sentence() {
        var ended = new Cli(1)
                .finding(_ -> {
                    throw new NativeFailure("there are no libraries");
                })
                .run("devices");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).isEmpty();
        assertThat(ended.errors()).isEqualTo("Error: there are no libraries" + System.lineSeparator());
    }

    @Test
    void it_takes_no_arguments_and_no_other_flag() {
        assertThat(new Cli(1).run("devices", "all").errors()).startsWith("Error: accepts 0 arg(s), received 1");
        assertThat(new Cli(1).run("devices", "--all").errors()).startsWith("Error: unknown flag: --all");
    }
}
