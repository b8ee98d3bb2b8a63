package io.liveprofile.ingest;

import java.math.BigDecimal;

/** Numbers out of texts, exact and bounded: a hostile exponent costs nothing. */
final class MappingNumbers {
    /** More digits than any amount, id or coordinate has, before and after the point. */
    private static final int MOST_DIGITS = 60;

    private MappingNumbers() {}

    /**
     * @throws RejectedRecordException {@code bad-number} when the text is not a decimal number of at most 60 digits
     *     before and after the point
     */
    static BigDecimal decimal(String text, String what) throws RejectedRecordException {
        if (text.length() <= 2 * MOST_DIGITS + 2) {
            try {
                BigDecimal value = new BigDecimal(text);
                if (Math.abs((long) value.scale()) <= MOST_DIGITS) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // said below, without the text
            }
        }
        throw new RejectedRecordException("bad-number", what + " is not a decimal number");
    }

    /** @throws RejectedRecordException {@code bad-number} when not an int; {@code 6.0} is one */
    static int wholeInt(String text, String what) throws RejectedRecordException {
        try {
            return text.length() < 10 ? Integer.parseInt(text) : decimal(text, what).intValueExact();
        } catch (NumberFormatException e) {
            try {
                return decimal(text, what).intValueExact();
            } catch (ArithmeticException fraction) {
                throw new RejectedRecordException("bad-number", what + " is not a whole number");
            }
        } catch (ArithmeticException e) {
            throw new RejectedRecordException("bad-number", what + " is not a whole number");
        }
    }

    /**
     * @throws RejectedRecordException {@code bad-number} when not a number, {@code out-of-range} when not from
     *     {@code min} to {@code max}
     */
    static double real(String text, double min, double max, String what) throws RejectedRecordException {
        double value = decimal(text, what).doubleValue();
        if (!(value >= min && value <= max)) {
            throw new RejectedRecordException("out-of-range", what + " is not from " + min + " to " + max);
        }
        return value;
    }
}
