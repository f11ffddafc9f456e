-- How many messages the conversation has up to this entry, itself included. Changes of groups do not count: they have the
-- ordinal of the message before them. What is unread is the difference of two ordinals.
ALTER TABLE im_message ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
-- The ordinal of entry read_seq.
ALTER TABLE im_mark ADD COLUMN read_ordinal INTEGER NOT NULL DEFAULT 0;
-- The ordinal of entry joined_seq.
ALTER TABLE im_group_member ADD COLUMN joined_ordinal INTEGER NOT NULL DEFAULT 0;

-- The only entries so far that do not count begin with the tag of Content.group_change, which clients cannot send.
UPDATE im_message
   SET ordinal = counted.ordinal
  FROM (SELECT m.id,
               SUM(c.kind <> 2 OR substr(m.content, 1, 1) IS NOT x'12')
                   OVER (PARTITION BY m.conversation_id ORDER BY m.seq) AS ordinal
          FROM im_message m
          JOIN im_conversation c ON c.id = m.conversation_id) counted
 WHERE im_message.id = counted.id;

UPDATE im_mark
   SET read_ordinal = m.ordinal
  FROM im_message m
 WHERE m.conversation_id = im_mark.conversation_id AND m.seq = im_mark.read_seq;

UPDATE im_group_member
   SET joined_ordinal = m.ordinal
  FROM im_message m
 WHERE m.conversation_id = im_group_member.conversation_id AND m.seq = im_group_member.joined_seq;
