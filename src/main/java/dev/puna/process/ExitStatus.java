// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

/**
 * How a process ended.
 *
 * @param code its exit code, 0 if a signal ended it; -1 if the system did not tell
 * @param signal the number of the signal that ended it, or 0
 */
public record ExitStatus(int code, int signal) {
    /** Where somebody else in this process has asked the system before. */
    static final ExitStatus UNKNOWN = new ExitStatus(-1, 0);

    /** Whether it ended by itself and without a complaint. */
    public boolean isSuccess() {
        return code == 0 && signal == 0;
    }

    /** In words: {@code exit code 3}, {@code SIGSEGV (invalid memory reference)}. Numbers of Linux on x86-64 and arm64. */
    public String reason() {
        return switch (signal) {
            case 0 -> code < 0 ? "an unknown end" : "exit code " + code;
            case 1 -> "SIGHUP (hung up)";
            case 2 -> "SIGINT (interrupted)";
            case 3 -> "SIGQUIT (told to quit)";
            case 4 -> "SIGILL (an instruction that this processor does not have)";
            case 5 -> "SIGTRAP (stopped by a check of its own)";
            case 6 -> "SIGABRT (gave up, as after a failed assertion)";
            case 7 -> "SIGBUS (a file that it had mapped was cut off or could not be read)";
            case 8 -> "SIGFPE (division by zero)";
            case 9 -> "SIGKILL (killed, perhaps for want of memory)";
            case 11 -> "SIGSEGV (invalid memory reference)";
            case 13 -> "SIGPIPE (wrote to who had gone)";
            case 15 -> "SIGTERM (told to end)";
            case 24 -> "SIGXCPU (reached its limit of processor time)";
            case 25 -> "SIGXFSZ (reached its limit of file size)";
            case 31 -> "SIGSYS (a system call that it may not make)";
            default -> "signal " + signal;
        };
    }
}
