package io.liveprofile.training;

/**
 * Something that decides labels, in the little that they need of it.
 *
 * @param time event time at which it was known, ms UTC
 * @param eventId of the event itself, which is not its own label; of an outcome the event it is about; null = the user
 * @param isAboutThatEvent whether it decides that event's vector alone, as an outcome does, and not those of the others
 * @param positives one bit for each head whose vectors it makes positive
 * @param negatives one bit for each head whose vectors it makes negative
 * @param identity equal for what is the same reported again
 */
record LabelFact(long time, String eventId, boolean isAboutThatEvent, int positives, int negatives, long identity) {
    static final long NO_IDENTITY = 0;

    /** Whether it may decide the label of the vector at all. */
    boolean concerns(Prediction prediction) {
        boolean isSame = prediction.eventId().equals(eventId);
        return time > prediction.asOf() && (isAboutThatEvent ? eventId == null || isSame : !isSame);
    }

    /** Whether it decides anything for anybody. */
    boolean isOfUse() {
        return (positives | negatives) != 0;
    }
}
