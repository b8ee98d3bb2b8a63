package io.liveprofile;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules that keep domain code pure and the packages in order. */
@AnalyzeClasses(packages = "io.liveprofile", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule domainKnowsNoFlink = noClasses()
            .that().resideInAnyPackage(
                    "io.liveprofile.aggregate..", "io.liveprofile.anomaly..", "io.liveprofile.config..",
                    "io.liveprofile.event..", "io.liveprofile.feature..", "io.liveprofile.ingest..",
                    "io.liveprofile.model..", "io.liveprofile.profile..", "io.liveprofile.replay..",
                    "io.liveprofile.risk..", "io.liveprofile.simulation..", "io.liveprofile.sizing..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule domainKnowsNoKafka = noClasses()
            .that().resideOutsideOfPackages("io.liveprofile.job..", "io.liveprofile.sink..", "io.liveprofile.local..",
                    "io.liveprofile.cluster..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyShellsReadTheClock = noClasses()
            .that().resideOutsideOfPackages("io.liveprofile.job..", "io.liveprofile.local..", "io.liveprofile.inference..")
            .should().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule countsKnowNoStage = classes()
            .that().resideInAPackage("io.liveprofile.metrics..")
            .should().onlyDependOnClassesThat().resideInAnyPackage("io.liveprofile.metrics..", "java..", "org.apache.flink..");

    @ArchTest
    static final ArchRule jobsDoNotKnowTheLocalRun = noClasses()
            .that().resideOutsideOfPackages("io.liveprofile.local..", "io.liveprofile.cluster..")
            .should().dependOnClassesThat().resideInAPackage("io.liveprofile.local..");

    @ArchTest
    static final ArchRule packagesFormNoCycle = slices().matching("io.liveprofile.(*)..").should().beFreeOfCycles();
}
