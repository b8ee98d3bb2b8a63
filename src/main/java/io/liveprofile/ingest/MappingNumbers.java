package io.liveprofile.ingest;

import java.math.BigDecimal;

/** Numbers out of texts, exact and bounded: a hostile exponent costs nothing. */
final class MappingNumbers {
    /** More digits than any amount, id or coordinate has, before and after the point. */
    private static final int MOST_DIGITS = 60;

    private MappingNumbers() {}

    /**
     * @throws UnmappableRowException {@code bad-number} when the text is not a decimal number of at most 60 digits
     *     before and after the point
     */
    static BigDecimal decimal(String text, String what) throws UnmappableRowException {
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
        throw new UnmappableRowException("bad-number", what + " is not a decimal number");
    }

    /** @throws UnmappableRowException {@code bad-number} when not an int; {@code 6.0} is one */
    static int wholeInt(String text, String what) throws UnmappableRowException {
        try {
            return text.length() < 10 ? Integer.parseInt(text) : decimal(text, what).intValueExact();
        } catch (NumberFormatException e) {
            try {
                return decimal(text, what).intValueExact();
            } catch (ArithmeticException fraction) {
                throw new UnmappableRowException("bad-number", what + " is not a whole number");
            }
        } catch (ArithmeticException e) {
            throw new UnmappableRowException("bad-number", what + " is not a whole number");
        }
    }

    /**
     * @throws UnmappableRowException {@code bad-number} when not a number, {@code out-of-range} when not from
     *     {@code min} to {@code max}
     */
    static double real(String text, double min, double max, String what) throws UnmappableRowException {
        double value = decimal(text, what).doubleValue();
        if (!(value >= min && value <= max)) {
            throw new UnmappableRowException("out-of-range", what + " is not from " + min + " to " + max);
        }
        return value;
    }
}
