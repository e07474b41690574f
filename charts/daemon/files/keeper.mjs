/**
 * Holds the Leases of a pod's keys, so that never two pods use one key: it takes them before the daemon starts, renews
 * them, and says on its port whether it holds them all. Who cannot renew says "no" well before another may take over, and
 * the daemon's liveness probe, which asks here, then ends the daemon. Plain Node.js without packages.
 *
 * Time is measured by this machine's own steady clock, on both sides: clocks need not agree.
 */
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

const settings = JSON.parse(process.env.TESTNET_KEEPER ?? "{}");
const { namespace, leases, port, durationSeconds, deadlineSeconds, renewSeconds } = settings;
const holder = process.env.TESTNET_HOLDER;
const account = settings.account ?? "/var/run/secrets/kubernetes.io/serviceaccount";
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: hostPort } = process.env;
const server = `https://${host?.includes(":") ? `[${host}]` : host}:${hostPort}`;

/** What is known of a lease: since when it looks as it does, and until when it is surely ours. */
class Held {
  renewedAt;
  seen = { version: undefined, at: 0 };
  why = "not asked for yet";

  constructor(name) {
    this.name = name;
    this.path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
  }

  get isOurs() {
    return this.renewedAt !== undefined && now() - this.renewedAt < deadlineSeconds;
  }

  /**
   * Takes or renews the lease, when it may.
   * @param isTurn whether all leases before it are held
   */
  async renew(isTurn) {
    // Counted from before the request: the server's renewal is never older than ours.
    const startedAt = now();
    const lease = await request("GET", this.path);
    const { spec = {}, metadata } = lease;
    if (isOther(spec.holderIdentity) && !this.hasExpired(spec, metadata.resourceVersion)) {
      this.lose(`held by ${spec.holderIdentity}`);
      return;
    }
    if (!(await isTurn)) {
      this.lose("waits for the leases before it");
      return;
    }
    await request("PUT", this.path, { ...lease, spec: renewed(spec) });
    if (this.renewedAt === undefined) say(`holds ${this.name}`);
    this.renewedAt = startedAt;
    this.why = "held";
  }

  /** Whether its holder let the whole time pass while we looked on. */
  hasExpired(spec, version) {
    if (this.seen.version !== version) this.seen = { version, at: now() };
    return now() - this.seen.at >= Math.max(spec.leaseDurationSeconds ?? 0, durationSeconds);
  }

  lose(why) {
    if (this.renewedAt !== undefined) say(`lost ${this.name}: ${why}`);
    this.renewedAt = undefined;
    this.why = why;
  }

  async release() {
    if (this.renewedAt === undefined) return;
    const lease = await request("GET", this.path);
    if (lease.spec?.holderIdentity !== holder) return;
    await request("PUT", this.path, { ...lease, spec: {} });
  }
}

/** In one order for everybody: two who each began with another lease would wait for each other for ever. */
const all = [...leases].sort().map((name) => new Held(name));

function isOther(identity) {
  return identity !== undefined && identity !== null && identity !== "" && identity !== holder;
}

function renewed(spec) {
  const time = new Date().toISOString().replace("Z", "000Z");
  const isNew = spec.holderIdentity !== holder;
  return {
    holderIdentity: holder,
    leaseDurationSeconds: durationSeconds,
    acquireTime: isNew ? time : (spec.acquireTime ?? time),
    leaseTransitions: (spec.leaseTransitions ?? 0) + (isNew ? 1 : 0),
    renewTime: time,
  };
}

/** Seconds of a clock that only goes forward. */
function now() {
  return Number(process.hrtime.bigint()) / 1e9;
}

function request(method, resource, body) {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  // Read each time: the token is renewed in its file.
  const token = fs.readFileSync(`${account}/token`, "utf8").trim();
  const options = {
    method,
    ca: fs.readFileSync(`${account}/ca.crt`),
    timeout: Math.max(1, Math.min(10, renewSeconds)) * 1000,
    headers: {
      authorization: `Bearer ${token}`,
      ...(payload !== undefined && {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
      }),
    },
  };
  return new Promise((resolve, reject) => {
    const call = https.request(`${server}${resource}`, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`the API server answered ${answer.statusCode} for ${resource}`));
      });
    });
    call.on("timeout", () => call.destroy(new Error("the API server did not answer")));
    call.on("error", reject);
    call.end(payload);
  });
}

async function renewAll() {
  const wereOurs = all.map((one) => one.isOurs);
  let haveBefore = Promise.resolve(true);
  const renewals = all.map((one, index) => {
    const isTurn = wereOurs.slice(0, index).every(Boolean) || haveBefore;
    const renewal = one.renew(isTurn);
    const isHad = renewal.then(
      () => one.isOurs,
      () => one.isOurs,
    );
    haveBefore = Promise.all([haveBefore, isHad]).then((had) => had.every(Boolean));
    return renewal;
  });
  const results = await Promise.allSettled(renewals);
  results.forEach(({ reason }, index) => {
    if (reason === undefined) return;
    const one = all[index];
    const why = reason.message || reason.code || String(reason);
    if (one.why !== why) say(`${one.name}: ${why}`);
    one.why = why;
    if (!one.isOurs) one.renewedAt = undefined;
  });
}

function say(text) {
  process.stderr.write(`testnet: keeper: ${text}\n`);
}

const door = http.createServer(({ url }, answer) => {
  if (url === "/alive") return void answer.writeHead(200).end();
  const isHeld = all.every((one) => one.isOurs);
  const told = Object.fromEntries(all.map((one) => [one.name, one.isOurs ? "held" : one.why]));
  answer.writeHead(isHeld ? 200 : 503, { "content-type": "application/json" });
  answer.end(`${JSON.stringify(told)}\n`);
});

let isEnding = false;
let timer;
let renewing = Promise.resolve();

async function go() {
  renewing = renewAll();
  await renewing;
  const pause = all.every((one) => one.isOurs) ? renewSeconds : Math.min(renewSeconds, 2);
  if (!isEnding) timer = setTimeout(() => void go(), pause * 1000);
}

/** Sidecars are ended after the daemon: what it held may be taken at once. */
async function end() {
  if (isEnding) return;
  isEnding = true;
  clearTimeout(timer);
  door.close();
  // One on its way would take the lease again.
  await renewing;
  await Promise.allSettled(all.map((one) => one.release()));
  process.exit(0);
}

process.on("SIGTERM", () => void end());
process.on("SIGINT", () => void end());
door.listen(port, () => void go());
