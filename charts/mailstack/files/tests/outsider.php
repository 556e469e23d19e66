<?php

// Tries to reach what only the stack's own pods may reach, and fails where it can: then nobody enforces network policies here, and every
// pod of the cluster may tell mta and mda any client's address.
// CLOSED_PORTS: "host:port" by blanks.

$failed = 0;
foreach (array_filter(explode(' ', (string) getenv('CLOSED_PORTS'))) as $target) {
    $connection = @stream_socket_client("tcp://$target", $number, $text, 4);
    if ($connection !== false) {
        echo "FAIL  $target: open to this pod, so network policies are not enforced; use a network plug-in that does\n";
        $failed++;
    } elseif (str_contains($text, 'getaddrinfo')) {
        // What has no name was not tried at all.
        echo "FAIL  $target: its name is not found, so this proves nothing; does a policy of yours keep DNS from this pod?\n";
        $failed++;
    } else {
        echo "ok    $target: closed to this pod ($text)\n";
    }
}
exit($failed > 0 ? 1 : 0);
