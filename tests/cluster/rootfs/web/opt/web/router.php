<?php

declare(strict_types=1);

// The administration's and the webmail's server: each page says which address it believes the client to have.

require __DIR__ . '/common.php';

function is_secure(array $trusted): bool
{
    return is_in(preg_replace('/^::ffff:(?=[0-9.]+$)/', '', $_SERVER['REMOTE_ADDR']), $trusted)
        && ($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https';
}

header('Content-Type: text/plain; charset=utf-8');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$list = getenv('TRUSTED_PROXIES');
$trusted = explode(',', $list === false ? '172.16.0.0/12' : $list);
if (str_starts_with($path, '/webmail')) {
    $trusted = json_decode(getenv('ROUNDCUBE_PROXY_WHITELIST') ?: '[]', true);
}
$said = sprintf("%s client=%s scheme=%s", $path, client($trusted), is_secure($trusted) ? 'https' : 'http');
if ($path !== '/login' || ($_SERVER['HTTP_X_FORWARDED_FOR'] ?? '') !== '') {
    error_log($said);
}
echo "mailserver-admin\n$said\n";
