<?php

// Roundcube, in place of the image's settings: those leave the key that session passwords are encrypted with at the one that
// everybody can read in Roundcube's sources. The rest says what the image says. An option may also come from the environment
// (ROUNDCUBE_ and its name), which wins.

$config = [];

$config['des_key'] = getenv('ROUNDCUBE_DES_KEY');

$config['db_dsnw'] = sprintf(
    '%s://%s:%s@%s:%s/%s',
    getenv('DB_DRIVER'),
    rawurlencode(getenv('DB_USER')),
    rawurlencode(getenv('DB_PASSWORD')),
    getenv('DB_HOST'),
    getenv('DB_PORT'),
    getenv('DB_NAME')
);

// Both are inside the cluster and go by other names there than their certificate says.
$unverified = ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false, 'allow_self_signed' => true]];

$config['imap_host'] = 'tls://' . getenv('MDA_IMAP_ADDRESS');
$config['imap_conn_options'] = $unverified;
$config['imap_cache'] = 'apcu';

$config['smtp_host'] = 'tls://' . getenv('MTA_SMTP_SUBMISSION_ADDRESS');
$config['smtp_conn_options'] = $unverified;
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$config['smtp_log'] = false;

// Where kubectl logs shows it, and with the address that each login came from.
$config['log_driver'] = 'stdout';
$config['log_logins'] = true;

$config['log_dir'] = '/opt/roundcube/logs';
$config['temp_dir'] = '/opt/roundcube/temp';
$config['support_url'] = getenv('SUPPORT_URL');
$config['plugins'] = ['archive', 'zipdownload', 'managesieve'];
