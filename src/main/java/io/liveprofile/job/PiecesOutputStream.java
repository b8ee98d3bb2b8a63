package io.liveprofile.job;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Bytes in pieces, for list state: a single array ends at 2 GB, and grows by copies of all that was written. */
final class PiecesOutputStream extends OutputStream {
    private static final int PIECE_BYTES = 4 << 20;

    private final int pieceBytes;
    /** All full but the last one. */
    private final List<byte[]> pieces = new ArrayList<>();
    /** Bytes written to the last one. */
    private int used;

    PiecesOutputStream() {
        this(PIECE_BYTES);
    }

    PiecesOutputStream(int pieceBytes) {
        this.pieceBytes = pieceBytes;
        this.used = pieceBytes;
    }

    @Override
    public void write(int value) {
        makeRoom();
        pieces.get(pieces.size() - 1)[used++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int next = from;
        while (next < from + length) {
            makeRoom();
            int fitting = Math.min(from + length - next, pieceBytes - used);
            System.arraycopy(bytes, next, pieces.get(pieces.size() - 1), used, fitting);
            used += fitting;
            next += fitting;
        }
    }

    /** What was written, in order; nothing may be written afterwards. */
    List<byte[]> pieces() {
        if (used < pieceBytes) {
            int last = pieces.size() - 1;
            pieces.set(last, Arrays.copyOf(pieces.get(last), used));
        }
        return pieces;
    }

    /** Reads what was written. */
    static InputStream read(Iterable<byte[]> pieces) {
        List<InputStream> each = new ArrayList<>();
        pieces.forEach(piece -> each.add(new ByteArrayInputStream(piece)));
        return new SequenceInputStream(Collections.enumeration(each));
    }

    private void makeRoom() {
        if (used == pieceBytes) {
            pieces.add(new byte[pieceBytes]);
            used = 0;
        }
    }
}
