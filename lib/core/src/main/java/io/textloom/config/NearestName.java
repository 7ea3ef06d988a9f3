package io.textloom.config;

import io.textloom.text.EditDistance;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known name that a misspelt one most likely meant. */
public final class NearestName {
    private NearestName() {}

    /**
     * The nearest candidate, by edit distance; hyphens, underscores, dots and case do not count. A name without its
     * job's prefix, or with one too many, is found as well. Earlier candidates win ties.
     *
     * @return empty when nothing is near
     */
    public static Optional<String> of(String name, Collection<String> candidates) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    private static int distance(String name, String candidate) {
        int whole = nearDistance(name, candidate);
        if (!name.contains(".") && !candidate.contains(".")) {
            return whole;
        }
        int last = nearDistance(Names.lastPart(name), Names.lastPart(candidate));
        return last == Integer.MAX_VALUE ? whole : Math.min(whole, last + 1);
    }

    /** The edit distance if at most a third of the letters differ, and one is right, else infinite. */
    private static int nearDistance(String name, String candidate) {
        String from = plain(name);
        int distance = EditDistance.between(from, plain(candidate));
        return distance <= Math.max(1, from.length() / 3) && distance < from.length() ? distance : Integer.MAX_VALUE;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
    }
}
