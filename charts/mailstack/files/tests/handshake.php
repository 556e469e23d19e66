<?php

// Greets every open mail port as a client does, through the edge where there is one, and demands TLS of it.
// MAIL_PORTS: "name:host:port" by blanks; MAIL_HEADER=yes where the edge waits for a PROXY header; MAIL_NAMES: names of the certificate.

const IMPLICIT = ['submissions', 'imaps', 'pop3s'];

function say($connection, string $line): void
{
    fwrite($connection, "$line\r\n");
}

/** Reads lines until one matches, or says what came instead. */
function expect($connection, string $pattern): void
{
    $seen = '';
    while (($line = fgets($connection, 4096)) !== false) {
        $seen .= $line;
        if (preg_match($pattern, $line)) {
            return;
        }
    }
    throw new RuntimeException(feof($connection) && $seen === '' ? 'closed without a word' : 'no answer as wanted: ' . trim($seen));
}

function start_tls($connection, string $protocol): void
{
    switch ($protocol) {
        case 'smtp':
        case 'submission':
            expect($connection, '/^220 /');
            say($connection, 'EHLO test.invalid');
            expect($connection, '/^250 /');
            say($connection, 'STARTTLS');
            expect($connection, '/^220 /');
            break;
        case 'imap':
            expect($connection, '/^\* OK/');
            say($connection, 'a STARTTLS');
            expect($connection, '/^a OK/');
            break;
        case 'pop3':
            expect($connection, '/^\+OK/');
            say($connection, 'STLS');
            expect($connection, '/^\+OK/');
            break;
        case 'sieve':
            expect($connection, '/^OK/');
            say($connection, 'STARTTLS');
            expect($connection, '/^OK/');
            break;
    }
}

function greeting(string $protocol): string
{
    return match ($protocol) {
        'submissions' => '/^220 /',
        'imaps' => '/^\* OK/',
        'pop3s' => '/^\+OK/',
    };
}

function check(string $protocol, string $host, int $port): string
{
    $context = stream_context_create(['ssl' => [
        'verify_peer' => false, 'verify_peer_name' => false, 'capture_peer_cert' => true, 'peer_name' => getenv('MAIL_NAME'),
    ]]);
    $connection = @stream_socket_client("tcp://$host:$port", $number, $text, 10, STREAM_CLIENT_CONNECT, $context);
    if ($connection === false) {
        throw new RuntimeException("cannot connect: $text");
    }
    stream_set_timeout($connection, 20);
    if (getenv('MAIL_HEADER') === 'yes') {
        // PROXY v2, command LOCAL: it states no address, and without any header the greeting waits.
        fwrite($connection, "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0");
    }
    if (!in_array($protocol, IMPLICIT, true)) {
        start_tls($connection, $protocol);
    }
    if (@stream_socket_enable_crypto($connection, true, STREAM_CRYPTO_METHOD_TLS_CLIENT) !== true) {
        throw new RuntimeException('no TLS: ' . (error_get_last()['message'] ?? 'closed'));
    }
    if (in_array($protocol, IMPLICIT, true)) {
        expect($connection, greeting($protocol));
    }
    $certificate = openssl_x509_parse(stream_context_get_params($connection)['options']['ssl']['peer_certificate']);
    $left = intdiv($certificate['validTo_time_t'] - time(), 86400);
    if ($left < 0) {
        throw new RuntimeException('the certificate ended ' . -$left . ' days ago');
    }
    return "TLS, certificate for " . ($certificate['extensions']['subjectAltName'] ?? $certificate['name']) . ", $left days left";
}

$failed = 0;
foreach (array_filter(explode(' ', (string) getenv('MAIL_PORTS'))) as $target) {
    [$protocol, $host, $port] = explode(':', $target);
    try {
        echo "ok    $port $protocol: " . check($protocol, $host, (int) $port) . "\n";
    } catch (RuntimeException $error) {
        echo "FAIL  $port $protocol at $host: " . $error->getMessage() . "\n";
        $failed++;
    }
}
exit($failed > 0 ? 1 : 0);
