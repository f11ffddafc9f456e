package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class NodeIdTest {
    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path directory;

    @Test
    void theNameStaysTheSameOverRestarts() throws IOException {
        String first = NodeId.loadOrCreate(directory, random);
        assertThat(first).hasSize(16);
        assertThat(NodeId.loadOrCreate(directory, random)).isEqualTo(first);
    }

    @Test
    void serversHaveDifferentNames() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        assertThat(NodeId.loadOrCreate(directory, random)).isNotEqualTo(NodeId.loadOrCreate(other, random));
    }

    @Test
    void aFileThatHoldsSomethingElseIsRefusedWithItsName() throws IOException {
        Path file = Files.write(directory.resolve("node-id"), new byte[] {(byte) 0xC3, 0, 1});
        assertThatThrownBy(() -> NodeId.loadOrCreate(directory, random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("remove it");
    }
}
