package io.liveprofile.ingest;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** CSV rows (RFC 4180). A row without quotes is split in place; the library reads the others. */
final class CsvMappingLines implements MappingLines {
    private final char separator;
    private final char quote;
    private final int width;

    CsvMappingLines(char separator, char quote, int width) {
        this.separator = separator;
        this.quote = quote;
        this.width = width;
    }

    @Override
    public String[] values(String line) throws RejectedRecordException {
        if (line.isBlank() && line.indexOf(separator) < 0) {
            return null;
        }
        String[] values = isPlain(line, quote) ? split(line) : quoted(line, separator, quote).toArray(String[]::new);
        if (values.length != width) {
            throw new RejectedRecordException(
                    "wrong-column-count", width + " columns expected, " + values.length + " found");
        }
        return values;
    }

    /** The fields of any line, whatever their number. */
    static List<String> fields(String line, char separator, char quote) throws RejectedRecordException {
        return isPlain(line, quote)
                ? List.of(new CsvMappingLines(separator, quote, 1).split(line)) : quoted(line, separator, quote);
    }

    private static boolean isPlain(String line, char quote) {
        return quote == MappingFormat.NO_QUOTE || line.indexOf(quote) < 0;
    }

    private String[] split(String line) {
        String[] values = new String[width];
        int count = 0;
        int start = 0;
        for (int end = line.indexOf(separator); end >= 0; end = line.indexOf(separator, start)) {
            values = count < values.length ? values : Arrays.copyOf(values, 2 * count);
            values[count++] = line.substring(start, end);
            start = end + 1;
        }
        values = count + 1 == values.length ? values : Arrays.copyOf(values, count + 1);
        values[count] = line.substring(start);
        return values;
    }

    private static List<String> quoted(String line, char separator, char quote) throws RejectedRecordException {
        try (CsvReader<CsvRecord> records = CsvReader.builder().fieldSeparator(separator).quoteCharacter(quote)
                .allowUnclosedQuote(false)
                .ofCsvRecord(line)) {
            List<CsvRecord> rows = records.stream().toList();
            if (rows.size() != 1) {
                throw new RejectedRecordException("bad-csv", "the line holds " + rows.size() + " rows");
            }
            return rows.get(0).getFields();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing but memory is read
        } catch (CsvParseException e) { // its message may quote the row
            throw new RejectedRecordException("bad-csv", "the quotes of the row do not match");
        }
    }
}
