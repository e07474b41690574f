import assert from "node:assert/strict";
import { cloudsOf, missingCredentials } from "../../../stacks/credentials";
import { shippedEnvironment } from "../../components/stacks";

describe("credentials", () => {
  const prod = shippedEnvironment("prod");
  const missing = (env: Record<string, string>, files: readonly string[] = []) =>
    missingCredentials(cloudsOf(prod), { env, home: "/home/ann", exists: (file) => files.includes(file) });
  const clouds = (...args: Parameters<typeof missing>) => missing(...args).map(({ at }) => at);

  it("that are missing are told for each cloud, with the variable and the command", () => {
    const problems = missing({});
    assert.deepEqual(
      problems.map(({ code, at }) => [code, at]),
      [
        ["TN2006", "aws"],
        ["TN2006", "gcp"],
      ],
    );
    assert.match(problems[0]?.remedy ?? "", /`aws configure sso`.*AWS_PROFILE/);
    assert.match(
      problems[1]?.remedy ?? "",
      /`gcloud auth application-default login`.*GOOGLE_APPLICATION_CREDENTIALS/,
    );
  });

  it("are found in variables and in the files of the clouds' own tools", () => {
    assert.deepEqual(clouds({ AWS_PROFILE: "x" }), ["gcp"]);
    assert.deepEqual(clouds({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }), ["gcp"]);
    assert.deepEqual(clouds({}, ["/home/ann/.aws/credentials"]), ["gcp"]);
    assert.deepEqual(clouds({ GOOGLE_CREDENTIALS: "{}" }), ["aws"]);
    assert.deepEqual(clouds({}, ["/home/ann/.config/gcloud/application_default_credentials.json"]), ["aws"]);
    assert.deepEqual(clouds({ AWS_PROFILE: "x", GOOGLE_APPLICATION_CREDENTIALS: "/key" }, ["/key"]), []);
  });

  it("half given are missing", () => {
    assert.deepEqual(clouds({ AWS_ACCESS_KEY_ID: "a" }), ["aws", "gcp"]);
    assert.deepEqual(clouds({ AWS_PROFILE: "" }), ["aws", "gcp"]);
  });

  it("a variable that names no file is told", () => {
    const [, gcp] = missing({ GOOGLE_APPLICATION_CREDENTIALS: "/nowhere" });
    assert.match(gcp?.message ?? "", /GOOGLE_APPLICATION_CREDENTIALS names \/nowhere, which is not there/);
  });

  it("of a cloud the environment does not use are not asked for", () => {
    const dev = shippedEnvironment("dev");
    const problems = missingCredentials(cloudsOf(dev), { env: {}, home: "/", exists: () => false });
    assert.deepEqual(
      problems.map(({ at }) => at),
      ["aws"],
    );
  });
});
