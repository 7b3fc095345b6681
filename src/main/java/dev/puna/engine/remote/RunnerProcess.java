// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.ByteSource;
import dev.puna.process.ChildProcess;
import dev.puna.process.LocalSocket;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A child of this process. <b>Owns</b> it and the connection. Any thread. */
final class RunnerProcess implements Runner {
    private final ChildProcess process;
    private final LocalSocket socket;
    private final OptionalLong memoryLimit;
    private final ProcessWork work;
    private final boolean keeps;
    private final CompletableFuture<End> end;

    /**
     * @param lines takes what it writes
     * @param memoryLimit bytes of memory beside its weights that it may have
     * @param group closed at its end
     * @param keeps whether it keeps something before it ends
     */
    RunnerProcess(
            ChildProcess process,
            LocalSocket socket,
            LoggedLines lines,
            OptionalLong memoryLimit,
            Optional<MemoryGroups.Group> group,
            boolean keeps) {
        this.keeps = keeps;
        this.memoryLimit = memoryLimit;
        this.process = process;
        this.work = ProcessWork.of(process.pid());
        this.socket = socket;
        var before = KilledForMemory.count();
        this.end = process.exit().thenApply(status -> {
            socket.close();
            lines.close();
            var last = Stream.concat(lines.told().stream(), process.lastLines().stream());
            if (group.isPresent()) {
                last = group.get().hasKilled() ? Stream.concat(last, Stream.of(KilledForMemory.IN_GROUP)) : last;
                group.get().close();
            }
            return new End(KilledForMemory.reason(status, before, KilledForMemory.count()), last.toList());
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
    public long work() {
        return work.done();
    }

    @Override
    public boolean isBusy() {
        return work.isBusy();
    }

    @Override
    public boolean keeps() {
        return keeps;
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
