import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { startClouds, type RunningClouds } from "../../../simulator/cloud/client";
import { type EngineJob, openStack } from "../../../simulator/rehearsal/engine";
import { program } from "../../../stacks/program";
import { resolveProgram } from "../../../tools/resolve";
import { errorsByUrn } from "../../support/engine-errors";
import { temporaryDirectory } from "../../support/temporary";

const ROOT = path.join(__dirname, "..", "..", "..");

/** A chain of creations is as long as the path to the last Helm release: each round mends one link of all chains. */
const MOST_ROUNDS = 40;

describe("the environment `prod`, every create of which fails once", function () {
  this.timeout(900_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let clouds: RunningClouds;
  let stack: Stack;
  const errors: EngineEvent[] = [];

  before(async () => {
    temporary = temporaryDirectory();
    const directory = temporary.path;
    clouds = await startClouds({
      directory,
      clusters: "light",
      scale: null,
      lingerMs: 5,
      quotas: { "*": 1e6 },
    });
    const file = fs.readFileSync(path.join(ROOT, "Pulumi.prod.yaml"), "utf8");
    const { config } = parse(file) as { config: Record<string, Record<string, unknown>> };
    // A guarded environment is not destroyed in one step; that is another test's affair.
    const environment = { ...config["testnet:environment"], protect: false };
    const pulumi = await resolveProgram("pulumi");
    const job: EngineJob = {
      stack: "prod",
      project: { name: "testnet", runtime: "nodejs" },
      config: { ...config, "testnet:environment": environment },
      program: async () => ({
        ...(await program({ home: path.join(directory, "none"), directory: ROOT })),
      }),
      directory,
      programs: { pulumi: pulumi.path, helm: "helm" },
      charts: undefined,
    };
    stack = await openStack(job);
  });
  after(async () => {
    await clouds.stop();
    temporary.dispose();
  });

  const fails = async () => {
    try {
      // What does not depend on a failure goes on, so that each round fails as much as it can.
      await stack.up({ parallel: 64, continueOnError: true, onEvent: (event) => void errors.push(event) });
      return false;
    } catch {
      return true;
    }
  };

  it("converges when up is repeated, names each resource with the cloud's words, and leaves nothing", async () => {
    await clouds.client.ask("arm", { faults: [{ operation: "create", firstTries: true }] });
    let rounds = 0;
    while (rounds < MOST_ROUNDS && (await fails())) rounds += 1;
    assert.ok(rounds > 5 && rounds < MOST_ROUNDS, `${rounds} rounds`);

    const operations = await clouds.client.ask("operations");
    const failed = operations.filter(({ result }) => result === "failed");
    const made = operations.filter(({ operation, result }) => operation === "create" && result === "ok");
    const neverFailed = made.filter(({ urn }) => !failed.some((one) => one.urn === urn));
    assert.deepEqual(
      neverFailed.map(({ urn }) => urn),
      [],
    );
    const told = errorsByUrn(errors);
    const untold = failed.filter(({ urn }) => !(told.get(urn) ?? "").includes("(simulated)"));
    assert.deepEqual(
      untold.map(({ urn }) => urn),
      [],
    );

    await stack.destroy({ parallel: 64 });
    assert.deepEqual(await clouds.client.ask("resources"), []);
  });
});
