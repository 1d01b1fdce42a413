<?php
// Loads WSDLs with PHP's SoapClient and prints the operations, one a line,
// sorted, each once.
//
// usage: php php_list.php FILE-OR-URL...        (Debian: php-cli php-soap)
//
// Both bindings are loaded, and every type is asked for.

if ($argc < 2) {
    fwrite(STDERR, "usage: php_list.php FILE-OR-URL...\n");
    exit(2);
}
$names = [];
foreach (array_slice($argv, 1) as $address) {
    foreach ([SOAP_1_1, SOAP_1_2] as $version) {
        try {
            $client = new SoapClient($address, [
                'soap_version' => $version,
                'cache_wsdl' => WSDL_CACHE_NONE,
                'exceptions' => true,
            ]);
        } catch (SoapFault $fault) {
            fwrite(STDERR, "$address: {$fault->getMessage()}\n");
            exit(1);
        }
        if (count($client->__getTypes()) === 0) {
            fwrite(STDERR, "$address: no types\n");
            exit(1);
        }
        foreach ($client->__getFunctions() as $signature) {
            // "createPersonResponse createPerson(createPersonRequest $Parameters)"; with
            // several return parts it reads "list(...) createPerson(...)".
            if (preg_match('/(\w+)\((?:[^()]*)\)$/', $signature, $match)) {
                $names[$match[1]] = true;
            }
        }
    }
}
ksort($names, SORT_STRING);
echo implode("\n", array_keys($names)), "\n";
