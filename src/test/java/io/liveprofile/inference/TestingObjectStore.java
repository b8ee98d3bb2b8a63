package io.liveprofile.inference;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * An object store as an S3 plugin without recoverable writers shows it: an object is there, whole, once its stream was
 * closed; the last PUT wins, as NO_OVERWRITE only looks when the stream is opened; there is no rename, and a directory is
 * nothing but a common beginning of names. Objects are kept as files under their path, so tests can look at and change them.
 */
public final class TestingObjectStore extends FileSystem {
    private final FileSystem disk = LocalFileSystem.getSharedInstance();
    private final AtomicInteger puts = new AtomicInteger();
    private int lastPut = Integer.MAX_VALUE;
    private int failingPut;
    private Runnable afterPut = () -> {};
    private int putToFollow;

    /** What a process that dies does: it puts so many objects and nothing happens from then on. */
    public TestingObjectStore dyingAfter(int number) {
        lastPut = number;
        return this;
    }

    /** One PUT goes wrong, counted from 1. */
    public TestingObjectStore failingAt(int put) {
        failingPut = put;
        return this;
    }

    /** Runs something between a PUT, counted from 1, and what follows it. */
    public TestingObjectStore following(int put, Runnable action) {
        putToFollow = put;
        afterPut = action;
        return this;
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        if (mode == WriteMode.NO_OVERWRITE && exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        return new FSDataOutputStream() {
            @Override
            public void write(int b) {
                object.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                object.write(bytes, offset, length);
            }

            @Override
            public long getPos() {
                return object.size();
            }

            @Override
            public void flush() {}

            @Override
            public void sync() {
                throw new UnsupportedOperationException("an object is not there before it is whole");
            }

            @Override
            public void close() throws IOException {
                put(path, object.toByteArray());
            }
        };
    }

    private void put(Path path, byte[] bytes) throws IOException {
        requireAlive();
        int number = puts.incrementAndGet();
        if (number == failingPut) {
            throw new IOException("503 Slow Down");
        }
        java.nio.file.Path object = file(path);
        Files.createDirectories(object.getParent());
        java.nio.file.Path whole = Files.write(Files.createTempFile("object-", ""), bytes);
        Files.move(whole, object, StandardCopyOption.REPLACE_EXISTING);
        if (number == putToFollow) {
            afterPut.run();
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        requireAlive();
        if (!isThere(file(path))) {
            throw new FileNotFoundException(path.toString());
        }
        return disk.getFileStatus(path);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        requireAlive();
        if (!isThere(file(path))) {
            throw new FileNotFoundException(path.toString());
        }
        return Stream.of(disk.listStatus(path))
                .filter(status -> isThere(file(status.getPath())))
                .toArray(FileStatus[]::new);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        requireAlive();
        return disk.open(path);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return open(path);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        requireAlive();
        return disk.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) {
        return true;
    }

    @Override
    public boolean rename(Path from, Path to) {
        throw new UnsupportedOperationException("objects have no rename");
    }

    @Override
    public Path getWorkingDirectory() {
        return disk.getWorkingDirectory();
    }

    @Override
    public Path getHomeDirectory() {
        return disk.getHomeDirectory();
    }

    @Override
    public URI getUri() {
        return disk.getUri();
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) {
        return new BlockLocation[0];
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }

    private void requireAlive() throws IOException {
        if (puts.get() >= lastPut) {
            throw new IOException("the process is dead");
        }
    }

    /** A directory is there only while it holds an object. */
    private static boolean isThere(java.nio.file.Path path) {
        try (Stream<java.nio.file.Path> walk = Files.exists(path) ? Files.walk(path) : Stream.empty()) {
            return walk.anyMatch(Files::isRegularFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static java.nio.file.Path file(Path path) {
        return java.nio.file.Path.of(path.getPath());
    }
}
