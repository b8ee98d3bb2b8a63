package io.liveprofile.cluster;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Flink's programs print, read. */
final class CommandOutput {
    private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";
    private static final Pattern JOB_ID = Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");
    private static final String CAUSE = "Caused by: ";
    private static final String OURS = "liveprofile: ";

    private CommandOutput() {}

    /** The results of BashJavaUtils, in order: options of the JVM, then arguments. */
    static List<String> results(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(RESULT)).map(line -> line.substring(RESULT.length())).toList();
    }

    /** The job that {@code flink run --detached} says it submitted. */
    static String jobId(List<String> lines) {
        for (String line : lines) {
            Matcher matcher = JOB_ID.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IllegalArgumentException("No id of a job among: " + lines);
    }

    /** Why a program failed: what a job says of itself, else the innermost cause, else the last line. */
    static String reason(List<String> lines) {
        String cause = null;
        String last = "it said nothing";
        for (String line : lines) {
            if (line.startsWith(OURS)) {
                return line.substring(OURS.length());
            }
            if (line.startsWith(CAUSE)) {
                cause = line.substring(CAUSE.length());
            }
            if (!line.isBlank()) {
                last = line.strip();
            }
        }
        return cause != null ? cause : last;
    }
}
