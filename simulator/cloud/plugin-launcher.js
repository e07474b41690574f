// What the engine starts as a plugin of a simulated cloud: asks the daemon for a server of its own and stays as long as the
// engine wants it. Plain JavaScript, so that it starts in a moment; the arguments are the provider and the daemon's socket.
const net = require("node:net");

const [provider, path] = process.argv.slice(2);
const fail = (why) => {
  process.stderr.write(`the simulated clouds do not answer (${why}): they run only during a rehearsal\n`);
  process.exit(1);
};

const socket = net.connect(path, () => {
  socket.write(`${JSON.stringify({ method: "attach", params: { provider } })}\n`);
});
let answer = "";
socket.on("data", (data) => {
  answer += data;
  if (!answer.endsWith("\n")) return;
  const { result, error } = JSON.parse(answer);
  if (error !== undefined) fail(error);
  process.stdout.write(`${result.port}\n`);
});
socket.on("error", (error) => fail(error.message));
socket.on("close", () => fail("ended"));

// The engine holds the other end of this pipe: when it was killed, nobody else would end this process.
process.stdin.on("close", () => process.exit(0));
process.stdin.resume();
