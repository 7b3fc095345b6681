// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.puna.llama.binding.generated.Native;
import dev.puna.llama.binding.generated.puna_row;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of one {@code puna_step}: tokens in, rows of sampled tokens out.
 *
 * <p>Filled and read on the Java heap; {@link #send} and {@link #receive} copy the used parts in bulk, because single
 * accesses to native memory are slow in a native image. <b>Owns</b> the native arrays. <b>Threads:</b> one at a time.
 */
public final class BatchBuffer implements AutoCloseable {
    /** The longest piece of text that a row carries; a longer one is there only in its beginning. */
    public static final int PIECE_MAX = Native.PUNA_PIECE_MAX();
    /** The most alternatives that a row carries. */
    public static final int TOP_MAX = Native.PUNA_TOP_MAX();
    /** The most forced tokens that a row carries. */
    public static final int FORCED_MAX = Native.PUNA_FORCED_MAX();
    /** In place of a row's token: its grammar was stopped, since it could go on in too many ways. */
    public static final int TOO_COSTLY = Native.PUNA_TOO_COSTLY();
    /** In place of a row's token: a row before it contradicts the guess that it follows. */
    public static final int NOT_REACHED = Native.PUNA_NOT_REACHED();
    /** Instead of the token that a row is expected to give: the next row does not follow from it. */
    public static final int NOTHING_EXPECTED = Native.LLAMA_TOKEN_NULL();

    private static final int ROW = (int) puna_row.layout().byteSize();
    private static final int SAMPLER = (int) puna_row.sampler$offset();
    private static final int BATCH_INDEX = (int) puna_row.batch_index$offset();
    private static final int TOP_COUNT = (int) puna_row.n_top$offset();
    private static final int EXPECTED = (int) puna_row.expected$offset();
    private static final int TOKEN = (int) puna_row.token$offset();
    private static final int END = (int) puna_row.end$offset();
    private static final int LOGPROB = (int) puna_row.logprob$offset();
    private static final int PIECE_LENGTH = (int) puna_row.piece_length$offset();
    private static final int PIECE = (int) puna_row.piece$offset();
    private static final int TOP_TOKEN = (int) puna_row.top_token$offset();
    private static final int TOP_LOGPROB = (int) puna_row.top_logprob$offset();
    private static final int FORCED_COUNT = (int) puna_row.n_forced$offset();
    private static final int FORCED = (int) puna_row.forced$offset();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment nativeError = arena.allocate(Native.C_POINTER);
    private final MemorySegment nativeRows;
    private final MemorySegment nativeTokens;
    private final MemorySegment nativePositions;
    private final MemorySegment nativeSequences;
    private final MemorySegment nativeOutputs;

    private final int[] tokens;
    private final int[] positions;
    private final int[] sequences;
    private final byte[] outputs;
    private final byte[] rowBytes;
    private final ByteBuffer rows;
    private int size;
    private int rowCount;
    private @Nullable String error;

    private BatchBuffer(int capacity) {
        nativeRows = arena.allocate(puna_row.layout(), capacity);
        nativeTokens = arena.allocate(JAVA_INT, capacity);
        nativePositions = arena.allocate(JAVA_INT, capacity);
        nativeSequences = arena.allocate(JAVA_INT, capacity);
        nativeOutputs = arena.allocate(JAVA_BYTE, capacity);
        tokens = new int[capacity];
        positions = new int[capacity];
        sequences = new int[capacity];
        outputs = new byte[capacity];
        rowBytes = new byte[ROW * capacity];
        rows = ByteBuffer.wrap(rowBytes).order(ByteOrder.nativeOrder());
    }

    public static BatchBuffer open(int capacity) {
        return new BatchBuffer(capacity);
    }

    public int capacity() {
        return tokens.length;
    }

    public int size() {
        return size;
    }

    public int rowCount() {
        return rowCount;
    }

    public void clear() {
        size = 0;
        rowCount = 0;
    }

    public int add(int token, int position, int sequence, boolean output) {
        tokens[size] = token;
        positions[size] = position;
        sequences[size] = sequence;
        outputs[size] = (byte) (output ? 1 : 0);
        return size++;
    }

    public boolean hasOutput(int index) {
        return outputs[index] != 0;
    }

    public int addRow(int index, SamplerHandle sampler, int topCount, int expected, int mostForced) {
        int at = ROW * rowCount;
        rows.putLong(at + SAMPLER, sampler.address());
        rows.putInt(at + BATCH_INDEX, index);
        rows.putInt(at + TOP_COUNT, topCount);
        rows.putInt(at + EXPECTED, expected);
        rows.putInt(at + FORCED_COUNT, mostForced);
        return rowCount++;
    }

    /** The token of a row, or -1 if none could be sampled. */
    public int token(int row) {
        return rows.getInt(ROW * row + TOKEN);
    }

    public boolean end(int row) {
        return rows.getInt(ROW * row + END) != 0;
    }

    public float logprob(int row) {
        return rows.getFloat(ROW * row + LOGPROB);
    }

    /** How long the piece is, which may be more than the row carries. */
    public int pieceLength(int row) {
        return rows.getInt(ROW * row + PIECE_LENGTH);
    }

    public byte[] piece(int row) {
        var piece = new byte[Math.min(pieceLength(row), PIECE_MAX)];
        rows.get(ROW * row + PIECE, piece);
        return piece;
    }

    public int[] topTokens(int row) {
        return integers(ROW * row + TOP_TOKEN, topCount(row));
    }

    public float[] topLogprobs(int row) {
        var top = new float[topCount(row)];
        for (int i = 0; i < top.length; i++) {
            top[i] = rows.getFloat(ROW * row + TOP_LOGPROB + Float.BYTES * i);
        }
        return top;
    }

    /** The tokens that come after the row's because the grammar leaves no choice; its sampler has accepted them. */
    public int[] forced(int row) {
        return integers(ROW * row + FORCED, rows.getInt(ROW * row + FORCED_COUNT));
    }

    /** What C said about the last call, if anything: with a result of 0, why rows have no token. */
    public @Nullable String error() {
        return error;
    }

    void send() {
        MemorySegment.copy(tokens, 0, nativeTokens, JAVA_INT, 0, size);
        MemorySegment.copy(positions, 0, nativePositions, JAVA_INT, 0, size);
        MemorySegment.copy(sequences, 0, nativeSequences, JAVA_INT, 0, size);
        MemorySegment.copy(outputs, 0, nativeOutputs, JAVA_BYTE, 0, size);
        MemorySegment.copy(rowBytes, 0, nativeRows, JAVA_BYTE, 0, ROW * rowCount);
    }

    /** Takes what a call left: its error text always, so that it is freed, and its rows if it was successful. */
    void receive(int result) {
        error = CText.error(nativeError);
        if (result == 0) {
            MemorySegment.copy(nativeRows, JAVA_BYTE, 0, rowBytes, 0, ROW * rowCount);
        }
    }

    MemorySegment tokens() {
        return nativeTokens;
    }

    MemorySegment positions() {
        return nativePositions;
    }

    MemorySegment sequences() {
        return nativeSequences;
    }

    MemorySegment outputs() {
        return nativeOutputs;
    }

    MemorySegment rows() {
        return nativeRows;
    }

    MemorySegment errorSlot() {
        return nativeError;
    }

    @Override
    public void close() {
        arena.close();
    }

    private int[] integers(int at, int count) {
        var integers = new int[count];
        for (int i = 0; i < count; i++) {
            integers[i] = rows.getInt(at + Integer.BYTES * i);
        }
        return integers;
    }

    /** As many as were asked for, or as the vocabulary has: the others are -1. */
    private int topCount(int row) {
        int asked = rows.getInt(ROW * row + TOP_COUNT);
        int count = 0;
        while (count < asked && rows.getInt(ROW * row + TOP_TOKEN + Integer.BYTES * count) >= 0) {
            count++;
        }
        return count;
    }
}
