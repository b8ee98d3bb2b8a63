package io.liveprofile.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Engine and whole graph beside what they are measured by, all in one run on one machine, in turn, so that the ratios hold
 * where the figures do not; then how cost grows. Prints a table, writes {@code report.json}, {@code growth.svg} and the
 * flight recordings behind the figures.
 */
public final class Benchmark {

    private interface Section {
        void measure() throws Exception;
    }

    /** What `make size` reckons with; asked for by name, as it says nothing of how fast anything is. */
    private static final String SIZES = "sizes";

    private Benchmark() {}

    /** {@code full|smoke DIRECTORY [SECTION …]}; all sections but {@code sizes} unless some are named. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2 || !List.of("full", "smoke").contains(args[0])) {
            throw new IllegalArgumentException("arguments: full|smoke DIRECTORY [SECTION ...]");
        }
        Scale scale = args[0].equals("full") ? Scale.full() : Scale.smoke();
        Path directory = Files.createDirectories(Path.of(args[1]));
        Results results = new Results();
        Report report = new Report(scale.title(), results);
        Run run = new Run(scale, directory, new Measurer(directory, scale.warmUp(), scale.measured()),
                new Jobs(directory), results, report, System.nanoTime());

        Map<String, Section> sections = sections(run);
        List<String> chosen = args.length == 2 ? sections.keySet().stream().filter(name -> !name.equals(SIZES)).toList() : List.of(args).subList(2, args.length);
        for (String name : chosen) {
            if (!sections.containsKey(name)) {
                throw new IllegalArgumentException("'" + name + "' is no section; sections: " + sections.keySet());
            }
        }
        for (String name : chosen) {
            sections.get(name).measure();
        }
        report.note(String.format(Locale.ROOT, "took %.1f minutes", run.elapsed().toSeconds() / 60.0));
        report.print(System.out);
        report.write(directory);
        System.out.println("\nwritten to " + directory.resolve("report.json"));
        System.exit(0);
    }

    private static Map<String, Section> sections(Run run) {
        EngineSection engine = new EngineSection(run);
        GrowthSection growth = new GrowthSection(run);
        Map<String, Section> sections = new LinkedHashMap<>();
        sections.put("heavy", growth::measureHeavyUser); // first, as it compiles what the engine runs
        sections.put("engine", engine::measure);
        sections.put("sliding", new SlidingSection(run)::measure);
        sections.put("keys", new KeysSection(run)::measure);
        sections.put("model", new ModelSection(run)::measure);
        sections.put("release", new ReleaseSection(run)::measure);
        sections.put("windows", growth::measureWindows);
        sections.put("users", growth::measureUsers); // last, as the only one that may leave out something
        sections.put(SIZES, new SizesSection(run)::measure);
        return sections;
    }
}
