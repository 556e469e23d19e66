<?php

// Runs the image's preparation of the database, which knows no lock, in one pod at a time. The lock belongs to a transaction, so it
// goes with the connection, also through a pooler, when a pod dies.

$driver = getenv('DB_DRIVER');
$dsn = sprintf('%s:host=%s;port=%s;dbname=%s', $driver, getenv('DB_HOST'), getenv('DB_PORT'), getenv('DB_NAME'));

for ($tries = 60; ; $tries--) {
    try {
        $database = new PDO($dsn, getenv('DB_USER'), getenv('DB_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
        break;
    } catch (PDOException $error) {
        if ($tries <= 0) {
            fwrite(STDERR, 'no connection to the database: ' . $error->getMessage() . "\n");
            exit(1);
        }
        sleep(2);
    }
}

echo "preparing the database, one pod after the other\n";
if ($driver === 'pgsql') {
    $database->beginTransaction();
    $database->exec("SET LOCAL lock_timeout = '10min'");
    $database->query("SELECT pg_advisory_xact_lock(hashtext('mailstack'))")->fetchAll();
} elseif ((int) $database->query("SELECT GET_LOCK(CONCAT('mailstack-', DATABASE()), 600)")->fetchColumn() !== 1) {
    fwrite(STDERR, "another pod has been preparing the database for ten minutes\n");
    exit(1);
}

passthru('/usr/local/lib/init.sh 2>&1', $code);
exit($code);
