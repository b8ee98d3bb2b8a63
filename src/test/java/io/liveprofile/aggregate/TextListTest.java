package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class TextListTest {
    @Property(tries = 200)
    void isTheListThatItWasMadeOf(@ForAll @Size(max = 20) List<String> texts) throws IOException {
        List<String> readable = texts.stream().map(TextListTest::wellFormed).toList();
        TextList list = TextList.of(readable);
        assertThat(list.toList()).isEqualTo(readable);
        assertThat(list.size()).isEqualTo(readable.size());
        assertThat(list.encoded()).isEqualTo(asAvroWrites(readable));
        assertThat(TextList.read(DecoderFactory.get().binaryDecoder(written(list), null))).isEqualTo(list);
    }

    @Property(tries = 200)
    void putsInAndCutsAsAListDoes(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 300) Integer> lengths,
            @ForAll @IntRange(max = 8) int index,
            @ForAll @IntRange(min = 1, max = 9) int most) {
        List<String> texts = new ArrayList<>(lengths.stream().map("x"::repeat).toList());
        TextList list = TextList.of(texts).first(most);
        texts = new ArrayList<>(texts.subList(0, Math.min(most, texts.size())));
        int at = Math.min(Math.min(index, texts.size()), most - 1);
        texts.add(at, "new");
        assertThat(list.with(at, TextList.encode("new"), most).toList())
                .isEqualTo(texts.subList(0, Math.min(most, texts.size())));
    }

    @Test
    void findsAndMoves() {
        TextList list = TextList.of(List.of("a", "", "ab", "ä"));
        assertThat(list.indexOf(TextList.encode("ab"))).isEqualTo(2);
        assertThat(list.indexOf(TextList.encode(""))).isEqualTo(1);
        assertThat(list.indexOf(TextList.encode("b"))).isEqualTo(-1);
        assertThat(list.moved(3, 1).toList()).containsExactly("a", "ä", "", "ab");
    }

    @Test
    void shortensWithoutCuttingAPairInTwo() {
        String text = "x".repeat(255) + "😀 and more";
        assertThat(TextList.shortened(text)).isEqualTo("x".repeat(255));
        assertThat(TextList.shortened("x" + text)).isEqualTo("x".repeat(256));
        assertThat(TextList.shortened(text.substring(1))).isEqualTo("x".repeat(254) + "😀");
    }

    /** Lone surrogates have no UTF-8. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static byte[] asAvroWrites(List<String> texts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        for (String text : texts) {
            encoder.writeString(new Utf8(text));
        }
        return bytes.toByteArray();
    }

    private static byte[] written(TextList list) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        list.write(EncoderFactory.get().directBinaryEncoder(bytes, null));
        return bytes.toByteArray();
    }
}
