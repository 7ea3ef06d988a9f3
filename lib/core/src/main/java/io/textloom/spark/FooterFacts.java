package io.textloom.spark;

import io.textloom.spark.commit.Manifest;
import io.textloom.spark.lineage.Provenance;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a manifest says that its files' footers must say, too. Travels to executors. */
final class FooterFacts implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String PREFIX = "textloom.";
    private static final String RUN = PREFIX + "run";

    private final TreeMap<String, String> common = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, String>> byRun = new TreeMap<>();

    FooterFacts(Manifest manifest) {
        Manifest.Model model = manifest.model();
        common.put(PREFIX + "job", manifest.job());
        common.put(PREFIX + "sha256", model.sha256());
        Manifest.resultSettings(manifest.settings(), model).forEach((key, value) -> {
            if (key.startsWith(manifest.job() + ".")) {
                common.put(PREFIX + key, value);
            }
        });
        // what may differ between runs of one output: another release, another name of the same model
        for (Manifest.Run run : manifest.runs()) {
            TreeMap<String, String> own = new TreeMap<>(); // stays empty for older releases and processes that died
            Provenance provenance = run.provenance();
            if (!provenance.model().isEmpty()) {
                own.put(PREFIX + "model", provenance.model());
            }
            provenance
                    .versions()
                    .forEach(
                            (name, version) -> own.put(PREFIX + (name.equals("textloom") ? "version" : name), version));
            if (!own.isEmpty()) {
                putUnlessEmpty(own, "tokenizerSha256", model.tokenizerSha256());
                putUnlessEmpty(own, "configSha256", model.configSha256());
            }
            byRun.put(run.id(), own);
        }
    }

    private static void putUnlessEmpty(Map<String, String> facts, String key, String value) {
        if (!value.isEmpty()) {
            facts.put(PREFIX + key, value);
        }
    }

    /** Where a footer says something else; empty if it agrees. @param footer all its keys and values */
    List<String> differences(Map<String, String> footer) {
        List<String> differences = new ArrayList<>();
        String run = footer.getOrDefault(RUN, "nothing");
        TreeMap<String, String> own = byRun.get(run);
        if (own == null) {
            differences.add(RUN + " is " + run + " but the manifest's runs are " + byRun.keySet());
        }
        TreeMap<String, String> expected = new TreeMap<>(common);
        if (own != null) {
            expected.putAll(own);
        }
        expected.forEach((key, wanted) -> {
            String found = footer.getOrDefault(key, "nothing");
            if (!found.equals(wanted)) {
                differences.add(key + " is " + found + " but the manifest says " + wanted);
            }
        });
        return differences;
    }
}
