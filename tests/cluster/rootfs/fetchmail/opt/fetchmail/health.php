<?php

declare(strict_types=1);

// Whether the server is alive, at /healthz and /readyz.

$isKnown = in_array($_SERVER['REQUEST_URI'], ['/healthz', '/readyz'], true);
http_response_code($isKnown ? 200 : 404);
echo $isKnown ? 'ok' : 'not found';
