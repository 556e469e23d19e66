<?php

// Makes the first administrator and DKIM keys, and ends with an error when they are not there afterwards: the console commands alone
// do not tell an account that exists from one that could not be made.

const CONSOLE = '/opt/admin/bin/console';

function console(string ...$arguments): int
{
    // A list of arguments, no shell, and this script's own output. The password is one of them, seen by nobody outside this pod.
    $process = proc_open([CONSOLE, '--no-interaction', ...$arguments], [], $pipes);
    return is_resource($process) ? proc_close($process) : 1;
}

function quit(string $message): never
{
    file_put_contents('php://stderr', "setup: $message\n");
    exit(1);
}

function count_of(PDO $database, string $query, string ...$values): int
{
    $statement = $database->prepare($query);
    $statement->execute($values);
    return (int) $statement->fetchColumn();
}

function need_domain(PDO $database, string $domain): void
{
    $query = 'SELECT count(*) FROM mail_domains WHERE name = ?';
    if (count_of($database, $query, $domain) === 0) {
        console('domain:add', $domain);
    }
    if (count_of($database, $query, $domain) === 0) {
        quit("domain $domain could not be made; see above");
    }
}

$started = time();
while (console('system:check') !== 0) {
    if (time() - $started > (int) getenv('SETUP_TIMEOUT')) {
        quit('database, tables or Redis are still away; see above');
    }
    sleep(5);
}

// One line, and no trace of calls, for a database that goes away meanwhile.
set_exception_handler(fn (Throwable $error) => quit(preg_replace('/\s+/', ' ', $error->getMessage())));

$dsn = sprintf(
    '%s:host=%s;port=%s;dbname=%s',
    getenv('DB_DRIVER'), getenv('DB_HOST'), getenv('DB_PORT'), getenv('DB_NAME')
);
$database = new PDO($dsn, getenv('DB_USER'), getenv('DB_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);

$address = (string) getenv('ADMIN_ADDRESS');
if ($address !== '') {
    [$name, $domain] = explode('@', strtolower($address), 2);
    need_domain($database, $domain);
    $accounts = 'SELECT count(*) FROM mail_users JOIN mail_domains ON mail_users.domain_id = mail_domains.id'
        . ' WHERE mail_users.name = ? AND mail_domains.name = ?';
    if (count_of($database, $accounts, $name, $domain) === 0) {
        console('user:add', '--admin', '--enable', '--password=' . getenv('ADMIN_PASSWORD'), $name, $domain);
        if (count_of($database, $accounts, $name, $domain) === 0) {
            quit("account $address could not be made; see above");
        }
    } else {
        echo "setup: account $address exists and keeps its password\n";
    }
    if (count_of($database, "$accounts AND mail_users.enabled = true AND mail_users.admin = true", $name, $domain) === 0) {
        quit("account $address exists, but is switched off or no administrator; change it, or name another in setup.admin");
    }
    echo "setup: account $address is there\n";
}

$signing = "SELECT count(*) FROM mail_domains WHERE name = ? AND dkim_enabled = true AND dkim_private_key <> ''";
foreach (array_filter(explode(' ', strtolower((string) getenv('DKIM_DOMAINS')))) as $domain) {
    need_domain($database, $domain);
    // A key that is there stays as it is; the command prints its record again.
    if (console('dkim:setup', $domain, '--enable') !== 0 || count_of($database, $signing, $domain) === 0) {
        quit("no DKIM key for $domain; see above");
    }
}
