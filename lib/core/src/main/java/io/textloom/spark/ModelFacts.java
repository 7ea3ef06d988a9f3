package io.textloom.spark;

import io.textloom.model.ModelProvenance;
import io.textloom.model.ModelRef;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.stage.ModelLeases;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** The models of a job as its manifest, its footers and lineage events tell of them. */
final class ModelFacts {
    private ModelFacts() {}

    /** Name and hash of several models stand for all of them; each is a part. */
    static Manifest.Model of(List<ModelRef> refs, Configuration conf) {
        List<Manifest.Model> parts = refs.stream().map(ref -> of(ref, conf)).toList();
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return new Manifest.Model(
                Redaction.uris(refs.stream().map(ModelRef::shortName).collect(Collectors.joining(", "))),
                parts.stream().map(Manifest.Model::uri).collect(Collectors.joining(", ")),
                ModelRef.sha256(refs),
                parts);
    }

    private static Manifest.Model of(ModelRef ref, Configuration conf) {
        ModelProvenance provenance = ModelProvenance.of(ref, ModelLeases.store(), conf);
        return new Manifest.Model(
                Redaction.uris(ref.name()),
                Redaction.uris(ref.uri()),
                ref.sha256(),
                provenance.tokenizerSha256(),
                provenance.revision(),
                provenance.configSha256(),
                provenance.facts(),
                List.of());
    }

    /** Name → value, for a facet. */
    static SortedMap<String, String> facts(Manifest.Model model) {
        TreeMap<String, String> facts = new TreeMap<>(model.facts());
        facts.put("name", model.name());
        facts.put("uri", model.uri());
        facts.put("sha256", model.sha256());
        facts.put("tokenizerSha256", model.tokenizerSha256());
        facts.put("revision", model.revision());
        facts.put("configSha256", model.configSha256());
        facts.values().removeIf(String::isEmpty);
        return facts;
    }
}
