/**
 * The storage on MySQL or MariaDB: a list of databases, of which there is one by default, used by several nodes at once. Logs
 * are in the database of their conversation's slot, inboxes in that of their user's; no transaction concerns two databases.
 *
 * <table>
 * <caption>Which class is for what</caption>
 * <tr><td>{@link io.hongyan.im.adapter.sql.mysql.ShardedStorage}, {@code ShardPlan}, {@code ShardedSettings}, {@code
 *     MysqlSettings}</td><td>opens it, and sees to it that the databases belong together; which databases, and what may be asked of
 *     one</td></tr>
 * <tr><td>{@code Slots}, {@code SlotRows}, {@code SlotTable}</td><td>which slot an id is of; which slots a database has; which
 *     tables have rows of slots</td></tr>
 * <tr><td>{@code Shards}, {@code Shard}, {@code SlotSession}, {@code SlotMovedException}</td><td>where each slot is; one database with its
 *     connections; some slots in one database, checked within each transaction, and what is thrown where they are not
 *     there</td></tr>
 * <tr><td>{@code MysqlPools}, {@code MysqlReadExecutor}, {@code MysqlWriteExecutor}, {@code MysqlSession}, {@code TransactionRetry}, {@code
 *     ShardCircuitBreaker}, {@code MysqlErrors}</td><td>connections, transactions that are repeated, databases that are away</td></tr>
 * <tr><td>{@code ShardedMessageLog}, {@code AppendBatch}, {@code ShardedBatch}, {@code Locked…}, {@code InboxNumbers}</td><td>append:
 *     numbers under row locks, inboxes in the same database at once; {@code LockedMessages}: what drafts change</td></tr>
 * <tr><td>{@code AppendFacts}, {@code MessageLookUp}, {@code DedupKey}</td><td>what the rules of append are told: what stands
 *     under the locks, which messages are stored already</td></tr>
 * <tr><td>{@code MysqlGroupRows}, {@code MemberCache}</td><td>rows of groups, and their members as of a version</td></tr>
 * <tr><td>{@code RowInserts}, {@code NumberRows}</td><td>statements of many rows</td></tr>
 * <tr><td>{@code InboxWriter}, {@code InboxWrite}, {@code InboxOrder}, {@code ShardedFanOutLog}, {@code ShardedStep}, {@code
 *     FanOutMarks}, {@code FanOutWatermarks}, {@code FanOutWatermark}</td><td>inboxes elsewhere, and those of larger groups, by
 *     markers, in one order</td></tr>
 * <tr><td>{@code ShardedSequencer}, {@code ShardedFeed}, {@code ShardedEventLog}</td><td>the feed, numbered behind the
 *     commit</td></tr>
 * <tr><td>{@code ShardedIds}, {@code MysqlIds}</td><td>the row numbers of users and conversations</td></tr>
 * <tr><td>other {@code Sharded…}, with {@code InboxEntry}, {@code MarkRows}, {@code OwnedUsers}</td><td>the other ports: each
 *     finds the database and asks the shared class there; rows and users of all databases</td></tr>
 * <tr><td>{@code MysqlNodes}, {@code MysqlLease}, {@code ServerClock}</td><td>several nodes: who uses the databases, who does
 *     what one does for all, whose clock counts</td></tr>
 * <tr><td>{@code SlotMover}, {@code SlotCopy}</td><td>{@code scripts/move-slots}</td></tr>
 * <tr><td>{@code DatabaseSize}</td><td>a metric: how much the tables take</td></tr>
 * <tr><td>{@code SlotIds}</td><td>upgrade: a database of a version without slots</td></tr>
 * </table>
 *
 * {@code im_shard} and {@code im_slot} have rows for a list of one, too; the comment of {@code V3__slots.sql} is older.
 */
package io.hongyan.im.adapter.sql.mysql;
