package io.hongyan.im.adapter.mqtt;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Which versions of the protocol clients may use. */
public record VersionLimits(
        @Setting(
                value =
                        "Clients of an older version of the protocol are refused. A client that tells none speaks version 1;"
                                + " the newest is 1.",
                defaultValue = "1",
                min = 1,
                max = 999_999_999)
        int versionMin,

        @Setting(
                value = "Clients of an older version are let in and get the notice to update.",
                defaultValue = "1",
                min = 1,
                max = 999_999_999)
        int versionRecommended) {
    /** Every client is welcome. */
    public static final VersionLimits DEFAULT = Defaults.of(VersionLimits.class);
}
