package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.benchmark.GrowthPicture.Line;
import io.liveprofile.benchmark.GrowthPicture.Panel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class GrowthPictureTest {

    @Test
    void theCurvesAreThereWithTheirAxesAndNames() throws Exception {
        Document picture = parse(GrowthPicture.svg(List.of(
                panel("Cost & users", new double[] {10_000, 100_000, 1_000_000, 5_000_000}, new double[] {8, 9.5, 14, 21}),
                panel("Cost <windows>", new double[] {1, 5, 15}, new double[] {0.2, 0.3, 0.7}))));
        assertThat(picture.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        assertThat(picture.getElementsByTagName("circle").getLength()).isEqualTo(2 * (4 + 3));
        assertThat(texts(picture))
                .contains("Cost & users", "Cost <windows>", "engine", "floor", "what grows", "µs an event")
                .contains("10k", "100k", "1M", "5M", "0", "5", "25")
                .contains("1", "15", "0.2", "0.8");
    }

    @Test
    void aWideXAxisIsLogarithmicAndANarrowOneLinear() throws Exception {
        // Ten times as much is a third of the way from 1 to 1,000, and a half from 1 to 19.
        assertThat(pointsOf(panel("wide", new double[] {1, 10, 1_000}, new double[] {1, 1, 1}))).satisfies(
                x -> assertThat(share(x)).isBetween(0.332, 0.335));
        assertThat(pointsOf(panel("narrow", new double[] {1, 10, 19}, new double[] {1, 1, 1}))).satisfies(
                x -> assertThat(share(x)).isBetween(0.499, 0.501));
    }

    private static double share(double[] x) {
        return (x[1] - x[0]) / (x[2] - x[0]);
    }

    private static double[] pointsOf(Panel panel) throws Exception {
        String points = parse(GrowthPicture.svg(List.of(panel)))
                .getElementsByTagName("polyline").item(0).getAttributes().getNamedItem("points").getNodeValue();
        return Arrays.stream(points.split(" ")).mapToDouble(point -> Double.parseDouble(point.split(",")[0])).toArray();
    }

    private static Panel panel(String title, double[] x, double[] y) {
        return new Panel(title, "what grows", "µs an event", List.of(new Line("engine", x, y, false), new Line("floor", x, y, true)));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document picture) {
        NodeList nodes = picture.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
