-- The user was given hints about everything up to this inbox number, or it was claimed by somebody who did that.
ALTER TABLE im_user ADD COLUMN hinted_seq INTEGER NOT NULL DEFAULT 0;
