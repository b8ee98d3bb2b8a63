package io.liveprofile.feature;

import io.liveprofile.aggregate.TextList;
import java.util.Arrays;
import org.apache.datasketches.hash.MurmurHash3;

/** The whole number that stands for a text in a vector, from 0 to {@link FeatureSchema#HASHES} − 1; never changed, as models know it. */
final class TextHash {
    private static final long SEED = 9001;

    private TextHash() {}

    /** NaN for null. */
    static double of(String text) {
        return text == null ? Double.NaN : of(TextList.encodeShortened(text));
    }

    /** Text number {@code index}; NaN beyond the last. */
    static double of(TextList texts, int index) {
        if (index >= texts.size()) {
            return Double.NaN;
        }
        int from = texts.offset(index);
        return of(Arrays.copyOfRange(texts.encoded(), from, texts.end(from)));
    }

    private static double of(byte[] encoded) {
        return MurmurHash3.hash(encoded, SEED)[0] & FeatureSchema.HASHES - 1;
    }
}
