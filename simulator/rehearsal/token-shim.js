// Stands first in PATH during a rehearsal, under the names `aws` and `gke-gcloud-auth-plugin`: answers what a kubeconfig asks
// of them with the token of a simulated cluster. Plain JavaScript, so that it starts in a moment.
const net = require("node:net");

const [program, socketPath, ...args] = process.argv.slice(2);
const fail = (why) => {
  process.stderr.write(`${program} (rehearsal): ${why}\n`);
  process.exit(1);
};
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO ?? "{}");

/** Which cluster is asked for: by name and region on AWS, by its address on GCP, whose program has no arguments. */
function wanted() {
  if (program !== "aws") {
    const server = info.spec?.cluster?.server;
    if (server === undefined) fail("the kubeconfig does not say `provideClusterInfo: true`");
    return ({ access }) => withoutScheme(access.endpoint) === withoutScheme(server);
  }
  const flag = (name) => args[args.indexOf(name) + 1];
  if (
    args[0] !== "eks" ||
    args[1] !== "get-token" ||
    !args.includes("--cluster-name") ||
    !args.includes("--region")
  ) {
    fail(`only \`eks get-token --cluster-name NAME --region REGION\` is answered, not \`${args.join(" ")}\``);
  }
  return ({ id }) => id === `aws/${flag("--region")}/${flag("--cluster-name")}`;
}

/** GKE tells addresses without a scheme, and programs put one in front. */
function withoutScheme(address) {
  return address.replace(/^https?:\/\//, "");
}

const isWanted = wanted();
const socket = net.connect(socketPath, () =>
  socket.write(`${JSON.stringify({ method: "clusters", params: null })}\n`),
);
let answer = "";
socket.on("data", (data) => {
  answer += data;
  if (!answer.endsWith("\n")) return;
  const { result, error } = JSON.parse(answer);
  if (error !== undefined) fail(error);
  const cluster = result.find(isWanted);
  if (cluster === undefined) fail(`no simulated cluster for \`${args.join(" ")}\``);
  const credential = {
    apiVersion: info.apiVersion ?? "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    spec: {},
    status: { token: cluster.access.token },
  };
  process.stdout.write(`${JSON.stringify(credential)}\n`);
  socket.end();
});
socket.on("error", (error) => fail(error.message));
