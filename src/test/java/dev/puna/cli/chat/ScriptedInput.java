// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A user whose every move is known beforehand; Ctrl-D when there are no more. */
final class ScriptedInput implements LineInput {
    private final Deque<Input> moves = new ArrayDeque<>();
    private final List<String> prompts = new ArrayList<>();
    private CountDownLatch interruption = new CountDownLatch(0);
    private boolean interrupts;
    private boolean remembers = true;
    private boolean closed;

    ScriptedInput types(String... lines) {
        List.of(lines).forEach(line -> moves.add(new Input.Line(line)));
        return this;
    }

    ScriptedInput pressesCtrlC() {
        moves.add(new Input.Interrupted());
        return this;
    }

    /** The next answer is interrupted as soon as the latch opens. */
    ScriptedInput interruptsAnswerAfter(CountDownLatch latch) {
        interrupts = true;
        interruption = latch;
        return this;
    }

    List<String> prompts() {
        return prompts;
    }

    boolean remembers() {
        return remembers;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Input next(String prompt, String placeholder) {
        prompts.add(prompt);
        var move = moves.poll();
        return move == null ? new Input.End() : move;
    }

    @Override
    public boolean untilInterrupted(Runnable task) {
        var answer = new Interruptible(task);
        if (interrupts) {
            interrupts = false;
            Thread.ofVirtual().start(() -> {
                try {
                    if (interruption.await(10, TimeUnit.SECONDS)) {
                        answer.interrupt();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        return answer.run();
    }

    @Override
    public void remember(boolean wanted) {
        remembers = wanted;
    }

    @Override
    public void close() {
        closed = true;
    }
}
