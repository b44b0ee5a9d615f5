package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Pieces of memory that one system call writes as one frame: an array of {@code struct iovec},
 * filled again for every call.
 *
 * <pre>
 *   0  address (8)    8  length (8)    16  address ...
 * </pre>
 *
 * <p>Owned by one thread at a time. The memory that the pieces name stays the caller's.
 */
public final class Gather {
    private static final int PIECE_LENGTH = 16;
    private static final int LENGTH_OFFSET = 8;

    private final MemorySegment memory;
    private final long address;
    private final int capacity;
    private int count;
    private int length;

    /**
     * @param capacity pieces, at most the kernel's UIO_MAXIOV, 1024
     */
    public Gather(int capacity) {
        this.capacity = capacity;
        memory = Arena.ofAuto().allocate((long) capacity * PIECE_LENGTH, Long.BYTES);
        address = memory.address();
    }

    /** One piece. */
    public static Gather of(long pieceAddress, int pieceLength) {
        Gather gather = new Gather(1);
        gather.add(pieceAddress, pieceLength);
        return gather;
    }

    public void clear() {
        count = 0;
        length = 0;
    }

    /** Adds {@code pieceLength} bytes at a raw address behind those before. */
    public void add(long pieceAddress, int pieceLength) {
        assert count < capacity;
        long piece = address + (long) count * PIECE_LENGTH;
        Memory.putLong(piece, pieceAddress);
        Memory.putLong(piece + LENGTH_OFFSET, pieceLength);
        count++;
        length += pieceLength;
    }

    public int count() {
        return count;
    }

    /** Bytes of all pieces. */
    public int length() {
        return length;
    }

    public long pieceAddress(int index) {
        return Memory.getLong(address + (long) index * PIECE_LENGTH);
    }

    public int pieceLength(int index) {
        return (int) Memory.getLong(address + (long) index * PIECE_LENGTH + LENGTH_OFFSET);
    }

    long address() {
        return address;
    }
}
