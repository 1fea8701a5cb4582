-- From version 1: sources of which nothing could be read are kept.
CREATE TABLE fact_unread_source (
  path     TEXT PRIMARY KEY,
  message  TEXT NOT NULL,
  tried_at INTEGER NOT NULL
);
