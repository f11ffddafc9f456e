-- 1 while the rows of a database that was used without slots are given ids with slots: nobody else may use it before that is
-- done, and whoever starts next goes on with it.
ALTER TABLE im_shard ADD COLUMN unsplit TINYINT NOT NULL DEFAULT 0;
