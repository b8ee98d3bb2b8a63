package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecesOutputStreamTest {
    @Test
    void whatWasWrittenInAnyWayIsReadInOrder() throws Exception {
        Random random = new Random(3);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        PiecesOutputStream out = new PiecesOutputStream(100);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            int from = random.nextInt(bytes.length + 1);
            out.write(bytes, from, bytes.length - from);
            expected.write(bytes, from, bytes.length - from);
            out.write(i);
            expected.write(i);
        }
        List<byte[]> pieces = out.pieces();
        assertThat(pieces.subList(0, pieces.size() - 1)).allMatch(piece -> piece.length == 100);
        try (InputStream in = PiecesOutputStream.read(pieces)) {
            assertThat(in.readAllBytes()).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void whatIsFullAndWhatIsEmptyHasNoPieceBeyond() {
        PiecesOutputStream out = new PiecesOutputStream(3);
        assertThat(out.pieces()).isEmpty();
        out.write(new byte[] {1, 2, 3, 4, 5, 6}, 0, 6);
        assertThat(out.pieces()).containsExactly(new byte[] {1, 2, 3}, new byte[] {4, 5, 6});
    }
}
