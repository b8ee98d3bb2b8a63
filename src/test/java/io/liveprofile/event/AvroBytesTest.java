package io.liveprofile.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class AvroBytesTest {
    private final AvroBytes bytes = new AvroBytes();

    @Property(tries = 300)
    void areTheBytesThatAvroWrites(
            @ForAll long number, @ForAll double real, @ForAll String text, @ForAll @Size(max = 2_000) float[] floats)
            throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(expected, null);
        avro.writeLong(number);
        avro.writeDouble(real);
        avro.writeString(text);
        avro.writeArrayStart();
        avro.setItemCount(floats.length);
        for (float value : floats) {
            avro.startItem();
            avro.writeFloat(value);
        }
        avro.writeArrayEnd();
        avro.writeLong(-number);

        bytes.reset();
        bytes.writeLong(number);
        bytes.writeDouble(real);
        bytes.writeText(text);
        bytes.writeFloats(floats);
        bytes.writeLong(-number);
        assertThat(bytes.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void growsForWhatIsLargerThanItself() {
        byte[] large = new byte[100_000];
        large[99_999] = 1;
        bytes.writeEncoded(large);
        bytes.writeLong(0);
        assertThat(bytes.toByteArray()).hasSize(100_001).endsWith(1, 0);
    }
}
