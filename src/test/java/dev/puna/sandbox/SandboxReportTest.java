// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SandboxReportTest {
    private static final Set<Restriction> ALL = EnumSet.allOf(Restriction.class);
    private static final Set<Restriction> WITHOUT_LANDLOCK =
            EnumSet.of(Restriction.NO_NEW_PRIVILEGES, Restriction.NO_CAPABILITIES, Restriction.SYSTEM_CALLS);

    @Test
    void all_that_is_in_force_is_said_in_a_line_each() {
        var report = SandboxReport.of(ALL, ALL, new KernelSupport(7, 0));

        assertThat(report.isComplete()).isTrue();
        assertThat(report.isOffline()).isTrue();
        assertThat(report.lines()).hasSameSizeAs(ALL).noneMatch(line -> line.startsWith("not in force"));
        assertThat(report.sentence()).isEqualTo("Models are computed in processes that are locked up.");
    }

    @Test
    void a_kernel_without_landlock_is_told_from_one_that_has_it_switched_off_or_forbidden() {
        assertThat(sentence(-38)).contains("without files,").contains("this kernel has no Landlock");
        assertThat(sentence(-95)).contains("switched off; add \"landlock\" to lsm=");
        assertThat(sentence(-1)).contains("forbids Landlock");
    }

    @Test
    void an_older_landlock_lacks_what_came_later() {
        var report = SandboxReport.expected(new KernelSupport(3, 0));

        assertThat(report.inForce()).contains(Restriction.FILES, Restriction.TRUNCATION, Restriction.SYSTEM_CALLS);
        assertThat(report.missing().keySet())
                .containsExactlyInAnyOrder(Restriction.TCP, Restriction.DEVICE_COMMANDS, Restriction.OTHER_PROCESSES);
        assertThat(report.missing())
                .containsEntry(
                        Restriction.TCP,
                        "this kernel's Landlock is version 3, and version 4 is needed, which Linux has from 6.7 on");
        assertThat(report.isOffline()).isTrue();
        assertThat(report.lines()).anyMatch(line -> line.startsWith("not in force: it cannot listen"));
    }

    @Test
    void what_should_be_in_force_but_is_not_was_refused() {
        var report = SandboxReport.of(Set.of(), ALL, new KernelSupport(7, -22));

        assertThat(report.missing())
                .containsEntry(Restriction.FILES, "the kernel refused it")
                .containsEntry(Restriction.SYSTEM_CALLS, "this system does not let system calls be filtered");
        assertThat(report.isOffline()).isFalse();
    }

    @Test
    void bits_and_restrictions_are_each_others_names() {
        assertThat(Restriction.of(Restriction.bits(ALL))).isEqualTo(ALL);
        assertThat(Restriction.bits(ALL)).isEqualTo(0xff);
        assertThat(Restriction.of(0x04)).containsExactly(Restriction.FILES);
    }

    private static String sentence(int landlock) {
        return SandboxReport.of(WITHOUT_LANDLOCK, ALL, new KernelSupport(landlock, 0))
                .sentence();
    }
}
