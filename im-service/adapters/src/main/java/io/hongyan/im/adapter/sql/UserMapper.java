package io.hongyan.im.adapter.sql;

/** SQL of {@link SqliteUsers}. */
interface UserMapper {
    void insert(String uid);
}
