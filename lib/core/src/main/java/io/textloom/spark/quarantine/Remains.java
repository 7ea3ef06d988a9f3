package io.textloom.spark.quarantine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** What runs that ended without a commit left in their staging directories. */
public final class Remains {
    public static final Remains NONE = new Remains(List.of(), List.of());

    private final List<Crumb> crumbs;
    private final List<Loss> losses;

    private Remains(List<Crumb> crumbs, List<Loss> losses) {
        this.crumbs = List.copyOf(crumbs);
        this.losses = List.copyOf(losses);
    }

    /** @param stagings of the runs; read before they are cleared */
    public static Remains of(List<String> stagings, Configuration conf) throws IOException {
        List<Crumb> crumbs = new ArrayList<>();
        List<Loss> losses = new ArrayList<>();
        for (String staging : stagings) {
            CrumbStore store = CrumbStore.open(staging, conf);
            store.crumbs().stream().filter(c -> !c.process().isRunningHere()).forEach(crumbs::add);
            losses.addAll(store.losses());
        }
        return new Remains(crumbs, losses);
    }

    List<Crumb> crumbs() {
        return crumbs;
    }

    /** Hands them on to the run that takes over. */
    void copyTo(CrumbStore store) throws IOException {
        for (Crumb crumb : crumbs) {
            store.write(crumb);
        }
        for (Loss loss : losses) {
            store.write(loss);
        }
    }
}
