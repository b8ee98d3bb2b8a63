package io.liveprofile.local;

import io.liveprofile.event.Topic;

/**
 * One record on its way to the broker.
 *
 * @param key user id, or what else the topic is keyed by
 * @param value encoded record
 * @param eventTime when it happened, ms UTC; paces a replay
 */
public record Message(Topic topic, String key, byte[] value, long eventTime) {}
