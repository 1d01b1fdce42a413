<?php
// PHP's SoapClient against a running gateway: lists the operations of all six
// services, writes and reads an object of every kind, and makes sure that
// failures arrive as failures. Prints one line per check.
ini_set('soap.wsdl_cache_enabled', '0');
$base = $argv[1];
$checks = 0;

function check(string $what, bool $ok, $more = null): void {
    global $checks;
    $checks++;
    echo ($ok ? 'ok   ' : 'FAIL ') . $what . ($ok ? '' : ' ' . var_export($more, true)) . "\n";
    if (!$ok) {
        exit(1);
    }
}

function text(string $s): array { return ['language' => 'en', 'textString' => $s]; }
function token(string $v): array {
    return ['instanceIdentifier' => text($v), 'instanceVocabulary' => 'http://example.edu/v', 'instanceValue' => text($v)];
}
function single(string $name, string $v): array {
    return ['instanceIdentifier' => text($v), 'instanceVocabulary' => 'http://example.edu/v', 'instanceName' => text($name), 'instanceValue' => text($v)];
}

// kind => [service, element of the object, its content, how to see that it came back]
$kinds = [
    'Group' => ['gms', 'group', ['groupType' => ['scheme' => text('LIS2.0'), 'typevalue' => [['id' => 'TERM', 'type' => text('TERM')]]]],
        fn($o) => $o->groupType->scheme->textString === 'LIS2.0'],
    'Person' => ['pms', 'person', ['formname' => [['formnameType' => token('Full'), 'formattedName' => text('Zoë <&> Ωμέγα')]],
        'roles' => [['enterpriserolesType' => single('Other', 'Other'), 'institutionRole' => [['institutionroletype' => token('Student'), 'primaryroletype' => false]]]]],
        fn($o) => $o->formname->formattedName->textString === 'Zoë <&> Ωμέγα' && $o->roles->institutionRole->primaryroletype === false],
    'CourseTemplate' => ['cms', 'courseTemplate', ['title' => text('Optics'), 'courseNumber' => text('PHY 2')], fn($o) => $o->courseNumber->textString === 'PHY 2'],
    'CourseOffering' => ['cms', 'courseOffering', ['title' => text('Optics'), 'parentTemplateId' => 'CourseTemplate-2'], fn($o) => $o->parentTemplateId === 'CourseTemplate-2'],
    'CourseSection' => ['cms', 'courseSection', ['title' => text('Optics'), 'parentOfferingId' => 'CourseOffering-2', 'maxNumberofStudents' => 0,
        'timeFrame' => [['begin' => '2026-09-01T08:00:00Z']]], fn($o) => $o->maxNumberofStudents == 0 && $o->timeFrame->begin === '2026-09-01T08:00:00Z'],
    'SectionAssociation' => ['cms', 'sectionAssociation', ['courseSectionIdList' => ['courseSectionId' => ['CourseSection-2']]],
        fn($o) => $o->courseSectionIdList->courseSectionId === 'CourseSection-2'],
    'Membership' => ['mms', 'membership', ['collectionSourcedId' => 'CourseSection-2', 'membershipIdType' => 'courseSection',
        'member' => ['personSourcedId' => 'Person-2', 'role' => [['roleType' => 'Learner', 'status' => 'Active']]]], fn($o) => $o->member->role->roleType === 'Learner'],
    'LineItem' => ['oms', 'lineItem', ['context' => ['contextIdentifier' => 'CourseSection-2', 'contextType' => 'CourseSection'], 'label' => text('Final')],
        fn($o) => $o->label->textString === 'Final'],
    'Result' => ['oms', 'result', ['lineItemSourcedId' => 'LineItem-2', 'personSourcedId' => 'Person-2', 'resultScore' => text('A+')], fn($o) => $o->resultScore->textString === 'A+'],
    'ResultValue' => ['oms', 'resultValue', ['label' => text('points'), 'valueRange' => ['min' => '0', 'max' => '100.5']], fn($o) => (string) $o->valueRange->max === '100.5'],
];

$namespaces = [];
$clients = [];
$names = [];
foreach (['pms', 'gms', 'mms', 'cms', 'oms', 'bdems'] as $service) {
    $clients[$service] = new SoapClient("$base/lis/$service?wsdl", ['trace' => true, 'keep_alive' => true]);
    preg_match('/targetNamespace="([^"]+)"/', file_get_contents("$base/lis/$service?wsdl"), $m);
    $namespaces[$service] = $m[1];
    foreach ($clients[$service]->__getFunctions() as $signature) {
        preg_match('/ (\w+)\(/', $signature, $m);
        $names[$m[1]] = true;
    }
}
check('PHP lists 156 operations', count($names) === 156, count($names));

function call(string $service, string $operation, array $parameters, &$status) {
    global $clients, $namespaces;
    $header = new SoapHeader($namespaces[$service], 'imsx_syncRequestHeaderInfo', (object) ['imsx_version' => 'V1.0', 'imsx_messageIdentifier' => 'php-' . $operation]);
    $out = [];
    $answer = $clients[$service]->__soapCall($operation, [$parameters], null, [$header], $out);
    $status = $out['imsx_syncResponseHeaderInfo']->imsx_statusInfo;
    return $answer;
}

foreach ($kinds as $kind => [$service, $element, $content, $same]) {
    $record = lcfirst($kind) . 'Record';
    $id = "$kind-2";
    call($service, "replace$kind", ['sourcedId' => $id, $record => ['sourcedGUID' => ['sourcedId' => $id], $element => $content]], $status);
    check("replace$kind", $status->imsx_codeMajor === 'success' && $status->imsx_messageRefIdentifier === "php-replace$kind", $status);
    $answer = call($service, "read$kind", ['sourcedId' => $id], $status);
    check("read$kind", $status->imsx_codeMajor === 'success' && $answer->$record->sourcedGUID->sourcedId === $id && $same($answer->$record->$element), $answer);
    call($service, "read$kind", ['sourcedId' => 'no such thing'], $status);
    check("read$kind of nothing is a failure", $status->imsx_codeMajor === 'failure' && $status->imsx_severity === 'error'
        && $status->imsx_codeMinor->imsx_codeMinorField->imsx_codeMinorFieldValue === 'unknownobject', $status);
}

call('bdems', 'requestBulkDataExchange', ['transactionId' => 't-php', 'filter' => []], $status);
check('a bulk extract is taken', in_array($status->imsx_codeMajor, ['success', 'processing']), $status);

try {
    $clients['pms']->__doRequest('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><nonsense/></e:Body></e:Envelope>', "$base/lis/pms", '', 1);
    $plain = new SoapClient(null, ['location' => "$base/lis/pms", 'uri' => 'urn:nonsense']);
    $plain->nonsense();
    check('nonsense raises a fault', false);
} catch (SoapFault $fault) {
    check('nonsense raises a fault', str_contains($fault->getMessage(), 'no operation of LIS'), $fault->getMessage());
}
echo "$checks checks\n";
