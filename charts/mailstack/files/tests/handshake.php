<?php

// Greets every open mail port as a client does, through the edge where there is one, and demands TLS of it.
// MAIL_PORTS: "name:host:port" by blanks; MAIL_NAME: names that the certificate has to hold, by blanks; MAIL_HEADER=yes where the edge
// waits for a PROXY header.

const IMPLICIT = ['submissions', 'imaps', 'pop3s'];
const PATIENCE = 15;

function say($connection, string $line): void
{
    fwrite($connection, "$line\r\n");
}

/** Reads up to the line that ends an answer, and demands that it be the wanted one. */
function expect($connection, string $wanted, string $end): void
{
    while (($line = fgets($connection, 4096)) !== false) {
        if (preg_match($wanted, $line)) {
            return;
        }
        if (preg_match($end, $line)) {
            throw new RuntimeException('no answer as wanted: ' . trim($line));
        }
    }
    throw new RuntimeException(feof($connection) ? 'closed without a word' : 'no word in ' . PATIENCE . ' seconds');
}

/** The greeting, with TLS or before it. */
function greeting($connection, string $protocol): void
{
    match ($protocol) {
        'smtp', 'submission', 'submissions' => expect($connection, '/^220 /', '/^\d{3} /'),
        'imap', 'imaps' => expect($connection, '/^\* OK/', '/^/'),
        'pop3', 'pop3s' => expect($connection, '/^\+OK/', '/^/'),
        'sieve' => expect($connection, '/^OK/', '/^(NO|BYE)/'),
    };
}

function ask_for_tls($connection, string $protocol): void
{
    switch ($protocol) {
        case 'smtp':
        case 'submission':
            say($connection, 'EHLO test.invalid');
            expect($connection, '/^250 /', '/^\d{3} /');
            say($connection, 'STARTTLS');
            expect($connection, '/^220 /', '/^\d{3} /');
            break;
        case 'imap':
            say($connection, 'a STARTTLS');
            expect($connection, '/^a OK/', '/^(a|\* BYE)/');
            break;
        case 'pop3':
            say($connection, 'STLS');
            expect($connection, '/^\+OK/', '/^/');
            break;
        case 'sieve':
            say($connection, 'STARTTLS');
            expect($connection, '/^OK/', '/^(NO|BYE)/');
            break;
    }
}

function start_tls($connection): void
{
    error_clear_last();
    $began = time();
    if (@stream_socket_enable_crypto($connection, true, STREAM_CRYPTO_METHOD_TLS_CLIENT) === true) {
        return;
    }
    $message = error_get_last()['message'] ?? '';
    $reason = match (true) {
        str_contains($message, 'wrong version number') => 'the server speaks without it',
        $message !== '' => preg_replace('/^.*(?:\(\): |error:[0-9A-F]+:)/s', '', $message),
        default => time() - $began >= PATIENCE ? 'no word in ' . PATIENCE . ' seconds' : 'closed without a word',
    };
    throw new RuntimeException("no TLS: $reason");
}

/** Whether a certificate's name is this one, or a wildcard that holds it. */
function holds(array $certificate, string $name): bool
{
    preg_match_all('/DNS:([^,\s]+)/', $certificate['extensions']['subjectAltName'] ?? '', $found);
    $names = array_map('strtolower', $found[1]);
    return in_array(strtolower($name), $names, true) || in_array('*' . strstr(strtolower($name), '.'), $names, true);
}

function judge(array $certificate, array $names): string
{
    $date = fn (string $end): string => gmdate('Y-m-d H:i', $certificate[$end]) . ' UTC';
    if ($certificate['validTo_time_t'] < time()) {
        throw new RuntimeException('the certificate ended at ' . $date('validTo_time_t'));
    }
    if ($certificate['validFrom_time_t'] > time()) {
        throw new RuntimeException('the certificate begins at ' . $date('validFrom_time_t'));
    }
    foreach ($names as $name) {
        if (!holds($certificate, $name)) {
            throw new RuntimeException("the certificate does not hold $name: " . ($certificate['extensions']['subjectAltName'] ?? $certificate['name']));
        }
    }
    $left = intdiv($certificate['validTo_time_t'] - time(), 86400);
    return 'TLS, certificate for ' . ($certificate['extensions']['subjectAltName'] ?? $certificate['name']) . ", $left days left";
}

function check(string $protocol, string $host, int $port, array $names): string
{
    // Whether it is trusted cannot be known here: the world's authorities are not this pod's.
    $context = stream_context_create(['ssl' => [
        'verify_peer' => false, 'verify_peer_name' => false, 'capture_peer_cert' => true, 'peer_name' => $names[0] ?? $host,
    ]]);
    $connection = @stream_socket_client("tcp://$host:$port", $number, $text, PATIENCE, STREAM_CLIENT_CONNECT, $context);
    if ($connection === false) {
        throw new RuntimeException("cannot connect: $text");
    }
    stream_set_timeout($connection, PATIENCE);
    if (getenv('MAIL_HEADER') === 'yes') {
        // PROXY v2, command LOCAL: it states no address, and without any header the greeting waits.
        fwrite($connection, "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0");
    }
    if (in_array($protocol, IMPLICIT, true)) {
        start_tls($connection);
        greeting($connection, $protocol);
    } else {
        greeting($connection, $protocol);
        ask_for_tls($connection, $protocol);
        start_tls($connection);
    }
    $certificate = stream_context_get_params($connection)['options']['ssl']['peer_certificate'];
    return judge(openssl_x509_parse($certificate), $names);
}

$names = array_values(array_filter(explode(' ', (string) getenv('MAIL_NAME'))));
$failed = 0;
foreach (array_filter(explode(' ', (string) getenv('MAIL_PORTS'))) as $target) {
    [$protocol, $host, $port] = explode(':', $target);
    try {
        echo "ok    $port $protocol: " . check($protocol, $host, (int) $port, $names) . "\n";
    } catch (RuntimeException $error) {
        echo "FAIL  $port $protocol at $host: " . $error->getMessage() . "\n";
        $failed++;
    }
}
exit($failed > 0 ? 1 : 0);
