package io.hongyan.im.adapter.sql.mysql;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Databases that share the data of one installation, by their names; the first is home to what is not of a slot.
 *
 * @param databases at least one
 */
public record ShardedSettings(Map<String, MysqlSettings> databases) {
    public ShardedSettings {
        databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
    }

    MysqlSettings home() {
        return databases.values().iterator().next();
    }
}
