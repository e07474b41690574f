import type * as http from "node:http";

interface Call {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Secrets Manager as far as its wire protocol (JSON 1.1) goes for the calls we make. */
export class FakeAws {
  /** Versions of each secret, oldest first. */
  readonly secrets = new Map<string, string[]>();
  readonly calls: Call[] = [];
  private failures: { type: string; message: string }[] = [];

  constructor(private readonly options: { readonly pageSize?: number } = {}) {}

  failNext(type: string, message: string, times: number): void {
    this.failures = Array.from({ length: times }, () => ({ type, message }));
  }

  readonly handle: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const target = String(request.headers["x-amz-target"]);
      const action = target.replace(/^secretsmanager\./, "");
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Call["body"];
      this.calls.push({ action, body });
      const failure = this.failures.shift();
      const signed = request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") === true;
      const [status, answer] =
        failure !== undefined
          ? this.error(failure.type, failure.message)
          : signed
            ? this.answer(action, body)
            : this.error("UnrecognizedClientException", "the request is not signed");
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer));
    });
  };

  private answer(action: string, body: Call["body"]): [number, unknown] {
    const id = String(body["SecretId"] ?? body["Name"]);
    const versions = this.secrets.get(id);
    const missing = this.error(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    );
    switch (action) {
      case "CreateSecret":
        if (versions !== undefined) {
          return this.error(
            "ResourceExistsException",
            `The operation failed because the secret ${id} already exists.`,
          );
        }
        this.secrets.set(id, [String(body["SecretString"])]);
        return [200, { Name: id }];
      case "PutSecretValue":
        if (versions === undefined) return missing;
        versions.push(String(body["SecretString"]));
        return [200, { Name: id }];
      case "GetSecretValue":
        return versions === undefined ? missing : [200, { Name: id, SecretString: versions.at(-1) }];
      case "DeleteSecret":
        if (versions === undefined && body["ForceDeleteWithoutRecovery"] !== true) return missing;
        this.secrets.delete(id);
        return [200, { Name: id }];
      case "ListSecrets":
        return this.list(body);
      default:
        return this.error("InvalidAction", action);
    }
  }

  /** The filter matches words anywhere in the name, as the cloud's does. */
  private list(body: Call["body"]): [number, unknown] {
    const [filter] = body["Filters"] as { Key: string; Values: string[] }[];
    const words = filter!.Values[0]!.split("/").filter((word) => word !== "");
    const found = [...this.secrets.keys()].filter((name) => words.every((word) => name.includes(word)));
    const from = Number(body["NextToken"] ?? 0);
    const to = from + (this.options.pageSize ?? 100);
    return [
      200,
      {
        SecretList: found.slice(from, to).map((Name) => ({ Name })),
        ...(to < found.length && { NextToken: String(to) }),
      },
    ];
  }

  private error(type: string, message: string): [number, unknown] {
    return [400, { __type: type, message, Message: message }];
  }
}
