import { request } from "node:http";

/** Removes every key below a prefix. */
export async function removeKeys(socketPath: string, prefix: string): Promise<void> {
  await call(socketPath, "/v3/kv/deleterange", range(prefix));
}

/** How many keys there are below a prefix. */
export async function countKeys(socketPath: string, prefix: string): Promise<number> {
  const answer = (await call(socketPath, "/v3/kv/range", { ...range(prefix), count_only: true })) as {
    count?: string;
  };
  return Number(answer.count ?? 0);
}

/** From the prefix to the first key that does not begin with it. */
function range(prefix: string): { key: string; range_end: string } {
  const end = Buffer.from(prefix);
  end[end.length - 1] = (end[end.length - 1] ?? 0) + 1;
  return { key: Buffer.from(prefix).toString("base64"), range_end: end.toString("base64") };
}

function call(socketPath: string, path: string, body: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`etcd said ${response.statusCode}: ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}
