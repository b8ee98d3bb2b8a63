package io.liveprofile.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether the processes' logs name a shopper of the simulated shop or of its night, or an event that a case has added. */
final class LoggedIds {
    private static final Pattern ID = Pattern.compile("\\b(u\\d+|night-\\d+|" + Fault.ADDED + "\\S*)\\b");
    /** Something that the logs of a run have, so that they are the ones that are looked at. */
    private static final String LOGGED = "Scoring with r";

    private LoggedIds() {}

    /** What is wrong, a line each, with the id left out. */
    static List<String> in(Path logs) throws IOException {
        List<String> wrong = new ArrayList<>();
        boolean isOfARun = false;
        List<Path> files;
        try (Stream<Path> all = Files.list(logs)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            try (Stream<String> lines = Files.lines(file)) {
                for (String line : (Iterable<String>) lines::iterator) {
                    isOfARun |= line.contains(LOGGED);
                    if (ID.matcher(line).find()) {
                        wrong.add(file.getFileName() + " names a user or an event: " + ID.matcher(line).replaceAll("?"));
                        break;
                    }
                }
            }
        }
        if (!isOfARun) {
            wrong.add("no log says '" + LOGGED + "...': they are not those of the run");
        }
        return wrong;
    }
}
