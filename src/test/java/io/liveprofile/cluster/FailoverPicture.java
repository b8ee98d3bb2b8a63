package io.liveprofile.cluster;

import io.liveprofile.replay.CurvePicture;
import io.liveprofile.replay.CurvePicture.Curve;
import io.liveprofile.replay.CurvePicture.Panel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Seconds from event to profile, by the second in which the broker took the event, while something goes wrong. */
final class FailoverPicture {
    private static final double[] SHARES = {0.5, 0.99, 0.999};
    private static final List<String> NAMES = List.of("median", "p99", "p99.9");
    /** Ends of the scale: 10 ms and 100 s. */
    private static final double LEAST_LOG = 1;
    private static final double MOST_LOG = 5;
    private static final List<String> SCALE = List.of("10 ms", "100 ms", "1 s", "10 s", "100 s");
    private static final int RATE_TICKS = 5;

    /** Waits of the events of one second. */
    private final double[][] waits;
    private final long[] published;

    /**
     * @param takenMillis when the broker took each event, ms from the start
     * @param profiledMillis when it took the profile of that event
     * @param seconds from the start that are shown
     */
    FailoverPicture(long[] takenMillis, long[] profiledMillis, int seconds) {
        waits = new double[seconds][];
        published = new long[seconds];
        int[] counts = new int[seconds];
        for (int i = 0; i < takenMillis.length; i++) {
            if (isShown(takenMillis[i])) {
                counts[second(takenMillis[i])]++;
            }
            if (isShown(profiledMillis[i])) {
                published[second(profiledMillis[i])]++;
            }
        }
        for (int second = 0; second < seconds; second++) {
            waits[second] = new double[counts[second]];
        }
        for (int i = 0; i < takenMillis.length; i++) {
            if (isShown(takenMillis[i])) {
                int second = second(takenMillis[i]);
                waits[second][--counts[second]] = Math.max(0, profiledMillis[i] - takenMillis[i]);
            }
        }
        for (double[] each : waits) {
            Arrays.sort(each);
        }
    }

    /** Milliseconds within which that share of the second's events had their profile; NaN without an event. */
    double quantileMillis(int second, double share) {
        return quantile(waits[second], share);
    }

    /** The same of all events from one second to another. */
    double quantileMillis(int from, int to, double share) {
        double[] all = Arrays.stream(waits, from, to).flatMapToDouble(Arrays::stream).sorted().toArray();
        return quantile(all, share);
    }

    /** Profiles that the broker took in that second, the first of each event. */
    long published(int second) {
        return published[second];
    }

    int seconds() {
        return waits.length;
    }

    /** @param marks seconds from the start at which something happened */
    String svg(String title, double... marks) {
        double[] x = new double[waits.length];
        Arrays.setAll(x, second -> second + 0.5);
        long most = Math.max(RATE_TICKS, Arrays.stream(published).max().orElse(0));
        double top = Math.ceil(most / (RATE_TICKS * 100.0)) * RATE_TICKS * 100;
        double[] rates = Arrays.stream(published).mapToDouble(each -> each / top).toArray();
        List<String> rateTicks = Arrays.stream(new int[] {0, 1, 2, 3, 4, 5})
                .mapToObj(tick -> String.format(Locale.ROOT, "%.0f", top * tick / RATE_TICKS))
                .toList();
        List<String> ticks = List.of("0", waits.length + " s");
        List<Curve> curves = IntStream.range(0, SHARES.length)
                .mapToObj(i -> new Curve(NAMES.get(i), x, scaled(SHARES[i])))
                .toList();
        return CurvePicture.svg(List.of(
                new Panel(title, "when the event came", "event to profile", 0, waits.length, ticks, SCALE, curves, marks),
                new Panel("Profiles a second", "when they were published", "", 0, waits.length, ticks, rateTicks,
                        List.of(new Curve("profiles a second", x, rates)), marks)));
    }

    private double[] scaled(double share) {
        double[] y = new double[waits.length];
        Arrays.setAll(y, second ->
                (Math.log10(Math.max(1, quantileMillis(second, share))) - LEAST_LOG) / (MOST_LOG - LEAST_LOG));
        return y;
    }

    private boolean isShown(long millis) {
        return millis >= 0 && second(millis) < waits.length;
    }

    private static int second(long millis) {
        return (int) Math.min(Integer.MAX_VALUE, Math.floorDiv(millis, 1_000L));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
