// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DebianDependenciesTest {
    @Test
    void the_newest_symbol_of_all_libraries_of_a_package_says_its_version() {
        var needed = Map.of(
                "libc.so.6", Set.of("GLIBC_2.2.5", "GLIBC_2.14", "GLIBC_2.9"),
                "libm.so.6", Set.of("GLIBC_2.29", "GLIBC_2.3"),
                "ld-linux-x86-64.so.2", Set.of("GLIBC_2.3"));

        assertThat(DebianDependencies.of(needed)).isEqualTo("libc6 (>= 2.29)");
    }

    @Test
    void symbols_of_the_C_plus_plus_library_say_which_GCC() {
        assertThat(DebianDependencies.of(Map.of("libstdc++.so.6", Set.of("GLIBCXX_3.4.30", "CXXABI_1.3.9"))))
                .isEqualTo("libstdc++6 (>= 12)");
        assertThat(DebianDependencies.of(Map.of("libstdc++.so.6", Set.of("GLIBCXX_3.4.21"))))
                .isEqualTo("libstdc++6 (>= 10)");
    }

    @Test
    void libraries_of_drivers_are_not_asked_for() {
        var needed = Map.of(
                "libz.so.1",
                Set.<String>of(),
                "libcuda.so.1",
                Set.<String>of(),
                "libcublas.so.13",
                Set.of("libcublas.so.13"));

        assertThat(DebianDependencies.of(needed)).isEqualTo("zlib1g");
    }

    @Test
    void what_the_tables_do_not_know_ends_the_build() {
        assertThatThrownBy(() -> DebianDependencies.of(Map.of("libstdc++.so.6", Set.of("GLIBCXX_3.4.99"))))
                .hasMessage("Which GCC brought GLIBCXX_3.4.99 is not known to DebianDependencies: add it there.");
        assertThatThrownBy(() -> DebianDependencies.of(Map.of("libssl.so.3", Set.of())))
                .hasMessage(
                        "Which package of Debian brings libssl.so.3 is not known to DebianDependencies: add it there.");
    }

    @Test
    void what_readelf_says_is_understood() {
        var needed = new TreeMap<String, Set<String>>();
        var reader = new SharedLibraries.Reader(needed);
        """
         0x0000000000000001 (NEEDED)             Shared library: [libz.so.1]
         0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
         0x000000000000001d (RUNPATH)            Library runpath: [$ORIGIN]
        Version needs section '.gnu.version_r' contains 2 entries:
          000000: Version: 1  File: libc.so.6  Cnt: 2
          0x0010:   Name: GLIBC_2.9  Flags: none  Version: 17
          0x0020:   Name: GLIBC_2.15  Flags: none  Version: 16
          0x0030: Version: 1  File: libm.so.6  Cnt: 1
          0x0040:   Name: GLIBC_2.29  Flags: none  Version: 15
        """.lines().forEach(reader::line);

        assertThat(needed)
                .isEqualTo(Map.of(
                        "libz.so.1",
                        Set.of(),
                        "libc.so.6",
                        Set.of("GLIBC_2.9", "GLIBC_2.15"),
                        "libm.so.6",
                        Set.of("GLIBC_2.29")));
    }
}
