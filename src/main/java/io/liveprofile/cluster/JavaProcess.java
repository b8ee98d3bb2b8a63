package io.liveprofile.cluster;

import io.liveprofile.local.RunFailedException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Java program to start with the JDK that this one runs on.
 *
 * @param jvmArguments options of the JVM
 * @param environment variables beside those that are inherited
 */
record JavaProcess(
        List<String> jvmArguments,
        String classPath,
        String mainClass,
        List<String> arguments,
        Map<String, String> environment) {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /**
     * Starts it so that it goes on when this process and its terminal are gone.
     *
     * @param output file for what it prints; begun anew
     */
    RunningProcess startDetached(String name, Path processes, Path output) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString()); // replaces itself by the program, so the process is still ours to know
        }
        command.addAll(command());
        try {
            Files.createDirectories(output.getParent());
            Process process = builder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            RunningProcess running = RunningProcess.of(name, process.toHandle());
            running.write(processes);
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    /**
     * Returns what it printed, errors as well, once it has ended.
     *
     * @throws RunFailedException with the last line that it printed when its exit code is not 0
     */
    List<String> run(String name) throws InterruptedException {
        try {
            Process process = builder(command()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            List<String> lines =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            if (process.waitFor() != 0) {
                throw new RunFailedException(name + ": " + CommandOutput.reason(lines));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        return command;
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "2");
        return builder;
    }
}
