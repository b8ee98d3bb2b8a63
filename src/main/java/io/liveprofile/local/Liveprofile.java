package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.replay.MappingTrial;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Exit codes: 0 = done, 1 = the run failed or does not add up, 2 = cannot be run as asked. */
@Command(
        name = "liveprofile",
        description = "Living user profiles for e-commerce.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "Liveprofile 0.1.0")
public final class Liveprofile implements Runnable {
    private static final int FAILED = 1;
    private static final int UNUSABLE = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Options of every subcommand. */
    public static final class Common {
        @Option(names = {"-v", "--verbose"}, description = "Print the stack trace of an error.")
        private boolean verbose;

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
        private boolean help;

        public boolean isVerbose() {
            return verbose;
        }
    }

    /** Options of the subcommands that need the job's options. */
    public static final class Settings {
        @Option(names = "--conf", paramLabel = "DIR", defaultValue = "flink-conf",
                description = "Configuration files (default: ${DEFAULT-VALUE}).")
        private Path directory;

        @Option(names = "--set", paramLabel = "KEY=VALUE",
                description = "An option of the job instead of what liveprofile.yaml says; may stand several times.")
        private List<String> assignments = List.of();

        public JobSettings job() {
            return new JobSettings(directory, assignments);
        }
    }

    /** A subcommand that has the common options. */
    public interface Verbose {
        boolean isVerbose();
    }

    public static void main(String[] args) {
        System.exit(commandLine(new BuiltInParts()).execute(args));
    }

    /** The command line over these parts. */
    public static CommandLine commandLine(Parts parts) {
        CommandLine line = new CommandLine(new Liveprofile())
                .addSubcommand(new RunCommand(parts))
                .addSubcommand(new ProfileCommand(parts))
                .addSubcommand(new TopicCommand())
                .addSubcommand(new ModelCommand())
                .addSubcommand(new EvaluateCommand())
                .addSubcommand(new MappingTrial())
                .addSubcommand(new SizeCommand());
        return tellingErrorsInOneLine(line);
    }

    /** The same command line: an error is one line on standard error, and its exit code says what kind it is. */
    public static CommandLine tellingErrorsInOneLine(CommandLine line) {
        line.setParameterExceptionHandler((error, arguments) -> {
            error.getCommandLine().getErr().println("error: " + error.getMessage().replace('\n', ' ') + " (--help says what there is)");
            return UNUSABLE;
        });
        return line.setExecutionExceptionHandler((error, failed, parsed) -> {
            failed.getErr().println("error: " + oneLine(error));
            if (failed.getCommand() instanceof Verbose command && command.isVerbose()) {
                error.printStackTrace(failed.getErr());
            } else if (!isExpected(error)) {
                failed.getErr().println("(-v prints the stack trace)");
            }
            return error instanceof ConfigException ? UNUSABLE : FAILED;
        });
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static boolean isExpected(Throwable error) {
        return error instanceof ConfigException || error instanceof RunFailedException;
    }

    private static String oneLine(Throwable error) {
        return isExpected(error)
                ? error.getMessage().replace('\n', ' ')
                : error.getClass().getSimpleName() + ": " + RunFailedException.rootMessage(error);
    }
}
