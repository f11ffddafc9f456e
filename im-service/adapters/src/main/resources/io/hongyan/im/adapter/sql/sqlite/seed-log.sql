-- ?1 first user row, ?2 first conversation row, ?3 conversations, ?4 messages in each, ?5 content, ?6 time.
INSERT INTO im_user (id, uid)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 2 * ?3)
SELECT ?1 + i, 'seed-' || (?1 + i) FROM n;

INSERT INTO im_conversation (id, kind, name, low_user_id, high_user_id)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3),
     pair (i, one, other) AS (SELECT i, 'seed-' || (?1 + 2 * i), 'seed-' || (?1 + 2 * i + 1) FROM n)
SELECT ?2 + i, 1, MIN(one, other) || '|' || MAX(one, other),
       ?1 + 2 * i + (one > other), ?1 + 2 * i + (one < other)
  FROM pair;

INSERT INTO im_mark (user_id, conversation_id)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 2 * ?3)
SELECT ?1 + i, ?2 + i / 2 FROM n;

INSERT INTO im_message
    (conversation_id, seq, sender_id, sender_device, client_message_id, sent_at, sender_inbox_seq, content, ordinal)
WITH RECURSIVE c (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < ?3),
     m (s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM m WHERE s < ?4)
SELECT ?2 + i, s, ?1 + 2 * i + s % 2, 'android:phone',
       lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-'
             || hex(randomblob(2)) || '-' || hex(randomblob(6))),
       ?6, s, ?5, s
  FROM m CROSS JOIN c;

INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq)
WITH RECURSIVE u (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM u WHERE i + 1 < 2 * ?3),
     m (s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM m WHERE s < ?4)
SELECT ?1 + i, s, 1, ?2 + i / 2, s
  FROM u CROSS JOIN m;
