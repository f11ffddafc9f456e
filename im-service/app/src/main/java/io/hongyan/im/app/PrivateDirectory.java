package io.hongyan.im.app;

import io.hongyan.im.app.config.StorageSettings.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that nobody else on the machine can read: 0700, and its files 0600, whatever the umask is. On file
 * systems without such rights nothing is done.
 */
final class PrivateDirectory {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    /** SQLite gives the files it creates beside the database the rights of the database. */
    private static final List<String> MADE_BEFORE_USE = List.of("hongyan.db");

    private final Path directory;

    PrivateDirectory(Path directory) {
        this.directory = directory;
    }

    /** Creates it if it does not exist, and removes the rights of others on it and on its files. */
    void secure() throws StartException {
        try {
            if (!posix()) {
                Files.createDirectories(directory);
                return;
            }
            if (!Files.exists(directory)) {
                Files.createDirectories(directory.toAbsolutePath().getParent());
                Files.createDirectory(directory, only("rwx------"));
            }
        } catch (IOException unable) {
            throw new StartException("cannot create the data directory " + directory + ": " + unable, unable);
        }
        narrow();
    }

    /** The same, with a database if one is embedded. */
    void secure(Engine engine) throws StartException {
        secure();
        if (engine == Engine.SQLITE) {
            prepareDatabase();
        }
    }

    /** A database that does not exist is created empty, with narrow rights; SQLite takes it for a new one. */
    void prepareDatabase() throws StartException {
        try {
            for (String name : MADE_BEFORE_USE) {
                Path file = directory.resolve(name);
                if (posix() && !Files.exists(file)) {
                    Files.createFile(file, only("rw-------"));
                }
            }
        } catch (IOException unable) {
            throw new StartException("cannot write into the data directory " + directory + ": " + unable, unable);
        }
    }

    /**
     * Removes the rights of others on the directory and the files in it; not on files in subdirectories, which belong
     * to other parts.
     *
     * @throws StartException somebody else owns one of them
     */
    void narrow() throws StartException {
        if (!posix()) {
            return;
        }
        try {
            Path real = directory.toRealPath();
            UserPrincipal self = self(real);
            narrow(real, self);
            try (Stream<Path> files = Files.list(real)) {
                for (Path file : files.toList()) {
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        narrow(file, self);
                    }
                }
            }
        } catch (IOException unable) {
            throw new StartException("cannot check the data directory " + directory + ": " + unable, unable);
        }
    }

    private static void narrow(Path file, UserPrincipal self) throws IOException, StartException {
        PosixFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return;
        }
        Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
        rights.addAll(attributes.permissions());
        if (!rights.removeAll(OTHERS)) {
            return;
        }
        if (!attributes.owner().equals(self)) {
            throw new StartException(
                    "other users of this machine have access to " + file + ", which is not owned by " + self.getName()
                            + ", the user of this process; run: chmod go= " + file,
                    null);
        }
        Files.setPosixFilePermissions(file, rights);
    }

    /** The user of the process: the owner of the files it creates. */
    private static UserPrincipal self(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, "owner-", ".probe", only("rw-------"));
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> only(String rights) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
    }

    private boolean posix() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
