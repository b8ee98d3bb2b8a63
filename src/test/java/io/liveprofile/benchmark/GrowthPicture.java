package io.liveprofile.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Line charts side by side, as SVG: no library, one file, readable by any browser. */
final class GrowthPicture {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 400;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 118;
    private static final int BOTTOM = 56;
    private static final int LEGEND_TOP = 48;
    private static final int LEGEND_STEP = 17;
    private static final int TICKS = 5;
    private static final double LOG_SPAN = 20;
    private static final String[] COLOURS = {"#0b6fb8", "#d1495b", "#2e8b57", "#b8860b"};
    private static final String DASHED = " stroke-dasharray=\"6 4\"";

    /** One curve; {@code x} above 0 and ascending. A baseline is dashed, in the colour of the line before it. */
    record Line(String name, double[] x, double[] y, boolean isBaseline) {}

    /** One chart; all lines share its axes. The x axis is logarithmic where the values span a factor of 20 or more. */
    record Panel(String title, String xLabel, String yLabel, List<Line> lines) {}

    private final StringBuilder svg = new StringBuilder();

    private GrowthPicture() {}

    static String svg(List<Panel> panels) {
        GrowthPicture picture = new GrowthPicture();
        picture.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">",
                panels.size() * WIDTH, HEIGHT, panels.size() * WIDTH, HEIGHT);
        picture.add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        for (int i = 0; i < panels.size(); i++) {
            picture.add("<g transform=\"translate(%d 0)\">", i * WIDTH);
            picture.panel(panels.get(i));
            picture.add("</g>");
        }
        picture.add("</svg>");
        return picture.svg.toString();
    }

    private void panel(Panel panel) {
        double[] x = panel.lines().stream()
                .flatMapToDouble(line -> Arrays.stream(line.x()))
                .sorted()
                .distinct()
                .toArray();
        double most = panel.lines().stream().flatMapToDouble(line -> Arrays.stream(line.y())).max().orElseThrow();
        double step = step(most / TICKS);
        Axes axes = new Axes(x[0], x[x.length - 1], step * Math.ceil(most / step));

        add("<text x=\"%d\" y=\"26\" font-size=\"15\" font-weight=\"bold\">%s</text>", LEFT, escape(panel.title()));
        for (double y = 0; y <= axes.most + step / 2; y += step) {
            add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
                    LEFT, WIDTH - RIGHT, axes.y(y), axes.y(y), y == 0 ? "black" : "#dddddd");
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, axes.y(y) + 4, number(y));
        }
        for (double value : x) {
            add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"black\"/>",
                    axes.x(value), axes.x(value), HEIGHT - BOTTOM, HEIGHT - BOTTOM + 5);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    axes.x(value), HEIGHT - BOTTOM + 19, number(value));
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, escape(panel.xLabel()));
        add("<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                (TOP + HEIGHT - BOTTOM) / 2, escape(panel.yLabel()));

        int colour = -1;
        for (int i = 0; i < panel.lines().size(); i++) {
            Line line = panel.lines().get(i);
            colour += line.isBaseline() && colour >= 0 ? 0 : 1;
            line(line, COLOURS[colour % COLOURS.length], i, axes);
        }
    }

    private void line(Line line, String colour, int number, Axes axes) {
        String dash = line.isBaseline() ? DASHED : "";
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < line.x().length; i++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", axes.x(line.x()[i]), axes.y(line.y()[i])));
        }
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>", points.toString().trim(), colour, dash);
        for (int i = 0; i < line.x().length; i++) {
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", axes.x(line.x()[i]), axes.y(line.y()[i]), colour);
        }
        int y = LEGEND_TOP + number * LEGEND_STEP;
        add("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"%s/>",
                LEFT, LEFT + 28, y - 4, y - 4, colour, dash);
        add("<text x=\"%d\" y=\"%d\">%s</text>", LEFT + 36, y, escape(line.name()));
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    /** Smallest of 1, 2, 5 times a power of ten that is no smaller. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Such as 0.5, 15, 1k, 5M. */
    private static String number(double value) {
        if (value >= 1e6) {
            return plain(value / 1e6) + "M";
        }
        return value >= 1e3 ? plain(value / 1e3) + "k" : plain(value);
    }

    private static String plain(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3f", value).replaceAll("\\.?0+$", "");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** From values to places in a panel; y begins at 0, so that lengths can be compared. */
    private static final class Axes {
        private final double first;
        private final double last;
        private final double most;
        private final boolean isLog;

        private Axes(double first, double last, double most) {
            this.first = first;
            this.last = last;
            this.most = most;
            this.isLog = last >= LOG_SPAN * first;
        }

        private double x(double value) {
            double share = last == first
                    ? 0.5
                    : isLog ? Math.log(value / first) / Math.log(last / first) : (value - first) / (last - first);
            return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 40);
        }

        private double y(double value) {
            return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
        }
    }
}
