// Drives the emulator with the API client of @applozic/core-sdk, unchanged but for its host, and tells what it got.
const fs = require('fs');
const Module = require('module');
const ts = require('typescript');

const [url, apiKey, file] = process.argv.slice(2);
const { name, version } = require('@applozic/core-sdk/package.json');

// The package holds modules that only bundlers understand.
const load = Module._extensions['.js'];
Module._extensions['.js'] = (module, path) => {
  if (!path.includes('core-sdk/dist')) return load(module, path);
  const options = { compilerOptions: { module: ts.ModuleKind.CommonJS, esModuleInterop: true } };
  return module._compile(ts.transpileModule(fs.readFileSync(path, 'utf8'), options).outputText, path);
};

const sdk = '@applozic/core-sdk/dist/src/applozic-client';
const config = require(`${sdk}/config`).default;
const Client = require(`${sdk}/base-with-api`).default;

config.APPLOZIC_HOST = url;
const client = new Client('mock-app');
client.setAuthHeaders({ userId: 'carl', deviceKey: 'device', authToken: 'token' });

// What its own host needs and this service does not, and the other way round: the key, and who is acting.
let key = apiKey;
const getAgent = client.getAgent;
client.getAgent = (useAuth) =>
  getAgent(useAuth).set({ 'Api-Key': key, 'Of-User-Id': 'carl', 'User-Agent': `driven-by ${name} ${version}` });
const makeApiCall = client.makeApiCall;
client.makeApiCall = (method, endpoint, options) => makeApiCall(method, endpoint, { ...options, host: url });

const calls = {
  send: () =>
    client.messages.send({
      clientGroupId: 'group-1',
      message: 'Hello',
      contentType: 0,
      type: 5,
      metadata: { category: 'ARCHIVE', skipBot: 'true' },
    }),
  sendToNobody: () => client.messages.send({ clientGroupId: 'none', message: 'Hello' }),
  details: () => client.contacts.getUserDetails(['carl', 'admin@example.com']),
  update: () => client.contacts.updateUserDetails({ displayName: 'Carl', email: 'carl@example.com' }),
  upload: () => client.files.upload(file),
};

(async () => {
  const got = {};
  for (const [what, call] of Object.entries(calls)) got[what] = (await call()) ?? null;
  const fileMeta = got.upload;
  got.attach = await client.messages.send({ clientGroupId: 'group-1', message: 'A file', contentType: 1, fileMeta });
  key = 'another-key';
  console.error = () => {}; // the client prints every failure, whole
  got.wrongKey = await calls.details().catch((error) => error.status);
  process.stdout.write(JSON.stringify(got));
})().catch((error) => {
  process.stderr.write(String(error.stack));
  process.exit(1);
});
