package io.liveprofile.cluster;

import java.util.ArrayList;
import java.util.List;

/** What became of the cases. */
final class Tally {
    private final List<String> failed = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private int passed;

    void count(String name, boolean sound) {
        if (sound) {
            passed++;
        } else {
            failed.add(name);
        }
    }

    /** One that cannot run here. */
    void leaveOut(String name) {
        leftOut.add(name);
    }

    /**
     * 0 = none failed, 1 = one did, 2 = none of those that were asked for could run.
     *
     * @param isAskedByName whether somebody named the cases
     */
    int exitCode(boolean isAskedByName) {
        if (!failed.isEmpty()) {
            return 1;
        }
        return isAskedByName && passed == 0 ? 2 : 0;
    }

    @Override
    public String toString() {
        return passed + " passed, " + failed.size() + " failed"
                + (leftOut.isEmpty() ? "" : ", left out: " + String.join(" ", leftOut));
    }
}
