package io.hongyan.im.adapter.sql;

/** SQL of {@link SqliteUsers}. */
interface UserMapper {
    boolean exists(String uid);

    void insert(String uid);
}
