package io.liveprofile.feature;

/**
 * What one of an event's other keys says, on its way back to the update that waits for it.
 *
 * @param plan number of the keyed plan
 * @param userId pseudonym
 * @param version of the profile that waits
 * @param numbers in the order of the plan's statistics; NaN = none
 */
public record KeyedNumbers(int plan, String userId, long version, double[] numbers) {}
