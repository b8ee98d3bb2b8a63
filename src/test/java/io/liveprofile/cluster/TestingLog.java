package io.liveprofile.cluster;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is hard to log. */
public final class TestingLog {
    static final String MESSAGE = "says \"so\",\nand\tso: {}";

    private static final Logger LOG = LoggerFactory.getLogger(TestingLog.class);

    private TestingLog() {}

    public static void main(String[] args) {
        LOG.info("begins");
        LOG.warn(MESSAGE, 7, new IllegalStateException("is broken"));
    }
}
