/**
 * The storage on SQLite: one file, one connection that writes, several that read.
 *
 * <table>
 * <caption>Which class is for what</caption>
 * <tr><td>{@link io.hongyan.im.adapter.sql.sqlite.SqliteStorage}, {@code SqliteSettings}, {@code
 *     DirectoryLock}</td><td>opens it, its limits, one process at a time</td></tr>
 * <tr><td>{@code GroupCommit}, {@code WriteJob}, {@code WriteTransaction}, {@code SqliteWriter}, {@code
 *     WriterSession}, {@code SqliteWriteExecutor}</td><td>what waits to be written goes together in one transaction with one fsync</td></tr>
 * <tr><td>{@code SqliteReadPool}, {@code SqliteReadConnection}, {@code SqliteConnectionFactory}</td><td>reads beside the writer</td></tr>
 * <tr><td>{@code SqliteMessageLog}, {@code Heads}, {@code ConversationHead}, {@code GroupHead}, {@code GroupMembers}, {@code
 *     SqliteReadEvents}</td><td>append: numbers come from heads in memory, which only the writer has; those of read events
 *     too</td></tr>
 * <tr><td>{@code GroupRows}, {@code InboxRows}, {@code ChangeRows}</td><td>the statements of append: groups, inboxes, changes of
 *     messages</td></tr>
 * <tr><td>{@code DedupIndex}, {@code DedupIndexRows}, {@code KeyCache}, {@code DedupHash}</td><td>which client message ids are
 *     known</td></tr>
 * <tr><td>{@code SqliteFanOutLog}, {@code SqliteUsers}, other {@code Sql…}</td><td>the other ports</td></tr>
 * <tr><td>{@code Checkpointer}, {@code CheckpointDriver}</td><td>bring the write-ahead log into the file</td></tr>
 * <tr><td>{@code SeedLog}</td><td>fills a data directory for measurements</td></tr>
 * </table>
 */
package io.hongyan.im.adapter.sql.sqlite;
