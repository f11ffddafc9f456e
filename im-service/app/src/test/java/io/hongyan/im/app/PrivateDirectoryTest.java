package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class PrivateDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void aNewDirectoryIsForItsOwnerAlone() throws Exception {
        Path data = directory.resolve("a/b");
        new PrivateDirectory(data).secure();
        assertThat(rights(data)).isEqualTo("rwx------");
        new PrivateDirectory(data).prepareDatabase();
        assertThat(rights(data.resolve("hongyan.db"))).isEqualTo("rw-------");
    }

    @Test
    void widerRightsAreNarrowedAndTheRestIsLeft() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        set(data, "rwxrwxrwx");
        Path file = Files.writeString(data.resolve("hongyan.db-wal"), "x");
        set(file, "rw-rw-r--");
        Path script = Files.writeString(data.resolve("script"), "x");
        set(script, "rwxr-xr-x");
        Path below = Files.createDirectory(data.resolve("other-servers"));
        set(below, "rwxr-xr-x");
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "x");
        set(elsewhere, "rw-r--r--");
        Files.createSymbolicLink(data.resolve("link"), elsewhere);
        new PrivateDirectory(data).secure();
        assertThat(rights(data)).isEqualTo("rwx------");
        assertThat(rights(file)).isEqualTo("rw-------");
        assertThat(rights(script)).isEqualTo("rwx------");
        assertThat(rights(below)).isEqualTo("rwxr-xr-x");
        assertThat(rights(elsewhere)).isEqualTo("rw-r--r--");
    }

    @Test
    void whatSomebodyElseOwnsAndOthersMayUseIsRefusedWithThePath() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path file = Files.writeString(data.resolve("token-secret"), "x");
        set(file, "rw-r--r--");
        assumeTrue(giveAway(file), "only root can give a file away");
        assertThatThrownBy(() -> new PrivateDirectory(data).secure())
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("chmod go=");
        set(file, "rw-------");
        new PrivateDirectory(data).secure();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> new PrivateDirectory(file.resolve("data")).secure())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot create the data directory " + file.resolve("data"));
    }

    private static boolean giveAway(Path file) {
        try {
            UserPrincipal nobody =
                    file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(file, nobody);
            return true;
        } catch (IOException notRoot) {
            return false;
        }
    }

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void set(Path file, String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }
}
