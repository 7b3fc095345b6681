// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.ByteSource;
import dev.puna.process.ChildProcess;
import dev.puna.process.LocalSocket;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A child of this process. <b>Owns</b> it and the connection. Any thread. */
final class RunnerProcess implements Runner {
    private final ChildProcess process;
    private final LocalSocket socket;
    private final OptionalLong memoryLimit;
    private final CompletableFuture<End> end;

    /**
     * @param memoryLimit bytes of private memory that it may have
     */
    RunnerProcess(ChildProcess process, LocalSocket socket, OptionalLong memoryLimit) {
        this.memoryLimit = memoryLimit;
        this.process = process;
        this.socket = socket;
        this.end = process.exit().thenApply(status -> {
            socket.close();
            return new End(status.reason(), process.lastLines());
        });
    }

    @Override
    public ByteSource source() {
        return socket::read;
    }

    @Override
    public ByteSink sink() {
        return socket::write;
    }

    @Override
    public OptionalLong memoryLimit() {
        return memoryLimit;
    }

    @Override
    public void disconnect() {
        socket.shutdown();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public CompletableFuture<End> end() {
        return end;
    }
}
