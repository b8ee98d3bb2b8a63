package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigNode;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingAmountTest {
    private static final MappingColumns COLUMNS = new MappingColumns(List.of("price", "qty"));

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',                           57.16, '',  5716
            '',                           146.0, '',  14600
            '',                           34,    '',  3400
            '',                           0,     '',  0
            '',                           -0.00, '',  0
            ', times: qty',               0.29,  3,   87
            ', times: qty',               2.55,  6,   1530
            ', times: qty',               2.55,  '',  255
            ', times: qty, absolute: true', 0.29, -24, 696
            ', absolute: true',           -1.10, '',  110
            ', decimals: 0',              1999,  '',  1999
            ', decimals: 3',              1.5,   '',  1500
            '',                           0.005, '',  1
            '',                           0.0049999999, '', 0
            ', rounding: half-even',      0.005, '',  0
            ', rounding: half-even',      0.015, '',  2
            ', rounding: refuse',         1.10,  '',  110
            ', times: qty',               0.001, 1000, 100
            '',                           92233720368547758.07, '', 9223372036854775807
            """)
    void multipliesExactly(String form, String price, String quantity, long expected) throws Exception {
        assertThat(read(form, price, quantity)).isEqualTo(expected);
    }

    @Test
    void hasNoneWhereTheColumnIsEmpty() throws Exception {
        assertThat(read(", times: qty", "", "3")).isNull();
    }

    @Property
    void givesBackWhatWasWritten(
            @ForAll @LongRange(min = 0) long minor, @ForAll @IntRange(min = 0, max = 8) int decimals) throws Exception {
        String written = BigDecimal.valueOf(minor, decimals).toPlainString();
        assertThat(read(", rounding: refuse, decimals: " + decimals, written, "")).isEqualTo(minor);
    }

    @Property
    void agreesWithWholeNumbers(@ForAll @IntRange(min = 0) int cents, @ForAll @IntRange(min = 0) int quantity)
            throws Exception {
        String price = cents / 100 + "." + String.format("%02d", cents % 100);
        assertThat(read(", times: qty", price, Integer.toString(quantity))).isEqualTo((long) cents * quantity);
        assertThat(read(", times: qty, absolute: true", "-" + price, Integer.toString(quantity)))
                .isEqualTo((long) cents * quantity);
    }

    @Property
    void refusesWhatALongCannotHold(@ForAll @LongRange(min = 1) long over) {
        String price = BigDecimal.valueOf(Long.MAX_VALUE).add(BigDecimal.valueOf(over)).toPlainString();
        assertThatThrownBy(() -> read(", decimals: 0", price, "")).isInstanceOf(RejectedRecordException.class)
                .hasMessage("amountMinor (column price) is too large");
    }

    private static Long read(String form, String price, String quantity) throws RejectedRecordException {
        ConfigNode root = ConfigNode.parse("m.yaml", "amount: {column: price" + form + "}");
        MappingAmount amount = MappingAmount.read(root.get("amount"), COLUMNS);
        return amount.minorUnits(new MappingRow(COLUMNS, new String[] {price, quantity}, 1));
    }
}
