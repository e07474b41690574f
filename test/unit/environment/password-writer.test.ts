import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { awsPasswordWriter } from "../../../components/aws/secrets";
import type { PasswordWriter, SecretPlace } from "../../../components/contracts";
import { gcpPasswordWriter } from "../../../components/gcp/secrets";
import { temporaryDirectory } from "../../support/temporary";

/** The script of the Job, run by a real shell against a stand-in of the cloud's tool that keeps what it is given. */

const SECRET: SecretPlace = {
  name: "prod-admin",
  id: pulumi.output("arn:aws:secretsmanager:x:secret:prod-admin"),
};

/** Writes its words to `calls`; knows a value once one was put. */
const TOOL = `#!/bin/sh
echo "$*" >> "$STORE/calls"
case "$*" in
  *describe-secret*) if [ -f "$STORE/value" ]; then echo 1; else echo 0; fi ;;
  *"versions list"*) if [ -f "$STORE/value" ]; then echo 1; fi ;;
  *put-secret-value*|*"versions add"*)
    for word in "$@"; do
      case "$word" in file://*) cp "\${word#file://}" "$STORE/value" ;; --data-file=*) cp "\${word#--data-file=}" "$STORE/value" ;; esac
    done
    ls -l "$HOME/password" > "$STORE/mode"
    echo '{"ARN":"shown to nobody"}' ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

const WRITERS: Readonly<Record<string, PasswordWriter>> = {
  aws: awsPasswordWriter("us-east-1", SECRET),
  gcloud: gcpPasswordWriter("some-project", SECRET),
};

for (const [tool, writer] of Object.entries(WRITERS)) {
  describe(`the Job that makes a password, with ${tool}`, function () {
    this.timeout(20_000);
    const directory = temporaryDirectory();
    after(() => directory.dispose());
    const at = (...parts: string[]) => path.join(directory.path, ...parts);
    before(() => {
      for (const name of ["bin", "store", "home"]) fs.mkdirSync(at(name));
      fs.writeFileSync(at("bin", tool), TOOL, { mode: 0o755 });
    });

    /** What the container would print. */
    function run(): string {
      const env = {
        PATH: `${at("bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
        STORE: at("store"),
        HOME: at("home"),
        SECRET_ID: "prod-admin",
      };
      return execFileSync("/bin/sh", ["-c", writer.script], { env, encoding: "utf8" });
    }
    const read = (name: string) => fs.readFileSync(at("store", name), "utf8");

    it("writes 24 random bytes as one word that needs no quoting", () => {
      run();
      assert.match(read("value"), /^[A-Za-z0-9_-]{32}$/);
    });

    it("keeps it from every reader, argument and log", () => {
      assert.match(read("mode"), /^-rw-------/);
      const printed = run();
      assert.ok(!printed.includes(read("value")));
      assert.ok(!read("calls").includes(read("value")));
      assert.doesNotMatch(printed, /shown to nobody/);
    });

    it("leaves a secret that has a value as it is", () => {
      const value = read("value");
      assert.match(run(), /there already/);
      assert.equal(read("value"), value);
      assert.equal(read("calls").match(/put-secret-value|versions add/g)?.length, 1);
    });

    it("fails where the tool fails, so that the Job tries again", () => {
      fs.writeFileSync(at("bin", tool), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      assert.throws(() => run());
    });
  });
}
