package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private static final Reading BEFORE = BalanceTest.reading(1_000, 900, 600);
    private static final Reading NOW = BalanceTest.reading(5_936, 4_900, 3_200);

    @Test
    void saysHowTheRunIsDoing() {
        StatusLine line =
                StatusLine.between(BEFORE, NOW, Duration.ofSeconds(4), Duration.ofSeconds(3_599), 1_234);
        assertThat(line.text())
                .isEqualTo("59:59 | 1,234 events/s | 650 profiles/s | 5,000 users | 3 alerts | 40 dead letters"
                        + " | lag 1,234 | p99 188 ms | model r-0003 | 70 examples");
    }

    @Test
    void valuesThatAreNotThereYetAreSaidSo() {
        Reading empty = new Reading(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Double.NaN, Double.NaN, "", 0, 0);
        assertThat(StatusLine.between(empty, empty, Duration.ZERO, Duration.ofSeconds(3_600), 0).text())
                .isEqualTo("1:00:00 | 0 events/s | 0 profiles/s | 0 users | 0 alerts | 0 dead letters"
                        + " | lag 0 | p99 - | model none | 0 examples");
    }

    @Test
    void aCounterThatFellDuringARestartIsNoNegativeRate() {
        assertThat(StatusLine.between(NOW, BEFORE, Duration.ofSeconds(1), Duration.ZERO, 0).text())
                .startsWith("00:00 | 0 events/s | 0 profiles/s");
    }

    @Test
    void progressBarShowsShareRateAndTimeLeft() {
        assertThat(new ProgressBar(0.25, 12_345.6, Duration.ofSeconds(30)).text())
                .isEqualTo("[#######-----------------------] 25 % | 12,346 rows/s | 01:30 left");
        assertThat(new ProgressBar(0, 0, Duration.ZERO).text())
                .isEqualTo("[------------------------------] 0 % | 0 rows/s | time left unknown");
        assertThat(new ProgressBar(1.0, 10, Duration.ofSeconds(5)).text())
                .isEqualTo("[##############################] 100 % | 10 rows/s | done");
        assertThat(new ProgressBar(0.999, 10, Duration.ofSeconds(999)).text())
                .isEqualTo("[#############################-] 99 % | 10 rows/s | 00:01 left");
    }

    @Test
    void oneIsNotMany() {
        assertThat(Figures.counted(0, "alert")).isEqualTo("0 alerts");
        assertThat(Figures.counted(1, "alert")).isEqualTo("1 alert");
        assertThat(Figures.counted(1_234, "dead letter")).isEqualTo("1,234 dead letters");
    }

    @Test
    void latencyAboveASecondIsShownInSeconds() {
        assertThat(Figures.millis(999.4)).isEqualTo("999 ms");
        assertThat(Figures.millis(1_250)).isEqualTo("1.25 s");
    }

    @Test
    void aTerminalRewritesItsStatusAndCutsWhatIsTooWide() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), true, 10);
        console.status("123456789012", "second");
        console.status("third");
        console.line("stays");
        String separator = System.lineSeparator();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("123456789\u001b[K" + separator + "second\u001b[K"
                        + "\r\u001b[K\u001b[1A\u001b[K" + "third\u001b[K"
                        + "\r\u001b[K" + "stays" + separator);
    }

    @Test
    void elsewhereAStatusIsOneLine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false, 10);
        console.status("123456789012", "second");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("123456789012 | second" + System.lineSeparator());
    }
}
