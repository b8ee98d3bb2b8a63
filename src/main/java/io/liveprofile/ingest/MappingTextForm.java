package io.liveprofile.ingest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Rewritings of a column's text that need no condition: {@code as: ...} in a mapping. */
enum MappingTextForm {
    TRIM {
        @Override
        String apply(String text, String what) {
            return text.strip();
        }
    },
    LOWER {
        @Override
        String apply(String text, String what) {
            return text.toLowerCase(Locale.ROOT);
        }
    },
    UPPER {
        @Override
        String apply(String text, String what) {
            return text.toUpperCase(Locale.ROOT);
        }
    },
    /** A decimal number without its fraction: 17850.0 becomes 17850. */
    WHOLE {
        @Override
        String apply(String text, String what) throws RejectedRecordException {
            return MappingNumbers.decimal(text, what).setScale(0, RoundingMode.DOWN).toPlainString();
        }
    },
    /** A decimal number without its sign: -12 becomes 12. */
    ABSOLUTE {
        @Override
        String apply(String text, String what) throws RejectedRecordException {
            return MappingNumbers.decimal(text, what).abs().toPlainString();
        }
    },
    /** An IPv4 address written as one number, whose fraction is cut: 732758368.8 becomes 43.173.1.96. */
    IPV4 {
        @Override
        String apply(String text, String what) throws RejectedRecordException {
            BigDecimal number = MappingNumbers.decimal(text, what);
            long address = number.signum() < 0 || number.compareTo(IPV4_END) >= 0 ? -1 : number.longValue();
            if (address < 0) {
                throw new RejectedRecordException("bad-ip", what + " is not an IPv4 address as a number");
            }
            return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
        }
    };

    private static final BigDecimal IPV4_END = BigDecimal.valueOf(1L << 32);

    /** {@code text} is not empty; {@code what} names field and column in errors. */
    abstract String apply(String text, String what) throws RejectedRecordException;
}
