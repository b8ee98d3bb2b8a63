package io.liveprofile.aggregate;

/**
 * A sliding event-time window made of tiles: {@code [floor(now - length, hop), now]}, both ends inside.
 *
 * @param name short name that ends a statistic's name, such as {@code 5m}
 * @param lengthMillis a multiple of the hop, or {@link #FOREVER}
 * @param hopMillis width of a tile
 */
public record Window(String name, long lengthMillis, long hopMillis) {
    static final long FOREVER = Long.MAX_VALUE;

    /** Everything ever seen, in one tile. */
    public static final Window LIFETIME = new Window("lifetime", FOREVER, FOREVER);

    /** Start of the tile of this window that holds {@code timeMillis}. */
    long tileOf(long timeMillis) {
        return hopMillis == FOREVER ? 0 : Math.floorDiv(timeMillis, hopMillis) * hopMillis;
    }

    /** Start of the oldest tile in the window at {@code nowMillis}. */
    long oldestTile(long nowMillis) {
        return lengthMillis == FOREVER ? 0 : tileOf(nowMillis - lengthMillis);
    }

    /** Start of the oldest tile in the window of equal length before the one at {@code nowMillis}. */
    long oldestTileBefore(long nowMillis) {
        return lengthMillis == FOREVER ? 0 : tileOf(nowMillis - 2 * lengthMillis);
    }
}
