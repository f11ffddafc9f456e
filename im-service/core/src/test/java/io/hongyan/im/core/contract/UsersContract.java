package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.session.Users;
import org.junit.jupiter.api.Test;

/** What {@link Users} promises. */
public abstract class UsersContract extends StorageContract {

    @Test
    void userExistsOnceEnsured() {
        assertThat(storage().users().exists("alice")).isFalse();

        storage().users().ensure("alice");

        assertThat(storage().users().exists("alice")).isTrue();
        assertThat(storage().users().exists("Alice")).isFalse();
        assertThat(storage().users().exists("alic")).isFalse();
    }

    @Test
    void ensuringAgainChangesNothing() {
        users("alice", "bob");
        store("alice", "bob", "m1");

        users("alice", "bob");

        assertThat(storage().inbox().head("alice")).isEqualTo(1);
        assertThat(store("alice", "bob", "m2").seq()).isEqualTo(2);
    }

    @Test
    void usersSurviveReopen() {
        users("alice");

        storage().reopen();

        assertThat(storage().users().exists("alice")).isTrue();
        assertThat(storage().users().exists("bob")).isFalse();
    }
}
