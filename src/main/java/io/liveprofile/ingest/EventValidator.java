package io.liveprofile.ingest;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Lets through only events and outcomes that every later stage can rely on: ids present, times plausible, amounts and
 * quantities not negative, numbers finite, texts within their length. Changes nothing.
 */
public final class EventValidator {
    private final EventLimits limits;

    public EventValidator(EventLimits limits) {
        this.limits = limits;
    }

    /**
     * Checks an event against its broker record's time, never against the wall clock, so that a replay decides the same.
     *
     * @throws RejectedRecordException with the first thing that is wrong
     */
    public void check(BehaviorEvent event, long brokerTimeMillis) throws RejectedRecordException {
        required("missing-user-id", "userId", event.getUserId());
        required("missing-event-id", "eventId", event.getEventId());
        if (event.getType() == EventType.OUTCOME) {
            throw new RejectedRecordException("reserved-type", "OUTCOME is no behaviour; outcomes have a topic of their own");
        }
        time("eventTime", event.getEventTime(), brokerTimeMillis, limits.maxAhead());
        id("itemId", event.getItemId());
        id("categoryId", event.getCategoryId());
        id("brand", event.getBrand());
        id("currency", event.getCurrency());
        id("sessionId", event.getSessionId());
        id("deviceId", event.getDeviceId());
        id("ip", event.getIp());
        id("channel", event.getChannel());
        if (event.getAmountMinor() != null && event.getAmountMinor() < 0) {
            throw new RejectedRecordException("negative-amount", "amountMinor is negative");
        }
        if (event.getQuantity() != null && event.getQuantity() < 0) {
            throw new RejectedRecordException("negative-quantity", "quantity is negative");
        }
        number("rating", event.getRating(), -Double.MAX_VALUE, Double.MAX_VALUE);
        number("latitude", event.getLatitude(), -90, 90);
        number("longitude", event.getLongitude(), -180, 180);
        if (event.getText() != null && event.getText().length() > limits.maxTextLength()) {
            throw new RejectedRecordException("text-too-long", "text is longer than " + limits.maxTextLength());
        }
        embedding(event.getEmbedding());
        attributes(event.getAttributes());
    }

    /**
     * Checks an outcome against its broker record's time. Its own may lie further ahead of that than an event's: a mapping may
     * say that a truth becomes known later. What lies ahead waits, so there is an end to it.
     *
     * @throws RejectedRecordException with the first thing that is wrong
     */
    public void check(LabeledOutcome outcome, long brokerTimeMillis) throws RejectedRecordException {
        required("missing-user-id", "userId", outcome.getUserId());
        required("missing-outcome-id", "outcomeId", outcome.getOutcomeId());
        time("outcomeTime", outcome.getOutcomeTime(), brokerTimeMillis, limits.maxOutcomeAhead());
        id("eventId", outcome.getEventId());
    }

    private void required(String reason, String field, String value) throws RejectedRecordException {
        if (value == null || value.isBlank()) {
            throw new RejectedRecordException(reason, field + " is empty");
        }
        id(field, value);
    }

    private void id(String field, String value) throws RejectedRecordException {
        if (value != null && value.length() > limits.maxIdLength()) {
            throw new RejectedRecordException("id-too-long", field + " is longer than " + limits.maxIdLength());
        }
    }

    private void time(String field, long millis, long brokerTime, Duration maxAhead) throws RejectedRecordException {
        if (millis < limits.earliest().toEpochMilli()) {
            throw new RejectedRecordException("time-too-early", field + " lies before " + limits.earliest());
        }
        if (millis > brokerTime + maxAhead.toMillis()) {
            throw new RejectedRecordException(
                    "time-in-future", field + " lies more than " + maxAhead + " after the broker's time");
        }
    }

    private static void number(String field, Double value, double min, double max) throws RejectedRecordException {
        if (value == null) {
            return;
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new RejectedRecordException("not-a-number", field + " is no finite number");
        }
        if (value < min || value > max) {
            throw new RejectedRecordException("out-of-range", field + " lies outside " + min + " to " + max);
        }
    }

    private void embedding(List<Float> embedding) throws RejectedRecordException {
        if (embedding.size() > limits.maxAttributes()) {
            throw new RejectedRecordException("embedding-too-long", "embedding is longer than " + limits.maxAttributes());
        }
        for (Float value : embedding) {
            if (value.isNaN() || value.isInfinite()) {
                throw new RejectedRecordException("not-a-number", "embedding holds a number that is not finite");
            }
        }
    }

    private void attributes(Map<String, String> attributes) throws RejectedRecordException {
        if (attributes.size() > limits.maxAttributes()) {
            throw new RejectedRecordException("too-many-attributes", "more than " + limits.maxAttributes() + " attributes");
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            if (attribute.getKey().length() > limits.maxIdLength()
                    || attribute.getValue().length() > limits.maxTextLength()) {
                throw new RejectedRecordException("text-too-long", "an attribute is longer than allowed");
            }
        }
    }
}
