package io.liveprofile.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of {@link Options#KAFKA_SERVERS}, checked before a client would fail on it while the job starts. */
final class BrokerAddresses {
    static final String ALLOWED = "brokers as host:port, comma-separated, ports from 1 to 65535, such as 127.0.0.1:9092";

    /** A host name, an IPv4 address, or an IPv6 address in brackets. */
    private static final Pattern ADDRESS = Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");

    private BrokerAddresses() {}

    /** Whether clients can take the list; says nothing of whether anybody answers there. */
    static boolean areValid(String servers) {
        for (String address : servers.split(",", -1)) {
            Matcher parts = ADDRESS.matcher(address.trim());
            if (!parts.matches()) {
                return false;
            }
            int port = Integer.parseInt(parts.group(1));
            if (port < 1 || port > 65_535) {
                return false;
            }
        }
        return true;
    }
}
