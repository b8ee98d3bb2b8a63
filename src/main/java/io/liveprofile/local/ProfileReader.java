package io.liveprofile.local;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import io.liveprofile.job.TopicScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds a user's current profile in the topic user-profiles: the largest version after the last erasure, among what was
 * committed when the search began. Reads the whole topic.
 */
final class ProfileReader {
    private final TopicScan scan;
    private final SingleObject<UserProfile> codec =
            new SingleObject<>(UserProfile.class);

    ProfileReader(String bootstrapServers) {
        this.scan = new TopicScan(bootstrapServers, BrokerOption.PATIENCE);
    }

    /**
     * What the search found.
     *
     * @param profile null = none
     * @param erased whether the user had one that was erased
     * @param someUsers a few pseudonyms that have a profile
     * @param records records the topic holds
     */
    record Found(UserProfile profile, boolean erased, List<String> someUsers, long records) {}

    /**
     * Looks for the first profile that carries one of these keys.
     *
     * @param keys pseudonyms the user may have; empty = only list users
     * @param listed how many users to list at most
     */
    Found find(Collection<String> keys, int listed) throws IOException {
        Search search = new Search(keys, listed);
        scan.all(Topic.USER_PROFILES.topicName(), search::take);
        return new Found(search.profile, search.erased && search.profile == null, new ArrayList<>(search.users), search.records);
    }

    private final class Search {
        private final Collection<String> keys;
        private final int listed;
        private final Set<String> users = new LinkedHashSet<>();
        private UserProfile profile;
        private boolean erased;
        private long records;

        private Search(Collection<String> keys, int listed) {
            this.keys = keys;
            this.listed = listed;
        }

        private void take(ConsumerRecord<byte[], byte[]> message) throws IOException {
            records++;
            String key = new String(message.key(), StandardCharsets.UTF_8);
            if (message.value() == null) {
                users.remove(key);
            } else if (users.size() < listed) {
                users.add(key);
            }
            if (!keys.contains(key)) {
                return;
            }
            if (message.value() == null) {
                profile = null;
                erased = true;
                return;
            }
            UserProfile candidate = codec.decode(message.value());
            if (profile == null || candidate.getVersion() >= profile.getVersion()) {
                profile = candidate;
            }
        }
    }
}
