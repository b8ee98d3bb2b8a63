package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Takes an amount out of a row as whole minor units, exactly: column × factor × 10^decimals, rounded once at the end.
 * An empty column gives no amount; an empty factor counts as 1.
 */
final class MappingAmount {
    private static final int NO_COLUMN = -1;
    /** Longer than any long in minor units. */
    private static final int MOST_DIGITS = 25;

    private final int column;
    private final int factor;
    private final int decimals;
    private final boolean isAbsolute;
    private final RoundingMode rounding;
    private final String what;
    private final String whatFactor;

    private MappingAmount(ConfigNode node, MappingColumns columns) {
        ConfigNode columnNode = node.isScalar() ? node : node.get("column");
        column = columns.index(columnNode);
        what = "amountMinor (column " + columns.name(column) + ")";
        if (node.isScalar()) {
            factor = NO_COLUMN;
            whatFactor = what;
            decimals = 2;
            isAbsolute = false;
            rounding = RoundingMode.HALF_UP;
            return;
        }
        node.rejectOtherKeys("column", "times", "decimals", "absolute", "rounding");
        factor = node.find("times").map(columns::index).orElse(NO_COLUMN);
        whatFactor = factor == NO_COLUMN ? what : "amountMinor (column " + columns.name(factor) + ")";
        decimals = (int) (long) node.find("decimals").map(n -> n.wholeNumber(0, 8)).orElse(2L);
        isAbsolute = node.find("absolute").map(ConfigNode::bool).orElse(false);
        rounding = node.find("rounding").map(MappingAmount::rounding).orElse(RoundingMode.HALF_UP);
    }

    static MappingAmount read(ConfigNode node, MappingColumns columns) {
        return new MappingAmount(node, columns);
    }

    private static RoundingMode rounding(ConfigNode node) {
        return switch (node.text()) {
            case "half-up" -> RoundingMode.HALF_UP;
            case "half-even" -> RoundingMode.HALF_EVEN;
            case "refuse" -> RoundingMode.UNNECESSARY;
            default -> throw node.error("must be one of half-up, half-even, refuse");
        };
    }

    /**
     * Minor units, 0 or more, or null when the column is empty.
     *
     * @throws RejectedRecordException {@code bad-number}, {@code negative-amount}, {@code inexact-amount} (only with
     *     rounding: refuse) or {@code out-of-range} (more than a long holds)
     */
    Long minorUnits(MappingRow row) throws RejectedRecordException {
        String text = row.value(column);
        if (text.isEmpty()) {
            return null;
        }
        BigDecimal amount = MappingNumbers.decimal(text, what);
        if (factor != NO_COLUMN && !row.value(factor).isEmpty()) {
            amount = amount.multiply(MappingNumbers.decimal(row.value(factor), whatFactor));
        }
        if (isAbsolute) {
            amount = amount.abs();
        }
        if (amount.signum() < 0) {
            throw new RejectedRecordException("negative-amount", what + " is below 0 and the mapping has no absolute: true");
        }
        if (amount.precision() - amount.scale() > MOST_DIGITS) {
            throw new RejectedRecordException("out-of-range", what + " is too large");
        }
        BigDecimal minor;
        try {
            minor = amount.scaleByPowerOfTen(decimals).setScale(0, rounding);
        } catch (ArithmeticException e) {
            throw new RejectedRecordException("inexact-amount", what + " is not a whole number of minor units");
        }
        try {
            return minor.longValueExact();
        } catch (ArithmeticException e) {
            throw new RejectedRecordException("out-of-range", what + " is too large");
        }
    }
}
