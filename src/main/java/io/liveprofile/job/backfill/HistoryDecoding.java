package io.liveprofile.job.backfill;

import io.liveprofile.config.ConfigText;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.EventSpan;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.replay.HistoryFile;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;

/**
 * How history files become records: what travels to the workers.
 *
 * @param mapping the text of the mapping of their rows
 * @param limits what an event may hold
 * @param keyset of the pseudonyms
 * @param until event time up to which history counts, exclusive; stands for the broker's time, too
 */
public record HistoryDecoding(ConfigText mapping, EventLimits limits, String keyset, Instant until)
        implements Serializable {

    /** Opens files; made once a reader, since a mapping is compiled. */
    @FunctionalInterface
    interface Opener {
        HistoryFile open(String name, String file) throws IOException;
    }

    Opener opener() {
        Mapping compiled = Mapping.parse(mapping.file(), mapping.text());
        Pseudonymizer pseudonymizer = Pseudonymizer.ofKeyset(keyset);
        return (name, file) -> HistoryFile.open(
                name,
                HistoryFiles.open(file),
                compiled,
                each -> EventDecoder.ofFile(limits.undated(), pseudonymizer, each).within(EventSpan.before(until)),
                until.toEpochMilli());
    }
}
