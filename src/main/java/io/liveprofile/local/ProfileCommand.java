package io.liveprofile.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One user's current profile, from the run that is going on or from the data of the last one. */
@Command(
        name = "profile",
        description = "Prints a user's current profile as JSON, during a run or after it.")
final class ProfileCommand implements Callable<Integer>, Liveprofile.Verbose {
    private static final int LISTED = 10;
    private static final int UNKNOWN = 1;

    private final Parts parts;

    @Parameters(arity = "0..1", paramLabel = "USER",
            description = "The shop's own user id, or a pseudonym. Without it some users are listed.")
    private String user;

    @Mixin
    private BrokerOption broker;

    @Mixin
    private Liveprofile.Settings settings;

    @Mixin
    private Liveprofile.Common common;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    ProfileCommand(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Integer call() throws Exception {
        System.setProperty("liveprofile.log", broker.log("profile.log").toString());
        return print(broker.ask(this::find));
    }

    @Override
    public boolean isVerbose() {
        return common.isVerbose();
    }

    private ProfileReader.Found find(String bootstrapServers) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        if (user != null) {
            keys.add(parts.pseudonyms(settings.job()).apply(user));
            keys.add(user);
        }
        return new ProfileReader(bootstrapServers).find(keys, LISTED);
    }

    private int print(ProfileReader.Found found) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (found.profile() != null) {
            out.println(RecordJson.text(found.profile()));
            return 0;
        }
        if (user == null) {
            if (found.someUsers().isEmpty()) {
                err.println("No profile has been published yet.");
                return UNKNOWN;
            }
            out.println("Some users (pseudonyms); 'make profile" + broker.option() + " USER=...' prints one:");
            found.someUsers().forEach(each -> out.println("  " + each));
            return 0;
        }
        err.println("error: " + (found.erased() ? "the profile of " + user + " was erased" : "no profile of user " + user)
                + (found.someUsers().isEmpty()
                        ? "; no profile has been published yet"
                        : "; some that exist: " + String.join(", ", found.someUsers().stream().limit(5).toList())));
        return UNKNOWN;
    }
}
