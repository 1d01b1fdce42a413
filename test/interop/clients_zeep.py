#!/usr/bin/python3
"""zeep against a running gateway: lists the operations of all six services,
writes and reads an object of every kind over SOAP 1.1 and 1.2, and makes sure
that failures arrive as failures. Prints one line per check."""
import sys

import zeep
from zeep.exceptions import Fault

base = sys.argv[1]
checks = 0


def check(what, ok, more=""):
    global checks
    checks += 1
    print(("ok   " if ok else "FAIL ") + what + (" " + str(more) if not ok else ""))
    if not ok:
        sys.exit(1)


def text(s):
    return {"language": "en", "textString": s}


def token(v):
    return {"instanceIdentifier": text(v), "instanceVocabulary": "http://example.edu/v", "instanceValue": text(v)}


def single(name, v):
    return dict(token(v), instanceName=text(name))


EXTENSION = {"extensionNameVocabulary": "n", "extensionField": [{"fieldName": "Shoe", "fieldType": "String", "fieldValue": "42 & <more>"}]}

# kind: (service, port, record element, the object's element, its content, how to see that it came back)
KINDS = {
    "Group": ("gms", "GroupManagerSync", "group",
              {"groupType": {"scheme": text("LIS2.0"), "typevalue": [{"id": "TERM", "type": text("TERM")}]},
               "timeframe": {"begin": "2026-09-01T00:00:00Z", "restrict": True}},
              lambda o: o.groupType.typevalue[0].id == "TERM" and o.timeframe.restrict is True),
    "Person": ("pms", "PersonManagerSync", "person",
               {"formname": [{"formnameType": token("Full"), "formattedName": text("Ærø Ørsted <&> 李")}],
                "name": [{"nameType": token("Full"), "partName": [single("First", "Ærø"), single("Last", "Ørsted")]}],
                "roles": [{"enterpriserolesType": single("Other", "Other"),
                           "institutionRole": [{"institutionroletype": token("Student"), "primaryroletype": False}],
                           "userId": [{"userIdValue": text("a")}, {"userIdValue": text("b")}]}],
                "extension": dict(EXTENSION, extensionValueVocabulary="v")},
               lambda o: o.formname[0].formattedName.textString == "Ærø Ørsted <&> 李"
               and o.roles[0].institutionRole[0].primaryroletype is False and len(o.roles[0].userId) == 2
               and o.extension.extensionField[0].fieldValue == "42 & <more>"),
    "CourseTemplate": ("cms", "CourseTemplateManagerSync", "courseTemplate",
                       {"title": text("Optics"), "courseNumber": text("PHY 2"), "listofTopics": {"topic": [text("light")]}},
                       lambda o: o.listofTopics.topic[0].textString == "light"),
    "CourseOffering": ("cms", "CourseOfferingManagerSync", "courseOffering",
                       {"title": text("Optics"), "parentTemplateId": "CourseTemplate-1", "academicSession": text("2026A")},
                       lambda o: o.parentTemplateId == "CourseTemplate-1"),
    "CourseSection": ("cms", "CourseSectionManagerSync", "courseSection",
                      {"title": text("Optics 1"), "parentOfferingId": "CourseOffering-1", "maxNumberofStudents": 0,
                       "timeFrame": [{"begin": "2026-09-01T08:00:00"}], "extension": dict(EXTENSION, extensionValueType="v")},
                      lambda o: o.maxNumberofStudents == 0 and o.timeFrame[0].begin is not None),
    "SectionAssociation": ("cms", "SectionAssociationManagerSync", "sectionAssociation",
                           {"title": text("both"), "courseSectionIdList": {"courseSectionId": ["CourseSection-1"]}},
                           lambda o: o.courseSectionIdList.courseSectionId == ["CourseSection-1"]),
    "Membership": ("mms", "MembershipManagerSync", "membership",
                   {"collectionSourcedId": "CourseSection-1", "membershipIdType": "courseSection",
                    "member": {"personSourcedId": "Person-1", "role": [{"roleType": "Learner", "status": "Active", "creditHours": 3}]}},
                   lambda o: o.member.role[0].creditHours == 3),
    "LineItem": ("oms", "LineItemManagerSync", "lineItem",
                 {"context": {"contextIdentifier": "CourseSection-1", "contextType": "CourseSection"},
                  "lineItemType": {"lineItemTypeVocabulary": "v", "lineItemTypeValue": text("Final")}, "label": text("Final")},
                 lambda o: o.lineItemType.lineItemTypeValue.textString == "Final"),
    "Result": ("oms", "ResultManagerSync", "result",
               {"lineItemSourcedId": "LineItem-1", "personSourcedId": "Person-1", "resultScore": text("1,0")},
               lambda o: o.resultScore.textString == "1,0"),
    "ResultValue": ("oms", "ResultValueManagerSync", "resultValue",
                    {"label": text("points"), "valueRange": {"min": "0.00", "max": "100.50"}},
                    lambda o: str(o.valueRange.max) == "100.50"),
}

clients = {s: zeep.Client(base + "/lis/" + s + "?wsdl") for s in ("pms", "gms", "mms", "cms", "oms", "bdems")}

names = set()
for client in clients.values():
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            names.update(port.binding._operations)
check("zeep lists 156 operations", len(names) == 156, len(names))


def header(i):
    return {"HeaderInfoParameters": {"imsx_version": "V1.0", "imsx_messageIdentifier": "zeep-%d" % i}}


def status(answer):
    return answer.header.HeaderInfoResponse.imsx_statusInfo


for version in ("SoapPort", "Soap12Port"):
    for n, (kind, (svc, manager, element, content, same)) in enumerate(KINDS.items()):
        client = clients[svc]
        port = client.bind(next(iter(client.wsdl.services)), manager + version)
        record = kind[0].lower() + kind[1:] + "Record"
        ident = kind + "-1"
        answer = port["replace" + kind](sourcedId=ident, **{record: {"sourcedGUID": {"sourcedId": ident}, element: content}}, _soapheaders=header(n))
        check("%s replace%s" % (version, kind), status(answer).imsx_codeMajor == "success", answer)
        check("%s replace%s refers to its message" % (version, kind), status(answer).imsx_messageRefIdentifier == "zeep-%d" % n, answer)
        answer = port["read" + kind](sourcedId=ident, _soapheaders=header(n))
        got = answer.body[record]
        check("%s read%s" % (version, kind), status(answer).imsx_codeMajor == "success" and got.sourcedGUID.sourcedId == ident and same(got[element]), answer)
        answer = port["read" + kind](sourcedId="no such thing", _soapheaders=header(n))
        st = status(answer)
        check("%s read%s of nothing is a failure" % (version, kind),
              st.imsx_codeMajor == "failure" and st.imsx_severity == "error"
              and st.imsx_codeMinor.imsx_codeMinorField[0].imsx_codeMinorFieldValue == "unknownobject", answer)

mms = clients["mms"].bind(next(iter(clients["mms"].wsdl.services)), "MembershipManagerSyncSoapPort")
answer = mms.readMembershipIdsForCollection(groupSourcedId="CourseSection-1", collection="courseSection", _soapheaders=header(0))
check("the roster of a section", answer.body.sourcedIdSet.sourcedId == ["Membership-1"], answer)

bdems = clients["bdems"].bind(next(iter(clients["bdems"].wsdl.services)), "BulkDataExchangeManagerSyncSoapPort")
answer = bdems.requestBulkDataExchange(transactionId="t-zeep", filter={"filterRule": []}, _soapheaders=header(0))
check("a bulk extract is taken", status(answer).imsx_codeMajor in ("success", "processing"), answer)
answer = bdems.announceBulkDataExchange(transactionId="t-evil", bulkBlockManifest={"bulkBlockDataFile": [{"url": "http://127.0.0.1:1/x"}]}, _soapheaders=header(0))
check("a bulk file from anywhere is refused", status(answer).imsx_codeMajor == "failure", answer)

import urllib.request
try:
    client = clients["pms"]
    element = client.get_element("{http://www.imsglobal.org/services/lis/pms2p0/wsdl11/sync/imspms_v2p0}readPersonRequest")
    from lxml import etree
    envelope = etree.fromstring(b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><nonsense/></e:Body></e:Envelope>')
    response = client.transport.post_xml(base + "/lis/pms", envelope, {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'})
    binding = next(iter(client.wsdl.bindings.values()))
    binding.process_reply(client, binding._operations["readPerson"], response)
    check("nonsense raises a fault", False)
except Fault as fault:
    check("nonsense raises a fault", "no operation of LIS" in fault.message, fault)

print("%d checks" % checks)
