package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Waits belong to the second of their event, profiles to the second in which they came. */
class FailoverPictureTest {
    private static final FailoverPicture PICTURE = new FailoverPicture(
            new long[] {0, 100, 999, 1_000, 3_500, -1, 4_000}, new long[] {50, 1_100, 2_999, 1_010, 3_500, 20, 9_000}, 4);

    @Test
    void eachSecondHasItsQuantiles() {
        assertThat(PICTURE.quantileMillis(0, 0.5)).isEqualTo(1_000);
        assertThat(PICTURE.quantileMillis(0, 0.999)).isEqualTo(2_000);
        assertThat(PICTURE.quantileMillis(1, 0.5)).isEqualTo(10);
        assertThat(PICTURE.quantileMillis(2, 0.5)).isNaN();
        assertThat(PICTURE.quantileMillis(3, 0.5)).isZero();
        assertThat(PICTURE.quantileMillis(0, 4, 0.2)).isZero();
        assertThat(PICTURE.quantileMillis(0, 4, 1)).isEqualTo(2_000);
        assertThat(new long[] {PICTURE.published(0), PICTURE.published(1), PICTURE.published(2), PICTURE.published(3)})
                .containsExactly(2, 2, 1, 1);
    }

    @Test
    void thePictureHasACurveEachAndAMark() throws Exception {
        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(PICTURE.svg("title", 1.5).getBytes(StandardCharsets.UTF_8)));
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        // 10 ms is the lower end of the scale, where the axis is.
        String median = svg.getElementsByTagName("polyline").item(0).getAttributes().getNamedItem("points").getNodeValue();
        assertThat(median.split(" ")).hasSize(3);
        assertThat(median.split(" ")[1]).endsWith(",328.0");
        assertThat(svg.getDocumentElement().getTextContent()).contains("100 ms", "p99.9", "profiles a second");
    }
}
