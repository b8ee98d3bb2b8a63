package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;

/**
 * Number of distinct values of a field, from Apache DataSketches' HLL sketch. Rounded to a whole number; exact up to
 * 2^(lgK - 3) values (128 at the default lgK 10), beyond that with a relative standard error of 1.04 / sqrt(2^lgK)
 * (3.3 %). A tile takes 8 + 4 bytes a value while exact, 2^lgK + 40 bytes beyond.
 */
final class DistinctOperation extends Operation<Union> {
    static final int DEFAULT_LG_K = 10;

    private final Function<BehaviorEvent, String> field;
    private final int lgK;

    DistinctOperation(Function<BehaviorEvent, String> field, int lgK) {
        this.field = field;
        this.lgK = lgK;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return field.apply(event) != null;
    }

    @Override
    public Union create() {
        return new Union(lgK);
    }

    @Override
    public void add(Union partial, BehaviorEvent event) {
        partial.update(field.apply(event));
    }

    @Override
    public void merge(Union into, Union later) {
        into.update(later.getResult(TgtHllType.HLL_8));
    }

    @Override
    public double number(Union partial, long nowMillis) {
        return Math.rint(partial.getEstimate());
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    public void write(Union partial, Encoder out) throws IOException {
        out.writeBytes(partial.toCompactByteArray());
    }

    @Override
    public Union read(Decoder in) throws IOException {
        ByteBuffer bytes = in.readBytes(null);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Union.heapify(Memory.wrap(copy));
    }
}
