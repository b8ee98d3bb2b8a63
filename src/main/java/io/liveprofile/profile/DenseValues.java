package io.liveprofile.profile;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Arrays seen as the collections of a record, so that a profile is published without a hash table and a boxed number for
 * each of its statistics. Read-only views: whoever changes the array changes the view.
 */
final class DenseValues {
    private DenseValues() {}

    /** The numbers by name, those that are NaN left out. */
    static Map<String, Double> byName(String[] names, double[] values) {
        int known = 0;
        for (double value : values) {
            known += Double.isNaN(value) ? 0 : 1;
        }
        return new ByName(names, values, known);
    }

    static List<Float> list(float[] values) {
        return new AbstractList<>() {
            @Override
            public Float get(int index) {
                return values[index];
            }

            @Override
            public int size() {
                return values.length;
            }
        };
    }

    private static final class ByName extends AbstractMap<String, Double> {
        private final String[] names;
        private final double[] values;
        private final int known;

        private ByName(String[] names, double[] values, int known) {
            this.names = names;
            this.values = values;
            this.known = known;
        }

        @Override
        public Set<Entry<String, Double>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Double>> iterator() {
                    return new Entries();
                }

                @Override
                public int size() {
                    return known;
                }
            };
        }

        private final class Entries implements Iterator<Entry<String, Double>> {
            private int next = -1;

            private Entries() {
                advance();
            }

            @Override
            public boolean hasNext() {
                return next < values.length;
            }

            @Override
            public Entry<String, Double> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Entry<String, Double> entry = Map.entry(names[next], values[next]);
                advance();
                return entry;
            }

            private void advance() {
                do {
                    next++;
                } while (next < values.length && Double.isNaN(values[next]));
            }
        }
    }
}
