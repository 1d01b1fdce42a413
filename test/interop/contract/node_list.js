// Loads WSDLs with node-soap and prints the operations, one a line, sorted,
// each once.
//
// usage: node node_list.js FILE-OR-URL...        (npm install soap; if that was
// done in another folder, name its node_modules in NODE_PATH)

const soap = require('soap');

const addresses = process.argv.slice(2);
if (addresses.length === 0) {
  console.error('usage: node_list.js FILE-OR-URL...');
  process.exit(2);
}

// describe() walks every message down to its last type.
async function operations(address) {
  const client = await soap.createClientAsync(address, { disableCache: true });
  const names = [];
  for (const ports of Object.values(client.describe())) {
    for (const methods of Object.values(ports)) {
      names.push(...Object.keys(methods));
    }
  }
  return names;
}

Promise.all(addresses.map(operations)).then(
  (lists) => console.log([...new Set(lists.flat())].sort().join('\n')),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
