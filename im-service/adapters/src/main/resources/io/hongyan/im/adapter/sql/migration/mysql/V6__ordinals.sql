-- How many messages the conversation has up to this entry, itself included. Changes of groups do not count: they have the
-- ordinal of the message before them. What is unread is the difference of two ordinals.
ALTER TABLE im_message ADD COLUMN ordinal BIGINT NOT NULL DEFAULT 0;
-- The ordinal of entry head.
ALTER TABLE im_conversation ADD COLUMN head_ordinal BIGINT NOT NULL DEFAULT 0;
-- The ordinal of entry joined_seq.
ALTER TABLE im_group_member ADD COLUMN joined_ordinal BIGINT NOT NULL DEFAULT 0;
-- The ordinal of entry read_seq; null where that was read before there were ordinals, and is in another database.
ALTER TABLE im_mark ADD COLUMN read_ordinal BIGINT DEFAULT 0;

-- The only entries so far that do not count begin with the tag of Content.group_change, which clients cannot send.
UPDATE im_message m
  JOIN im_conversation c ON c.id = m.conversation_id
   SET m.ordinal = m.seq
 WHERE c.kind <> 2;

UPDATE im_message m
  JOIN (SELECT e.conversation_id, e.seq,
               SUM(LEFT(e.content, 1) <> x'12') OVER (PARTITION BY e.conversation_id ORDER BY e.seq) AS ordinal
          FROM im_conversation c
          JOIN im_message e ON e.conversation_id = c.id
         WHERE c.kind = 2) counted
    ON counted.conversation_id = m.conversation_id AND counted.seq = m.seq
   SET m.ordinal = counted.ordinal;

UPDATE im_conversation c
  JOIN im_message m ON m.conversation_id = c.id AND m.seq = c.head
   SET c.head_ordinal = m.ordinal;

UPDATE im_group_member g
  JOIN im_message m ON m.conversation_id = g.conversation_id AND m.seq = g.joined_seq
   SET g.joined_ordinal = m.ordinal;

UPDATE im_mark k
  LEFT JOIN im_message m ON m.conversation_id = k.conversation_id AND m.seq = k.read_seq
   SET k.read_ordinal = m.ordinal
 WHERE k.read_seq > 0;

-- A server of the version before, which knows nothing of ordinals, can store nothing more.
ALTER TABLE im_message ALTER COLUMN ordinal DROP DEFAULT;
