package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Shannon entropy of the distribution of a field's values in bits: 0 when all events have one value, log2 n when n values
 * are equally frequent (Shannon, "A Mathematical Theory of Communication", 1948, sec. 6). Exact while a window holds at
 * most {@code size} values; the others count as one more value, so it is a lower bound then.
 */
final class EntropyOperation extends GroupingOperation {
    private static final double BITS = Math.log(2);

    EntropyOperation(Function<BehaviorEvent, String> field, int size) {
        super(new CountOperation(), field, size);
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    void numbers(Groups groups, Groups before, long nowMillis, double[] numbers, int position) {
        long[] counts = new long[groups.size + 1];
        counts[groups.size] = groups.rest[0];
        long all = groups.rest[0];
        for (int i = 0; i < groups.size; i++) {
            counts[i] = groups.events(i);
            all += counts[i];
        }
        Arrays.sort(counts); // adds up the same whatever the order of keys
        double entropy = 0;
        for (long count : counts) {
            double share = (double) count / all;
            entropy -= share == 0 ? 0 : share * Math.log(share) / BITS;
        }
        numbers[position] = Math.max(0, entropy);
    }
}
