package io.liveprofile.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs commands on the data of a run, and keeps what the newest of them has printed. */
final class TestingConsole {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    /** @return the exit code */
    int execute(String command, Path directory, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] all = Stream.concat(Stream.of(command, "--dir", directory.toString()), List.of(arguments).stream())
                .toArray(String[]::new);
        return Liveprofile.commandLine(new TestingParts())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
