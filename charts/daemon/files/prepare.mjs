/**
 * Prepares one container of a pod before it starts: its private files, its shared files, its own files, and the addresses
 * that are known only now. Plain Node.js without packages, so that any image of Node.js runs it. What it is to do stands in
 * $TESTNET_PREPARE as JSON; it ends with 1 and one plain sentence when something is missing.
 */
import { createHash } from "node:crypto";
import { lookup } from "node:dns/promises";
import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const SECRET_VALUE = /\{\{secret-value ([^}\s]+)\}\}/g;

/** Something is wrong that a person must mend. */
class Refused extends Error {}

const settings = JSON.parse(process.env.TESTNET_PREPARE ?? "{}");
/** Where things lie; tests move them. */
const places = {
  bundle: "/bundle/bundle.json",
  keys: "/keys",
  run: "/testnet/run",
  data: "/data",
  shared: "/shared",
  inline: "/inline",
  account: "/var/run/secrets/kubernetes.io/serviceaccount",
  ...JSON.parse(process.env.TESTNET_PLACES ?? "{}"),
};
const retry = { attempts: 60, milliseconds: 2000, ...JSON.parse(process.env.TESTNET_RETRY ?? "{}") };

async function main() {
  fs.mkdirSync(places.run, { recursive: true });
  const markers = await findMarkers();
  const lines = [...markers].map(([marker, address]) => `${address} ${marker}\n`);
  fs.writeFileSync(path.join(places.run, "markers"), lines.join(""));
  writeSecrets(markers);
  for (const { path: name, content } of settings.files ?? []) {
    const file = within(places.data, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, replaced(content, markers), { mode: FILE_MODE });
  }
  for (const file of settings.shared ?? []) await bringShared(file);
}

// Private files -------------------------------------------------------------------------------------------------------

function writeSecrets(markers) {
  const wanted = settings.secrets ?? [];
  if (wanted.length === 0) return;
  const files = readBundle();
  for (const name of wanted) {
    const found = Object.keys(files).filter((file) => file === name || file.startsWith(`${name}/`));
    if (found.length === 0) {
      throw new Refused(
        `the secret ${settings.secretName} holds no ${name}: run \`testnet keys create ${settings.network}\`, ` +
          "then delete this pod",
      );
    }
    for (const file of found) writePrivate(file, bytesOf(files[file]));
  }
  for (const { name, value } of settings.secretEnv ?? []) {
    const text = replaced(value, markers).replace(SECRET_VALUE, (_, file) =>
      // What an editor or a tool put at the end of the line is no part of a password.
      bytesOf(files[file] ?? missingValue(file))
        .toString("utf8")
        .replace(/\r?\n$/, ""),
    );
    const directory = path.join(places.run, "env");
    makePrivate(directory);
    writeFresh(within(directory, name), text);
  }
}

function missingValue(name) {
  throw new Refused(`the secret ${settings.secretName} holds no ${name}, which the environment needs`);
}

function readBundle() {
  const { secretName, network } = settings;
  const remedy = `run \`testnet keys create ${network}\``;
  let text;
  try {
    text = fs.readFileSync(places.bundle, "utf8");
  } catch (error) {
    throw new Refused(
      error.code === "ENOENT"
        ? `there is no secret ${secretName} for this pod (${places.bundle} is missing): ${remedy}`
        : `the secret ${secretName} cannot be read (${error.code} at ${places.bundle})`,
    );
  }
  let bundle;
  try {
    bundle = JSON.parse(text);
  } catch {
    // Never the parser's words: they quote what they read.
    throw new Refused(`the secret ${secretName} is not what this program wrote (no JSON): ${remedy}`);
  }
  if (bundle?.version !== 1 || typeof bundle.files !== "object" || bundle.files === null) {
    throw new Refused(`the secret ${secretName} is not a bundle of version 1: ${remedy}`);
  }
  return bundle.files;
}

function bytesOf(content) {
  if (typeof content !== "string") throw new Refused(`the secret ${settings.secretName} holds no texts`);
  return content.startsWith("base64:")
    ? Buffer.from(content.slice("base64:".length), "base64")
    : Buffer.from(content, "utf8");
}

/** Some daemons refuse a key whose directory is not exactly 0700: a group bit that was inherited goes, too. */
function writePrivate(name, bytes) {
  const file = within(places.keys, name);
  const parts = path.relative(places.keys, path.dirname(file)).split(path.sep).filter(Boolean);
  parts.reduce((parent, part) => {
    const directory = path.join(parent, part);
    makePrivate(directory);
    return directory;
  }, places.keys);
  writeFresh(file, bytes);
}

function makePrivate(directory) {
  fs.mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  fs.chmodSync(directory, DIRECTORY_MODE);
}

function writeFresh(file, content) {
  fs.writeFileSync(file, content, { mode: FILE_MODE });
  fs.chmodSync(file, FILE_MODE);
}

// Addresses -----------------------------------------------------------------------------------------------------------

async function findMarkers() {
  const markers = new Map();
  for (const one of settings.lookups ?? []) {
    if (one.kind === "given") markers.set(one.marker, one.address);
    else if (one.kind === "name") markers.set(one.marker, await addressOf(one.host));
    else markers.set(one.marker, await nodeAddress(one.internal));
  }
  return markers;
}

function addressOf(host) {
  return insist(`the address of ${host}`, async () => (await lookup(host, 4)).address);
}

/** The public address of the machine: a new one may get it a little later than its first pod. */
function nodeAddress(internal) {
  const node = process.env.TESTNET_NODE;
  return insist(`the public address of the node ${node}`, async () => {
    const { status } = await kubernetes(`/api/v1/nodes/${node}`);
    const addresses = status?.addresses ?? [];
    const of = (type) => addresses.find((one) => one.type === type)?.address;
    const address = of("ExternalIP") || (internal && of("InternalIP"));
    if (!address) throw new Error("the node has no ExternalIP: is it in a public subnet?");
    return address;
  });
}

function kubernetes(resource) {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  const options = {
    ca: fs.readFileSync(path.join(places.account, "ca.crt")),
    headers: {
      authorization: `Bearer ${fs.readFileSync(path.join(places.account, "token"), "utf8").trim()}`,
    },
    timeout: 10_000,
  };
  const server = host?.includes(":") ? `[${host}]` : host;
  return new Promise((resolve, reject) => {
    const call = https.get(`https://${server}:${port}${resource}`, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`the API server answered ${answer.statusCode} for ${resource}`));
      });
      answer.on("error", reject);
    });
    call.on("timeout", () => call.destroy(new Error("the API server did not answer")));
    call.on("error", reject);
  });
}

function replaced(text, markers) {
  let result = text;
  for (const [marker, address] of markers) result = result.replaceAll(marker, address);
  return result;
}

// Shared files --------------------------------------------------------------------------------------------------------

async function bringShared({ path: name, sha256, key, url }) {
  const file = within(places.shared, name);
  const from = key === undefined ? url : path.join(places.inline, key);
  if (key === undefined) requireSafe(url);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await insist(`the shared file ${name} from ${from}`, async () => {
    const source = key === undefined ? await download(url) : fs.createReadStream(from);
    const partial = `${file}.part`;
    const digest = await unpack(source, partial);
    if (digest !== sha256) {
      fs.rmSync(partial, { force: true });
      const error = new Error(`it is not the file of this network: its sha256 is ${digest}, not ${sha256}`);
      // What was published does not change by asking again; a proxy's page may.
      throw key === undefined ? error : new Refused(error.message);
    }
    fs.renameSync(partial, file);
  });
}

/** Writes the file, unpacked if it still is packed: a server may have done so on the way. Returns its digest. */
async function unpack(source, file) {
  const parts = source[Symbol.asyncIterator]();
  const first = await parts.next();
  const isPacked = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  const whole = Readable.from(
    (async function* () {
      if (!first.done) yield first.value;
      yield* { [Symbol.asyncIterator]: () => parts };
    })(),
  );
  const hash = createHash("sha256");
  const counted = new PassThrough();
  counted.on("data", (part) => hash.update(part));
  const output = fs.createWriteStream(file, { mode: 0o644 });
  await pipeline(whole, ...(isPacked ? [createGunzip()] : []), counted, output);
  return hash.digest("hex");
}

function requireSafe(url) {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || hostname === "127.0.0.1") return;
  throw new Refused(`shared files come over https only, not from ${url}`);
}

async function download(url) {
  const answer = await fetch(url, { redirect: "follow" });
  if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
  // What is no text is published as base64, see stacks/shared-files.ts.
  if (url.endsWith(".b64")) return Readable.from([Buffer.from(await answer.text(), "base64")]);
  return Readable.fromWeb(answer.body);
}

// ---------------------------------------------------------------------------------------------------------------------

/** The file of that name below a directory, and nowhere else. */
function within(directory, name) {
  const file = path.resolve(directory, name);
  if (file.startsWith(path.resolve(directory) + path.sep)) return file;
  throw new Refused(`${JSON.stringify(name)} lies outside of ${directory}`);
}

/** Tries again and again, telling why, and gives up in the end. */
async function insist(what, attempt) {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Refused) throw new Refused(`${what}: ${error.message}`);
      const why = error.cause?.message ?? error.message;
      if (count >= retry.attempts) throw new Refused(`${what} could not be had: ${why}`);
      say(`${what}: ${why}; trying again`);
      await sleep(retry.milliseconds);
    }
  }
}

function say(text) {
  process.stderr.write(`testnet: ${settings.daemon}: ${text}\n`);
}

try {
  await main();
} catch (error) {
  say(error instanceof Refused ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
}
