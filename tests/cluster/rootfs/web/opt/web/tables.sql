CREATE TABLE IF NOT EXISTS mail_domains (
  id serial PRIMARY KEY,
  name varchar(255) NOT NULL UNIQUE,
  dkim_enabled boolean NOT NULL DEFAULT false,
  dkim_selector varchar(255) NOT NULL DEFAULT 'dkim',
  dkim_private_key text NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS mail_users (
  id serial PRIMARY KEY,
  domain_id bigint NOT NULL,
  name varchar(255) NOT NULL,
  password varchar(255) NOT NULL,
  admin boolean NOT NULL DEFAULT false,
  enabled boolean NOT NULL DEFAULT false,
  send_only boolean NOT NULL DEFAULT false,
  quota integer NOT NULL DEFAULT 0,
  UNIQUE (domain_id, name)
);
CREATE TABLE IF NOT EXISTS mail_aliases (
  id serial PRIMARY KEY,
  domain_id bigint NOT NULL,
  name varchar(255) NOT NULL,
  destination varchar(255) NOT NULL
);
CREATE TABLE IF NOT EXISTS fetchmail_accounts (
  id serial PRIMARY KEY,
  account varchar(255) NOT NULL
);
