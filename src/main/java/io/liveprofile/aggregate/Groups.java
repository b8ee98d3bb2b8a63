package io.liveprofile.aggregate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * One partial of a {@link TiledOperation} for each of at most {@code capacity} keys, and one for all other keys together.
 * Keys ascend. A row of cells a key: how many events it has, then the partial; the last row is the rest's.
 */
final class Groups {
    private static final int FIRST_CAPACITY = 4;
    private static final int OBJECT_BYTES = 72;
    /** A text without its characters. */
    private static final int KEY_BYTES = 48;
    private static final int LATIN_1 = 0xFF;

    private final int width;
    String[] keys = new String[FIRST_CAPACITY];
    int size;
    private int keyBytes;
    /** Rows of the keys in their order; behind them room for more. */
    long[] cells;
    /** Row of the rest. */
    final long[] rest;

    /** @param width cells of a row */
    Groups(int width) {
        this.width = width;
        this.cells = new long[FIRST_CAPACITY * width];
        this.rest = new long[width];
    }

    /** Cell at which the key's row begins; below 0 when there is none: {@code -1 - cell} at which it would. */
    int find(String key) {
        int index = Arrays.binarySearch(keys, 0, size, key);
        return index >= 0 ? index * width : -1 + (index + 1) * width;
    }

    /** Puts in a row of zeros where {@link #find} said the key belongs. */
    void insert(int cell, String key) {
        int index = cell / width;
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            cells = Arrays.copyOf(cells, size * 2 * width);
        }
        System.arraycopy(keys, index, keys, index + 1, size - index);
        System.arraycopy(cells, cell, cells, cell + width, (size - index) * width);
        Arrays.fill(cells, cell, cell + width, 0);
        keys[index] = key;
        keyBytes += bytes(key);
        size++;
    }

    void remove(int index) {
        keyBytes -= bytes(keys[index]);
        size--;
        System.arraycopy(keys, index + 1, keys, index, size - index);
        System.arraycopy(cells, (index + 1) * width, cells, index * width, (size - index) * width);
        keys[size] = null;
    }

    /** Events of key number {@code index}. */
    long events(int index) {
        return cells[index * width];
    }

    /** Numbers of the keys in order of events, most first, of equals the first in order of text. */
    IntStream heaviestFirst() {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> -events(i)).thenComparing(i -> i))
                .mapToInt(Integer::intValue);
    }

    int width() {
        return width;
    }

    int memoryBytes() {
        return OBJECT_BYTES + keys.length * Integer.BYTES + keyBytes + (cells.length + width) * Long.BYTES;
    }

    /** A character takes one byte in a text of Latin-1, else two. */
    private static int bytes(String key) {
        boolean isLatin = key.chars().allMatch(character -> character <= LATIN_1);
        return KEY_BYTES + key.length() * (isLatin ? 1 : 2);
    }
}
