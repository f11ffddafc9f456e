package io.hongyan.im.app.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which keys exist, with {@link Keys#NAME} where the operator chooses names. */
final class KnownKeys {
    private final Set<String> settings = new LinkedHashSet<>();
    private final Set<String> sections = new LinkedHashSet<>();

    KnownKeys(Record root) {
        for (Keys.Entry entry : Keys.flattenWithNames(root)) {
            settings.add(entry.key());
            for (int dot = entry.key().indexOf('.'); dot > 0; dot = entry.key().indexOf('.', dot + 1)) {
                sections.add(entry.key().substring(0, dot));
            }
        }
    }

    boolean isSetting(String key) {
        return settings.contains(key);
    }

    boolean isSection(String key) {
        return sections.contains(key);
    }

    /** Whether the operator chooses the names of its sections. */
    boolean holdsNames(String section) {
        return sections.contains(Keys.child(section, Keys.NAME));
    }

    /**
     * The most similar key, one of the same section if there is one as similar.
     *
     * @param section with {@link Keys#NAME}
     * @param path the same section as it is called
     */
    String nearest(String section, String path, String name) {
        List<String> all = new ArrayList<>();
        for (Set<String> keys : List.of(settings, sections)) {
            for (String key : keys) {
                int dot = key.lastIndexOf('.');
                if (key.substring(0, Math.max(0, dot)).equals(section)) {
                    all.add(Keys.child(path, key.substring(dot + 1)));
                }
            }
        }
        settings.stream().filter(key -> !key.contains(Keys.NAME)).forEach(all::add);
        return Keys.nearest(Keys.child(path, name), all);
    }
}
