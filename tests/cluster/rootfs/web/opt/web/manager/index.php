<?php

require '/opt/web/router.php';
