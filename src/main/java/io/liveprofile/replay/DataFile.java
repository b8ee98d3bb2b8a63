package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A data file open for reading from its beginning, plain or gzip-compressed (told by its first bytes, not its name),
 * that knows how much of it was read.
 */
public final class DataFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final long size;
    private final CountingStream stored;
    private final InputStream content;

    private DataFile(Path path, long size, CountingStream stored, InputStream content) {
        this.path = path;
        this.size = size;
        this.stored = stored;
        this.content = content;
    }

    /**
     * @throws ConfigException when there is no such file, or it cannot be read
     */
    public static DataFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigException(path + ": no such data file");
        }
        InputStream opened = null;
        try {
            opened = Files.newInputStream(path);
            CountingStream stored = new CountingStream(opened);
            return new DataFile(path, Files.size(path), stored, content(stored));
        } catch (IOException e) {
            closeQuietly(opened, e);
            throw new ConfigException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a stored file holds, decompressed where its first bytes say that it is compressed. */
    static InputStream content(InputStream stored) throws IOException {
        BufferedInputStream buffered = new FrankStream(stored);
        buffered.mark(2);
        boolean isGzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return isGzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
    }

    public Path path() {
        return path;
    }

    /** The file's content, decompressed. */
    InputStream content() {
        return content;
    }

    /** Bytes of the file as it lies on disk. */
    public long size() {
        return size;
    }

    /** How many of them were read so far; runs ahead of the content by the buffers' size. */
    public long bytesRead() {
        return stored.count;
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            throw new ConfigException(path + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(InputStream stream, IOException cause) {
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Has something available until its end; at 0 the decompressor would stop behind one of several compressed parts. */
    private static final class FrankStream extends BufferedInputStream {
        FrankStream(InputStream in) {
            super(in, BUFFER_BYTES);
        }

        @Override
        public synchronized int available() throws IOException {
            mark(1);
            boolean isAtEnd = read() < 0;
            reset();
            return isAtEnd ? 0 : Math.max(1, super.available());
        }
    }

    private static final class CountingStream extends FilterInputStream {
        private volatile long count; // progress may be asked for by another thread

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(read, 0);
            return read;
        }
    }
}
