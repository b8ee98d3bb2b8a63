package io.liveprofile.replay;

import java.util.List;
import java.util.Locale;

/** Curves side by side, as SVG: y from 0 to 1 or on a scale with ticks of its own, x from 0 to 1 or in time. */
public final class CurvePicture {
    private static final int SIZE = 380;
    private static final int LEFT = 56;
    private static final int TOP = 40;
    private static final int BOTTOM = 52;
    private static final int LEGEND_STEP = 17;
    private static final List<String> SHARES = List.of("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    private static final String[] COLOURS = {"#0b6fb8", "#2e8b57", "#d1495b", "#b8860b", "#888888"};

    /** x ascending, in the panel's range; a point whose y is NaN is left out. */
    public record Curve(String name, double[] x, double[] y) {}

    /**
     * @param last x at the right edge; the left one is {@code first}
     * @param ticks what stands below the first and the last x
     * @param yTicks what stands, evenly spaced, beside y from 0 to 1; at least two
     * @param marks x of vertical lines
     */
    public record Panel(String title, String xLabel, String yLabel, double first, double last, List<String> ticks,
            List<String> yTicks, List<Curve> curves, double[] marks) {
        /** Shares over time. */
        Panel(String title, String xLabel, String yLabel, double first, double last, List<String> ticks, List<Curve> curves,
                double[] marks) {
            this(title, xLabel, yLabel, first, last, ticks, SHARES, curves, marks);
        }

        /** Both axes from 0 to 1. */
        static Panel ofShares(String title, String xLabel, String yLabel, List<Curve> curves) {
            return new Panel(title, xLabel, yLabel, 0, 1, List.of("0", "1"), curves, new double[0]);
        }
    }

    private final StringBuilder svg = new StringBuilder();

    private CurvePicture() {}

    public static String svg(List<Panel> panels) {
        CurvePicture picture = new CurvePicture();
        int most = panels.stream().mapToInt(panel -> panel.curves().size()).max().orElse(0);
        int height = SIZE + most * LEGEND_STEP + 8;
        picture.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">", panels.size() * SIZE, height, panels.size() * SIZE, height);
        picture.add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        for (int i = 0; i < panels.size(); i++) {
            picture.add("<g transform=\"translate(%d 0)\">", i * SIZE);
            picture.panel(panels.get(i));
            picture.add("</g>");
        }
        picture.add("</svg>");
        return picture.svg.toString();
    }

    private void panel(Panel panel) {
        add("<text x=\"%d\" y=\"24\" font-size=\"15\" font-weight=\"bold\">%s</text>", LEFT, panel.title());
        for (int i = 0; i < panel.yTicks().size(); i++) {
            double y = i / (panel.yTicks().size() - 1.0);
            add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>", LEFT, SIZE - 16, y(y), y(y),
                    i == 0 ? "black" : "#dddddd");
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y(y) + 4, panel.yTicks().get(i));
        }
        for (double mark : panel.marks()) {
            add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%.1f\" stroke=\"#bbbbbb\" stroke-dasharray=\"2 3\"/>",
                    x(panel, mark), x(panel, mark), TOP, y(0));
        }
        add("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, SIZE - BOTTOM + 18, panel.ticks().get(0));
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", SIZE - 16, SIZE - BOTTOM + 18, panel.ticks().get(1));
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", (LEFT + SIZE - 16) / 2, SIZE - BOTTOM + 34, panel.xLabel());
        add("<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                (TOP + SIZE - BOTTOM) / 2, panel.yLabel());
        for (int i = 0; i < panel.curves().size(); i++) {
            curve(panel, panel.curves().get(i), COLOURS[i % COLOURS.length], i);
        }
    }

    private void curve(Panel panel, Curve curve, String colour, int number) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.x().length; i++) {
            if (!Double.isNaN(curve.y()[i])) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(panel, curve.x()[i]), y(curve.y()[i])));
            }
        }
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>", points.toString().trim(), colour);
        int y = SIZE + number * LEGEND_STEP;
        add("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>", LEFT, LEFT + 24, y - 4, y - 4, colour);
        add("<text x=\"%d\" y=\"%d\">%s</text>", LEFT + 32, y, curve.name());
    }

    private static double x(Panel panel, double value) {
        return LEFT + (value - panel.first()) / (panel.last() - panel.first()) * (SIZE - 16 - LEFT);
    }

    private static double y(double value) {
        return SIZE - BOTTOM - Math.min(1, Math.max(0, value)) * (SIZE - BOTTOM - TOP);
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
