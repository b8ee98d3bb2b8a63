package io.liveprofile.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of one row into the text of each column. Immutable and thread-safe. */
interface MappingLines {
    /**
     * One text for each column, empty where the row has none; null when the line is blank.
     *
     * @throws RejectedRecordException {@code bad-csv}, {@code bad-json}, {@code wrong-column-count}
     */
    String[] values(String line) throws RejectedRecordException;

    static MappingLines of(MappingFormat format) {
        return format.kind() == MappingFormat.Kind.CSV
                ? new CsvMappingLines(format.separator(), format.quote(), format.columns().size())
                : new JsonMappingLines(format.paths());
    }

    /**
     * The line as text, without byte order mark and line end.
     *
     * @throws RejectedRecordException {@code row-too-long} or {@code not-utf8}
     */
    static String text(byte[] line) throws RejectedRecordException {
        if (line.length > Mapping.MOST_ROW_BYTES) {
            throw new RejectedRecordException("row-too-long", "the row has more than " + Mapping.MOST_ROW_BYTES + " bytes");
        }
        int start = line.length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF ? 3 : 0;
        int end = line.length;
        if (end > start && line[end - 1] == '\n') {
            end--;
        }
        if (end > start && line[end - 1] == '\r') {
            end--;
        }
        String text = new String(line, start, end - start, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) { // stands in the text, or for bytes that are not UTF-8
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, start, end - start));
            } catch (CharacterCodingException e) {
                throw new RejectedRecordException("not-utf8", "the row is not UTF-8");
            }
        }
        return text;
    }
}
