package io.textloom.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The hashes that models must have: a run with another model ends before it writes.
 *
 * @param hashes SHA-256 of each model, in the order of the models; empty for any model
 */
public record ModelPins(List<String> hashes) {
    public ModelPins {
        hashes = List.copyOf(hashes);
        for (String hash : hashes) {
            if (!hash.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("modelSha256 is \"" + hash
                        + "\"; expected 64 hexadecimal digits, as models inspect tells them");
            }
        }
    }

    /** @param texts split at commas; capitals are as good */
    public static ModelPins of(String texts) {
        return new ModelPins(Arrays.stream(texts.split(","))
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .filter(text -> !text.isEmpty())
                .toList());
    }

    /** @throws ModelException if there is another model, or more or fewer of them */
    public void require(List<ModelRef> models) {
        if (hashes.isEmpty()) {
            return;
        }
        if (hashes.size() != models.size()) {
            throw new ModelException("modelSha256 has " + hashes.size() + " hashes but the job has " + models.size()
                    + " models; give one for each, in their order");
        }
        for (int i = 0; i < hashes.size(); i++) {
            ModelRef model = models.get(i);
            if (!model.sha256().equals(hashes.get(i))) {
                throw new ModelException("The model " + model.name() + " has sha-256 " + model.sha256()
                        + " but modelSha256 is " + hashes.get(i)
                        + "; take the model that was pinned, or, if the new one is meant, pin its hash");
            }
        }
    }
}
