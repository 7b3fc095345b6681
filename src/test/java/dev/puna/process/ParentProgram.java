// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A process of its own that has sockets and a child: {@code FOLDER sleep} prints the child's number and waits, {@code FOLDER PROGRAM
 * ARGUMENT...} prints what that writes, and how it ends.
 */
public final class ParentProgram {
    private ParentProgram() {}

    public static void main(String[] arguments) throws Exception {
        ProcessLibrary.load(Path.of(arguments[0]));
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var _ = new Socket(server.getInetAddress(), server.getLocalPort())) {
            if (arguments[1].equals("sleep")) {
                System.out.println(start("/bin/sleep", "600").pid());
                Thread.sleep(TestChildren.PATIENCE);
            } else {
                var child = start(Arrays.copyOfRange(arguments, 1, arguments.length));
                System.out.println(TestChildren.exitOf(child).reason());
            }
        }
    }

    private static ChildProcess start(String... command) throws IOException {
        return ChildProcess.start(TestChildren.command(command), List.of(), System.out::println);
    }
}
