/**
 * Storage in SQL: what both engines share. {@code sql.sqlite} is one file written by one connection, {@code sql.mysql} a list of
 * MySQL or MariaDB databases, mostly one, used by several nodes at once; neither knows the other.
 *
 * <table>
 * <caption>Which class is for what</caption>
 * <tr><td>{@link io.hongyan.im.adapter.sql.OpenStorage}</td><td>an opened storage: ports, periodic tasks, counters ({@code
 *     StorageCounters})</td></tr>
 * <tr><td>{@code ReadExecutor}, {@code WriteExecutor}</td><td>run a piece of work with a {@code ReadConnection} or within a {@code Transaction},
 *     wherever that is: the one way in which shared classes reach an engine</td></tr>
 * <tr><td>{@code Sql…}</td><td>ports that are the same on both engines, made of {@code ReadExecutor} and {@code WriteExecutor}</td></tr>
 * <tr><td>{@code …Mapper} and their XML files</td><td>statements by MyBatis; those that differ have a {@code
 *     databaseId}</td></tr>
 * <tr><td>{@code LoginRows}, {@code EntryRows}, {@code MessageRows}, {@code FanOutRows}</td><td>statements by hand, where
 *     they are many or hot</td></tr>
 * <tr><td>{@code Schema}, {@code migration/}</td><td>tables, numbered migrations of each engine</td></tr>
 * <tr><td>{@code BoundedPage}, {@code Kinds}, {@code StandingText}, {@code EventBodies}, {@code MessageStates}</td><td>pages bounded by bytes; how
 *     values are written in rows</td></tr>
 * </table>
 *
 * {@code CONTRIBUTING.md} says what a new table needs.
 */
package io.hongyan.im.adapter.sql;
