package io.hongyan.im.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.jar.Attributes;

/**
 * The version that runs.
 *
 * @param commit of the repository, {@code unknown} if the build was not told
 */
record BuildInfo(String version, String commit) {
    private static final BuildInfo DEVELOPMENT = new BuildInfo("(development build)", "unknown");

    /** From the manifest of the jar; classes that are not in a jar are a development build. */
    static BuildInfo ofThisBuild() {
        try {
            URL own = BuildInfo.class.getResource("BuildInfo.class");
            if (own == null || !(own.openConnection() instanceof JarURLConnection jar)) {
                return DEVELOPMENT;
            }
            Attributes manifest = jar.getManifest().getMainAttributes();
            String version = manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            String commit = manifest.getValue("Build-Commit");
            return new BuildInfo(
                    version == null ? DEVELOPMENT.version : version, commit == null ? DEVELOPMENT.commit : commit);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
