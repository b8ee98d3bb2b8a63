package io.liveprofile.risk;

import io.liveprofile.event.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** An alert that was raised and whose repeats are being counted; one a user and kind. About 200 bytes. */
public final class OpenAlert {
    final AlertKind kind;
    final long firstTime;
    final List<Reason> reasons;
    final List<String> evidence;
    long lastTime;
    long occurrences;
    /** Occurrences that the last message told of. */
    long reported = 1;

    OpenAlert(AlertKind kind, long firstTime, long lastTime, long occurrences, List<Reason> reasons, List<String> evidence) {
        this.kind = kind;
        this.firstTime = firstTime;
        this.lastTime = lastTime;
        this.occurrences = occurrences;
        this.reasons = reasons;
        this.evidence = evidence;
    }

    public void write(Encoder out) throws IOException {
        out.writeString(kind.alertName());
        out.writeLong(firstTime);
        out.writeLong(lastTime);
        out.writeLong(occurrences);
        out.writeLong(reported);
        out.writeInt(reasons.size());
        for (Reason reason : reasons) {
            out.writeString(reason.getCode());
            out.writeString(reason.getField());
            out.writeDouble(reason.getValue());
            out.writeDouble(reason.getLimit());
            out.writeString(reason.getText());
        }
        out.writeInt(evidence.size());
        for (String eventId : evidence) {
            out.writeString(eventId);
        }
    }

    public static OpenAlert read(Decoder in) throws IOException {
        AlertKind kind = AlertKind.named(in.readString());
        long firstTime = in.readLong();
        long lastTime = in.readLong();
        long occurrences = in.readLong();
        long reported = in.readLong();
        int reasonCount = in.readInt();
        List<Reason> reasons = new ArrayList<>(reasonCount);
        for (int i = 0; i < reasonCount; i++) {
            reasons.add(new Reason(in.readString(), in.readString(), in.readDouble(), in.readDouble(), in.readString()));
        }
        int evidenceCount = in.readInt();
        List<String> evidence = new ArrayList<>(evidenceCount);
        for (int i = 0; i < evidenceCount; i++) {
            evidence.add(in.readString());
        }
        OpenAlert alert = new OpenAlert(kind, firstTime, lastTime, occurrences, reasons, evidence);
        alert.reported = reported;
        return alert;
    }
}
