import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** Calls of STS and IAM (the Query protocol) and of Google, as far as the doctor makes them. */
export class FakeClouds {
  /** Names of the calls, with how many rights were asked for. */
  readonly calls: string[] = [];
  /** Rights that the caller lacks. */
  lacking: readonly string[] = [];
  arn = "arn:aws:sts::123456789012:assumed-role/deployer/ci";
  /** Calls that are refused. */
  refused: readonly string[] = [];
  /** Results of one page. */
  pageSize = 1000;
  private readonly server = http.createServer((request, response) => this.take(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: http.IncomingMessage, response: http.ServerResponse): void {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const path = request.url ?? "/";
      const [status, type, text] = path === "/" ? this.aws(body) : this.gcp(path, body, request.headers);
      response.writeHead(status, { "content-type": type }).end(text);
    });
  }

  private aws(body: string): [number, string, string] {
    const fields = new URLSearchParams(body);
    const action = fields.get("Action") ?? "";
    const actions = [...fields].filter(([name]) => name.startsWith("ActionNames.")).map(([, value]) => value);
    this.calls.push(actions.length > 0 ? `${action} ${actions.length}` : action);
    if (this.refused.includes(action)) {
      const words = `not authorized to perform ${action}`;
      return xml(
        403,
        `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${words}</Message></Error></ErrorResponse>`,
      );
    }
    switch (action) {
      case "GetCallerIdentity":
        return answer(action, `<Arn>${this.arn}</Arn><Account>123456789012</Account>`);
      case "GetRole":
        return answer(
          action,
          `<Role><Arn>arn:aws:iam::123456789012:role/ci/deployer</Arn><RoleName>deployer</RoleName></Role>`,
        );
      case "SimulatePrincipalPolicy":
        return this.simulate(actions, Number(fields.get("Marker") ?? 0), fields.get("PolicySourceArn") ?? "");
      default:
        return xml(400, `<ErrorResponse><Error><Code>InvalidAction</Code></Error></ErrorResponse>`);
    }
  }

  /** Who was asked about. */
  principal = "";

  private simulate(actions: readonly string[], from: number, principal: string): [number, string, string] {
    this.principal = principal;
    const page = actions.slice(from, from + this.pageSize);
    const left = from + page.length < actions.length;
    const results = page.map((name) => {
      const decision = this.lacking.includes(name) ? "implicitDeny" : "allowed";
      return `<member><EvalActionName>${name}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
    });
    const marker = left ? `<Marker>${from + page.length}</Marker>` : "";
    return answer(
      "SimulatePrincipalPolicy",
      `<IsTruncated>${left}</IsTruncated>${marker}<EvaluationResults>${results.join("")}</EvaluationResults>`,
    );
  }

  private gcp(
    path: string,
    body: string,
    { authorization }: http.IncomingHttpHeaders,
  ): [number, string, string] {
    const json = (status: number, content: object): [number, string, string] => [
      status,
      "application/json",
      JSON.stringify(content),
    ];
    if (path === "/tokeninfo") {
      this.calls.push("tokeninfo");
      return new URLSearchParams(body).get("access_token") === authorization?.replace("Bearer ", "")
        ? json(200, { email: "deployer@example-project.iam.gserviceaccount.com" })
        : json(400, { error: "invalid_token" });
    }
    const { permissions } = JSON.parse(body) as { permissions: string[] };
    this.calls.push(`${path} ${permissions.length}`);
    if (this.refused.includes("testIamPermissions")) {
      return json(403, { error: { code: 403, message: "The caller does not have permission" } });
    }
    return json(200, { permissions: permissions.filter((name) => !this.lacking.includes(name)) });
  }
}

function xml(status: number, text: string): [number, string, string] {
  return [status, "text/xml", text];
}

function answer(action: string, result: string): [number, string, string] {
  return xml(200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
}
