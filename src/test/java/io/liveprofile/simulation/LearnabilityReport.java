package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prints how well a logistic regression and a small neural network tell from windowed behaviour whether a shopper orders
 * within the next 24 hours, trained on the same rows before a day and tested on the rows after it. Both are given the
 * same standardised features and the same number of passes; the regression is the network without its hidden layers.
 */
public final class LearnabilityReport {
    private static final int DAYS = 56;
    private static final int TRAIN_UNTIL_DAY = 42;
    private static final double SAMPLED = 0.06;

    private record Row(float[] x, long time, String user) {}

    public static void main(String[] args) {
        SimulationConfig config = SimulationConfig.defaults().withFraud(FraudMix.none());
        ShopSimulation simulation = new ShopSimulation(config);
        long end = config.startMillis() + DAYS * Calendar.DAY;
        Map<String, Recent> users = new HashMap<>();
        Map<String, List<Long>> orders = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        Dice dice = new Dice(7);
        while (simulation.nextTime() < end) {
            if (simulation.next() instanceof SimulatedEvent simulated) {
                BehaviorEvent event = simulated.event();
                Recent recent = users.computeIfAbsent(event.getUserId(), u -> new Recent());
                recent.add(event);
                if (event.getType() == EventType.ORDER) {
                    orders.computeIfAbsent(event.getUserId(), u -> new ArrayList<>()).add(event.getEventTime());
                }
                if (event.getEventTime() > config.startMillis() + 8 * Calendar.DAY
                        && event.getEventTime() < end - Calendar.DAY
                        && dice.chance(SAMPLED)) {
                    rows.add(new Row(recent.features(event), event.getEventTime(), event.getUserId()));
                }
            }
        }
        long split = config.startMillis() + TRAIN_UNTIL_DAY * Calendar.DAY;
        float[][] x = rows.stream().map(Row::x).toArray(float[][]::new);
        float[] y = new float[x.length];
        int train = 0;
        for (int i = 0; i < y.length; i++) {
            Row row = rows.get(i);
            y[i] = orders.getOrDefault(row.user(), List.of()).stream()
                    .anyMatch(t -> t > row.time() && t <= row.time() + Calendar.DAY) ? 1 : 0;
            // A day's gap keeps the outcomes of the training rows out of the test.
            if (row.time() < split - Calendar.DAY) {
                train = i + 1;
            }
        }
        int test = train;
        while (rows.get(test).time() < split) {
            test++;
        }
        standardise(x, train);
        double positives = 0;
        for (int i = test; i < y.length; i++) {
            positives += y[i];
        }
        System.out.printf("%d rows to train, %d to test, %d features, %.2f %% order within 24 h%n",
                train, y.length - test, x[0].length, 100 * positives / (y.length - test));
        for (int[] hidden : new int[][] {{}, {48, 24}}) {
            Network network = new Network(x[0].length, hidden, 5);
            for (int pass = 0; pass < 8; pass++) {
                network.train(x, y, train, pass < 5 ? 1e-3 : 2e-4);
                report(hidden.length == 0 ? "logistic regression" : "network " + Arrays.toString(hidden),
                        pass, network, x, y, test);
            }
        }
    }

    private static void report(String name, int pass, Network network, float[][] x, float[] y, int from) {
        double[] p = new double[y.length - from];
        double loss = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = network.predict(x[from + i]);
            double right = y[from + i] > 0 ? p[i] : 1 - p[i];
            loss -= Math.log(Math.max(1e-9, right));
        }
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(p[a], p[b]));
        double rankSum = 0;
        double positives = 0;
        for (int r = 0; r < order.length; r++) {
            if (y[from + order[r]] > 0) {
                rankSum += r + 1;
                positives++;
            }
        }
        double precisionSum = 0;
        double hits = 0;
        for (int r = order.length - 1; r >= 0; r--) {
            if (y[from + order[r]] > 0) {
                precisionSum += ++hits / (order.length - r);
            }
        }
        double auc = (rankSum - positives * (positives + 1) / 2) / (positives * (p.length - positives));
        System.out.printf("%-20s pass %d: AUC %.4f, average precision %.4f, log loss %.5f%n",
                name, pass, auc, precisionSum / positives, loss / p.length);
    }

    private static void standardise(float[][] x, int train) {
        for (int f = 0; f < x[0].length; f++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < train; i++) {
                sum += x[i][f];
                squares += x[i][f] * x[i][f];
            }
            double mean = sum / train;
            double deviation = Math.sqrt(Math.max(1e-6, squares / train - mean * mean));
            for (float[] row : x) {
                row[f] = (float) Math.max(-6, Math.min(6, (row[f] - mean) / deviation));
            }
        }
    }

    /** A user's last seven days, and what is lasting. */
    private static final class Recent {
        private static final EventType[] COUNTED = {
            EventType.VIEW, EventType.CLICK, EventType.SEARCH, EventType.FAVORITE, EventType.CART_ADD,
            EventType.CART_REMOVE, EventType.ORDER, EventType.LOGIN
        };
        private static final long[] WINDOWS = {Calendar.HOUR, Calendar.DAY, 7 * Calendar.DAY};

        private final ArrayList<BehaviorEvent> events = new ArrayList<>();
        private double spent;
        private int orders;
        private long lastOrder;
        private long lastCart;

        void add(BehaviorEvent event) {
            events.add(event);
            if (event.getType() == EventType.ORDER) {
                spent += Math.log(event.getAmountMinor());
                orders++;
                lastOrder = event.getEventTime();
            } else if (event.getType() == EventType.CART_ADD) {
                lastCart = event.getEventTime();
            }
            if (events.size() > 64 && (events.size() & 63) == 0) {
                events.removeIf(e -> e.getEventTime() < event.getEventTime() - 7 * Calendar.DAY);
            }
        }

        float[] features(BehaviorEvent last) {
            long now = last.getEventTime();
            List<Float> x = new ArrayList<>();
            for (long window : WINDOWS) {
                int[] counts = new int[EventType.values().length];
                Map<String, Integer> categories = new HashMap<>();
                Map<String, Integer> brands = new HashMap<>();
                Set<String> sessions = new HashSet<>();
                double price = 0;
                double viewed = 0;
                for (int i = events.size() - 1; i >= 0 && events.get(i).getEventTime() > now - window; i--) {
                    BehaviorEvent event = events.get(i);
                    counts[event.getType().ordinal()]++;
                    sessions.add(event.getSessionId());
                    if (event.getType() == EventType.VIEW) {
                        categories.merge(event.getCategoryId(), 1, Integer::sum);
                        brands.merge(event.getBrand(), 1, Integer::sum);
                        price += Math.log(event.getAmountMinor());
                        viewed++;
                    }
                }
                for (EventType type : COUNTED) {
                    x.add((float) Math.log1p(counts[type.ordinal()]));
                }
                x.add((float) Math.log1p(categories.size()));
                x.add((float) Math.log1p(categories.values().stream().mapToInt(n -> n).max().orElse(0)));
                x.add((float) Math.log1p(brands.values().stream().mapToInt(n -> n).max().orElse(0)));
                x.add((float) (viewed == 0 ? 8.3 : price / viewed));
                x.add((float) Math.log1p(sessions.size()));
            }
            BehaviorEvent before = events.size() > 1 ? events.get(events.size() - 2) : last;
            x.add((float) Math.log1p((now - before.getEventTime()) / 1000.0));
            x.add((float) Math.log1p((now - lastOrder) / 3.6e6));
            x.add((float) Math.log1p((now - lastCart) / 3.6e6));
            x.add(lastOrder == 0 ? 1f : 0f);
            x.add(lastCart == 0 ? 1f : 0f);
            x.add((float) (orders == 0 ? 8.3 : spent / orders));
            double angle = 2 * Math.PI * (now % Calendar.DAY) / Calendar.DAY;
            x.add((float) Math.sin(angle));
            x.add((float) Math.cos(angle));
            x.add(last.getAttributes().isEmpty() ? 0f : 1f);
            float[] array = new float[x.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = x.get(i);
            }
            return array;
        }
    }

    /** Dense layers with ReLU and one logistic output, trained by Adam on mini-batches of 64. */
    private static final class Network {
        private static final int BATCH = 64;

        private final int[] sizes;
        private final float[][] weights;
        private final float[][] gradients;
        private final float[][] first;
        private final float[][] second;
        private final float[][] out;
        private final float[][] error;
        private final Dice dice;
        private int steps;

        Network(int inputs, int[] hidden, long seed) {
            dice = new Dice(seed);
            sizes = new int[hidden.length + 2];
            sizes[0] = inputs;
            System.arraycopy(hidden, 0, sizes, 1, hidden.length);
            sizes[sizes.length - 1] = 1;
            int layers = sizes.length - 1;
            weights = new float[layers][];
            gradients = new float[layers][];
            first = new float[layers][];
            second = new float[layers][];
            out = new float[layers + 1][];
            error = new float[layers + 1][];
            for (int l = 0; l < layers; l++) {
                int n = (sizes[l] + 1) * sizes[l + 1];
                weights[l] = new float[n];
                for (int i = 0; i < n; i++) {
                    weights[l][i] = (float) (Math.sqrt(2.0 / sizes[l]) * dice.gaussian() * (l == layers - 1 ? 0.1 : 1));
                }
                gradients[l] = new float[n];
                first[l] = new float[n];
                second[l] = new float[n];
                out[l + 1] = new float[sizes[l + 1]];
                error[l + 1] = new float[sizes[l + 1]];
            }
        }

        double predict(float[] x) {
            out[0] = x;
            for (int l = 0; l < weights.length; l++) {
                int inputs = sizes[l];
                for (int o = 0; o < sizes[l + 1]; o++) {
                    int at = o * (inputs + 1);
                    float sum = weights[l][at + inputs];
                    for (int i = 0; i < inputs; i++) {
                        sum += weights[l][at + i] * out[l][i];
                    }
                    out[l + 1][o] = l == weights.length - 1 ? sum : Math.max(0, sum);
                }
            }
            return 1 / (1 + Math.exp(-out[weights.length][0]));
        }

        void train(float[][] x, float[] y, int rows, double rate) {
            for (int batch = 0; batch < rows / BATCH; batch++) {
                for (float[] g : gradients) {
                    Arrays.fill(g, 0);
                }
                for (int b = 0; b < BATCH; b++) {
                    int row = dice.below(rows);
                    learn((float) predict(x[row]) - y[row]);
                }
                apply(rate);
            }
        }

        private void learn(float wrong) {
            error[weights.length][0] = wrong / BATCH;
            for (int l = weights.length - 1; l >= 0; l--) {
                int inputs = sizes[l];
                if (l > 0) {
                    Arrays.fill(error[l], 0);
                }
                for (int o = 0; o < sizes[l + 1]; o++) {
                    float e = error[l + 1][o];
                    if (e == 0 || (l < weights.length - 1 && out[l + 1][o] <= 0)) {
                        continue;
                    }
                    int at = o * (inputs + 1);
                    gradients[l][at + inputs] += e;
                    for (int i = 0; i < inputs; i++) {
                        gradients[l][at + i] += e * out[l][i];
                        if (l > 0) {
                            error[l][i] += e * weights[l][at + i];
                        }
                    }
                }
            }
        }

        private void apply(double rate) {
            steps++;
            double scale = rate * Math.sqrt(1 - Math.pow(0.999, steps)) / (1 - Math.pow(0.9, steps));
            for (int l = 0; l < weights.length; l++) {
                for (int i = 0; i < weights[l].length; i++) {
                    float g = gradients[l][i];
                    first[l][i] += 0.1f * (g - first[l][i]);
                    second[l][i] += 0.001f * (g * g - second[l][i]);
                    weights[l][i] -= (float) (scale * first[l][i] / (Math.sqrt(second[l][i]) + 1e-8));
                }
            }
        }
    }

    private LearnabilityReport() {}
}
