import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Patient, patientOf } from "../../../cli/doctor/accounts";
import { AwsCaller } from "../../../cli/doctor/aws-caller";
import { DOCTORED_CLOUDS } from "../../../cli/doctor/clouds";
import { type Check, type Instruments, examine } from "../../../cli/doctor/examine";
import { GcpCaller } from "../../../cli/doctor/gcp-caller";
import { rightsFor } from "../../../cli/doctor/rights/rights";
import { checksText } from "../../../cli/doctor/text";
import type { CloudName } from "../../../components/contracts";
import type { TestnetError } from "../../../errors/problem";
import { runMain } from "../../support/cli";
import { FakeClouds } from "./fake-clouds";

const PROJECT = path.resolve(__dirname, "../../..");
const CLOUDS = Object.keys(DOCTORED_CLOUDS) as CloudName[];
const VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"];

/** Types of resources that a shipped stack registers, as the goldens tell. */
function registered(stack: string): string[] {
  const golden = fs.readFileSync(path.join(PROJECT, "test/components/golden", `${stack}.txt`), "utf8");
  return [...new Set(golden.match(/\b(?:aws|gcp):[a-z0-9]+\/\w+:\w+/g) ?? [])].sort();
}

describe("the rights that deploying takes", () => {
  for (const [kind, stacks] of [
    ["environment", ["dev", "prod"]],
    ["network", ["dev-ethereum", "prod-testnet"]],
  ] as const) {
    it(`of ${kind}s are told for every type that the shipped ones register, and for no other`, () => {
      const types = [...new Set(stacks.flatMap(registered))].sort();
      const known = CLOUDS.flatMap((cloud) => [...DOCTORED_CLOUDS[cloud].rights.types[kind]]);
      assert.deepEqual([...known].sort(), types);
    });
  }

  for (const cloud of CLOUDS) {
    it(`of ${cloud} are names as the cloud writes them, and each type has some to make, read and remove it`, () => {
      const { byType, lookUps, types } = DOCTORED_CLOUDS[cloud].rights;
      assert.deepEqual(
        Object.keys(byType).sort(),
        [...new Set([...types.environment, ...types.network])].sort(),
      );
      const names = [...Object.values(byType).flat(), ...lookUps.environment, ...lookUps.network];
      for (const name of names) assert.match(name, /^[a-z0-9]+(:[A-Z]\w+|(\.[a-zA-Z]+){2})$/);
      for (const [type, rights] of Object.entries(byType)) {
        assert.ok(rights.length >= 2, type);
        assert.equal(new Set(rights).size, rights.length, `${type} names a right twice`);
        assert.ok(
          rights.some((name) => /get|list|describe/i.test(name)),
          type,
        );
      }
    });
  }

  it("are fewer for a network than for an environment", () => {
    for (const cloud of CLOUDS) {
      const { rights } = DOCTORED_CLOUDS[cloud];
      assert.ok(rightsFor(rights, "network").length < rightsFor(rights, "environment").length);
    }
  });
});

describe("a caller", function () {
  this.timeout(30_000);
  const before_ = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
  let clouds: FakeClouds;
  let endpoint = "";
  const token = () => Promise.resolve(randomToken);
  const randomToken = randomBytes(16).toString("hex");

  beforeEach(async () => {
    VARIABLES.forEach((name) => Reflect.deleteProperty(process.env, name));
    process.env["AWS_ACCESS_KEY_ID"] = randomBytes(10).toString("hex");
    process.env["AWS_SECRET_ACCESS_KEY"] = randomBytes(20).toString("hex");
    clouds = new FakeClouds();
    endpoint = await clouds.start();
  });
  afterEach(async () => {
    await clouds.stop();
    for (const [name, value] of Object.entries(before_)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  const aws = () => new AwsCaller({ project: undefined, endpoint });
  const gcp = () => new GcpCaller({ project: "example-project", endpoint, token });

  it("of AWS is asked about by the role behind its session, path and all, in calls of 100, over pages", async () => {
    const rights = rightsFor(DOCTORED_CLOUDS.aws.rights, "environment");
    clouds.lacking = ["eks:CreateCluster", "iam:PassRole"];
    clouds.pageSize = 30;
    assert.deepEqual(await aws().lacking(rights), { lacking: ["eks:CreateCluster", "iam:PassRole"] });
    assert.equal(clouds.principal, "arn:aws:iam::123456789012:role/ci/deployer");
    const asked = clouds.calls.filter((call) => call.startsWith("Simulate"));
    assert.ok(asked.length >= rights.length / 30 && asked.every((call) => Number(call.split(" ")[1]) <= 100));
  });

  it("of AWS that may not read its own role is asked about by the role's name", async () => {
    clouds.refused = ["GetRole"];
    assert.deepEqual(await aws().lacking(["eks:CreateCluster"]), { lacking: [] });
    assert.equal(clouds.principal, "arn:aws:iam::123456789012:role/deployer");
  });

  it("of AWS that is root has every right; that may not ask, or cannot be asked about, is not judged", async () => {
    clouds.arn = "arn:aws:iam::123456789012:root";
    clouds.lacking = ["eks:CreateCluster"];
    assert.deepEqual(await aws().lacking(["eks:CreateCluster"]), { lacking: [] });
    clouds.arn = "arn:aws:sts::123456789012:federated-user/someone";
    assert.match(JSON.stringify(await aws().lacking(["eks:CreateCluster"])), /cannot simulate the rights of/);
    clouds.arn = "arn:aws:iam::123456789012:user/someone";
    clouds.refused = ["SimulatePrincipalPolicy"];
    assert.match(
      JSON.stringify(await aws().lacking(["eks:CreateCluster"])),
      /iam:SimulatePrincipalPolicy, which/,
    );
  });

  it("of GCP is asked about by the project, in calls of 100", async () => {
    assert.equal(await gcp().whoAmI(), "deployer@example-project.iam.gserviceaccount.com");
    const rights = Array.from({ length: 150 }, (_, index) => `compute.things.do${index}`);
    clouds.lacking = ["compute.things.do3", "compute.things.do120"];
    assert.deepEqual(await gcp().lacking(rights), { lacking: clouds.lacking });
    const path_ = "/v3/projects/example-project:testIamPermissions";
    assert.deepEqual(clouds.calls.slice(-2), [`${path_} 100`, `${path_} 50`]);
  });

  it("whose credentials do not work, or whose cloud is silent, is told as TN2053 and never with a token", async () => {
    clouds.refused = ["GetCallerIdentity", "testIamPermissions"];
    const wrong = new GcpCaller({ project: "p", endpoint, token: () => Promise.resolve("a b") });
    await clouds.stop();
    const failures = [aws().whoAmI(), gcp().lacking(["a.b.c"]), wrong.whoAmI()];
    for (const failure of await Promise.allSettled(failures)) {
      assert.equal(failure.status, "rejected");
      const error = failure.reason as TestnetError;
      assert.equal(error.problems[0]?.code, "TN2053");
      assert.ok(!error.message.includes(randomToken));
    }
  });

  describe("of a stack", () => {
    const patient: Patient = {
      kind: "environment",
      accounts: [
        { cloud: "aws", project: undefined },
        { cloud: "gcp", project: "example-project" },
      ],
      environment: patientOf(PROJECT, "prod")?.environment,
      carriesImages: true,
    };
    const tooSmall = { code: "TN2010" as const, at: "aws us-east-1", message: "the quota is too small" };

    const look = (change: Partial<Instruments> = {}): Promise<Check[]> =>
      examine(patient, {
        machine: {
          env: { AWS_PROFILE: "x", GOOGLE_APPLICATION_CREDENTIALS: "/k.json" },
          home: "/h",
          exists: () => true,
        },
        place: { endpoint, token },
        find: (program) => `/usr/bin/${program}`,
        quotas: () => Promise.resolve([]),
        ...change,
      });
    const summary = (checks: readonly Check[]) => checks.map(({ of, at, ok }) => `${of} ${at} ${ok}`);

    it("that has all it takes is told so", async () => {
      const checks = await look();
      assert.deepEqual(summary(checks), [
        "credentials aws true",
        "rights aws true",
        "credentials gcp example-project true",
        "rights gcp example-project true",
        "quotas aws gcp true",
        "program aws true",
        "program gke-gcloud-auth-plugin true",
        "program docker true",
      ]);
      assert.match(
        checksText(checks),
        /✓ +credentials +aws +arn:aws:sts::123456789012:assumed-role\/deployer\/ci/,
      );
    });

    it("hears of everything that is wrong at once: rights, quotas and programs, each with its code", async () => {
      clouds.lacking = ["eks:CreateCluster", "container.clusters.create"];
      const checks = await look({
        quotas: () => Promise.resolve([tooSmall]),
        find: (program) => (program === "docker" ? undefined : "/usr/bin/x"),
      });
      const problems = checks.flatMap((check) => check.problems);
      assert.deepEqual(
        problems.map(({ code, at }) => `${code} ${at}`),
        ["TN2052 aws", "TN2052 gcp example-project", "TN2010 aws us-east-1", "TN4020 docker"],
      );
      assert.match(problems[0]?.message ?? "", /any resource: eks:CreateCluster$/);
      assert.match(checksText(checks), /TN4020 docker: docker is not in PATH: it carries images/);
    });

    it("without credentials asks no cloud about the rest, and still looks for programs", async () => {
      const machine = { env: {}, home: "/h", exists: () => false };
      const checks = await look({ machine, quotas: () => assert.fail("asked without credentials") });
      assert.deepEqual(summary(checks).slice(0, 2), [
        "credentials aws false",
        "credentials gcp example-project false",
      ]);
      assert.deepEqual(clouds.calls, []);
      assert.ok(checks.some(({ of }) => of === "program"));
    });

    it("goes on where one cloud refuses", async () => {
      clouds.refused = ["GetCallerIdentity"];
      const checks = await look();
      assert.deepEqual(summary(checks).slice(0, 3), [
        "credentials aws false",
        "credentials gcp example-project true",
        "rights gcp example-project true",
      ]);
    });
  });
});

describe("what the doctor looks at", () => {
  it("is each account once, with the zone's, and a network's by its environment", () => {
    assert.deepEqual(patientOf(PROJECT, "prod")?.accounts, [
      { cloud: "aws", project: undefined },
      { cloud: "gcp", project: "example-testnets" },
    ]);
    assert.deepEqual(
      [patientOf(PROJECT, "prod-testnet")?.kind, patientOf(PROJECT, "prod-testnet")?.accounts.length],
      ["network", 2],
    );
    assert.equal(patientOf(PROJECT, "local"), undefined);
  });

  it("is the tools alone without a stack, and for a network of this machine", async () => {
    for (const words of [["doctor"], ["doctor", "local"]]) {
      const { status, stdout } = await runMain(...words);
      assert.equal(status, 0);
      assert.match(stdout, /PROGRAM/);
      assert.doesNotMatch(stdout, /CHECK/);
    }
  });

  it("of a stack whose file is broken is that first", async () => {
    const { status, stderr, stdout } = await runMain("doctor", "no-such-stack");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /TN1001/);
  });
});
