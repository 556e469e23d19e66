<?php

declare(strict_types=1);

// Has fetchmail look into each account that the administration has put into Redis, and hand what it finds to the mailboxes.

const FOLDER = '/run/fetchmailmgr';

function quoted(string $word): string
{
    return '"' . addcslashes($word, '"\\') . '"';
}

function settings(array $account): string
{
    $smtp = str_replace(':', '/', (string) getenv('FETCHMAIL_SMTP_ADDRESS'));
    $to = quoted($account['to']);
    return sprintf(
        "poll %s protocol %s port %d username %s password %s smtphost %s smtpname %s %s %s %s\n",
        quoted($account['host']),
        $account['protocol'],
        $account['port'],
        quoted($account['login']),
        quoted($account['password']),
        quoted($smtp),
        $to,
        getenv('FETCHMAIL_USE_LMTP') === 'true' ? 'lmtp' : '',
        $account['ssl'] ? 'ssl' : '',
        $account['verify'] ? 'sslcertck' : 'no sslcertck'
    );
}

putenv('HOME=' . FOLDER);
putenv('FETCHMAILHOME=' . FOLDER);
umask(0077);
while (true) {
    $redis = new Redis();
    $redis->connect((string) getenv('REDIS_HOST'), (int) getenv('REDIS_PORT'), 5.0);
    $redis->auth((string) getenv('REDIS_PASSWORD'));
    foreach ($redis->lRange('fetchmail_accounts', 0, -1) as $account) {
        file_put_contents(FOLDER . '/fetchmailrc', settings(json_decode($account, true)));
        passthru('fetchmail --nodetach --nosyslog --fetchmailrc ' . FOLDER . '/fetchmailrc 2>&1');
    }
    $redis->close();
    sleep((int) $argv[1]);
}
