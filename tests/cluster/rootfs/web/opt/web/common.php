<?php

declare(strict_types=1);

function database(): PDO
{
    $driver = getenv('DB_DRIVER') ?: 'mysql';
    $dsn = sprintf('%s:host=%s;port=%s;dbname=%s', $driver, getenv('DB_HOST'), getenv('DB_PORT'), getenv('DB_NAME'));
    return new PDO($dsn, getenv('DB_USER'), getenv('DB_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function redis(): Redis
{
    $redis = new Redis();
    $redis->connect(getenv('REDIS_HOST') ?: 'redis', (int) (getenv('REDIS_PORT') ?: 6379), 5.0);
    $redis->auth((string) getenv('REDIS_PASSWORD'));
    return $redis;
}

/** Whether an address lies in one of the networks of a list. */
function is_in(string $address, array $networks): bool
{
    $wanted = inet_pton($address);
    foreach ($networks as $network) {
        [$base, $length] = explode('/', $network) + [1 => null];
        $base = inet_pton($base);
        if ($wanted === false || $base === false || strlen($base) !== strlen($wanted)) {
            continue;
        }
        $length = $length === null ? 8 * strlen($base) : (int) $length;
        $bits = static fn (string $text): string => implode('', array_map(
            static fn (string $byte): string => sprintf('%08b', ord($byte)),
            str_split($text)
        ));
        if (substr($bits($base), 0, $length) === substr($bits($wanted), 0, $length)) {
            return true;
        }
    }
    return false;
}

/** The client as the administration sees it: the last address of the header that no trusted proxy has. */
function client(array $trusted): string
{
    $believed = preg_replace('/^::ffff:(?=[0-9.]+$)/', '', $_SERVER['REMOTE_ADDR']);
    $stated = array_map('trim', explode(',', $_SERVER['HTTP_X_FORWARDED_FOR'] ?? ''));
    while (is_in($believed, $trusted) && ($next = array_pop($stated)) !== null && $next !== '') {
        $believed = $next;
    }
    return $believed;
}
