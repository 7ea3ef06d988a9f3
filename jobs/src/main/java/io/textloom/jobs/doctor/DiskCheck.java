package io.textloom.jobs.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Free disk of the local places that a job writes to. */
public final class DiskCheck implements Check {
    private static final long LEAST = 1L << 30;
    private static final long COMFORTABLE = 10L << 30;

    private final Map<String, Path> places;
    private final long least;
    private final long comfortable;

    /** @param places what for → directory, which need not exist */
    public DiskCheck(Map<String, Path> places) {
        this(places, LEAST, COMFORTABLE);
    }

    DiskCheck(Map<String, Path> places, long least, long comfortable) {
        this.places = new java.util.LinkedHashMap<>(places);
        this.least = least;
        this.comfortable = comfortable;
    }

    @Override
    public String part() {
        return "disk";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Path> place : places.entrySet()) {
            Path there = existing(place.getValue());
            long free = Files.getFileStore(there).getUsableSpace();
            String found = JavaCheck.gib(free) + " free at " + place.getValue();
            String remedy = "free some space, or choose another place: spark.local.dir, TEXTLOOM_CACHE, --output";
            if (!Files.isWritable(there)) {
                findings.add(Finding.failed(
                        place.getKey(), there + " cannot be written", "write access", "allow it, or choose another"));
            } else if (free < least) {
                findings.add(Finding.failed(place.getKey(), found, JavaCheck.gib(least) + " or more", remedy));
            } else {
                findings.add(Finding.unless(
                        free >= comfortable, place.getKey(), found, JavaCheck.gib(comfortable) + " or more", remedy));
            }
        }
        return findings;
    }

    private static Path existing(Path path) {
        Path there = path.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
