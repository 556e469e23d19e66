<?php

// Tries to reach what only the stack's own pods may reach, and fails where it can: then nobody enforces network policies here, and every
// pod of the cluster may tell mta and mda any client's address.
// CLOSED_PORTS: "host:port" by blanks.

$open = 0;
foreach (array_filter(explode(' ', (string) getenv('CLOSED_PORTS'))) as $target) {
    $connection = @stream_socket_client("tcp://$target", $number, $text, 4);
    if ($connection === false) {
        echo "ok    $target: closed to this pod\n";
        continue;
    }
    echo "FAIL  $target: open to this pod, so network policies are not enforced; use a network plug-in that does\n";
    $open++;
}
exit($open > 0 ? 1 : 0);
