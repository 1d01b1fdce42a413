#!/usr/bin/python3
"""Loads WSDLs with zeep and prints the operations, one a line, sorted, each once.

usage: zeep_list.py FILE-OR-URL...        (Debian: python3-zeep)

Every message is resolved down to its last type, since zeep does that only on
demand and would otherwise overlook a broken schema.
"""
import sys

import zeep


def operations(address):
    client = zeep.Client(address)
    for schema_type in client.wsdl.types.types:
        schema_type.signature(client.wsdl.types)
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            for operation in port.binding._operations.values():
                operation.input.signature()
                operation.output.signature()
                if operation.input.header is None:
                    raise SystemExit(f"{address}: {operation.name} has no header block")
                yield operation.name


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    names = {name for address in sys.argv[1:] for name in operations(address)}
    print("\n".join(sorted(names)))
