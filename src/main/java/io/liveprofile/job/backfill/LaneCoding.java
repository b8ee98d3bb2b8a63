package io.liveprofile.job.backfill;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lanes as bytes. Version 1: {@link #MAGIC}, the version, the number of lanes; of each its path, the number of its files,
 * the files, index of the file to read next and position in it.
 *
 * <p>The live stream's own bytes stand beside these in the same state, unchanged, so that once the history is read the
 * state is that of a job which has never had any. The magic tells the two apart: the first two bytes would be a topic's name
 * of 65,356 characters, the first four a negative number of partitions.
 */
final class LaneCoding {
    private static final byte[] MAGIC = {(byte) 0xff, 'L', 'P', 'L', 'A', 'N', 'E', 'S'};
    private static final int VERSION = 1;

    private LaneCoding() {}

    static boolean areLanes(byte[] bytes) {
        return bytes.length > MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static byte[] write(List<HistoryLane> lanes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(MAGIC);
        out.writeByte(VERSION);
        out.writeInt(lanes.size());
        for (HistoryLane lane : lanes) {
            out.writeUTF(lane.path());
            out.writeInt(lane.files().size());
            for (String file : lane.files()) {
                out.writeUTF(file);
            }
            out.writeInt(lane.file());
            out.writeLong(lane.position());
        }
        return bytes.toByteArray();
    }

    static List<HistoryLane> read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.skipNBytes(MAGIC.length);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Lanes of version " + version + " cannot be read; known is " + VERSION);
        }
        int count = in.readInt();
        List<HistoryLane> lanes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String path = in.readUTF();
            int fileCount = in.readInt();
            List<String> files = new ArrayList<>(fileCount);
            for (int j = 0; j < fileCount; j++) {
                files.add(in.readUTF());
            }
            lanes.add(new HistoryLane(path, files, in.readInt(), in.readLong()));
        }
        return lanes;
    }
}
