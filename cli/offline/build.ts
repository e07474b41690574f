import { execFile } from "node:child_process";
import * as path from "node:path";
import { TestnetError } from "../../errors/problem";
import type { OfflineJob, OfflineResult } from "./program";

const LONGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * Builds an environment without an engine and checks its Kubernetes objects against the schema of the clusters' version.
 * @returns the number of resources by package
 * @throws TestnetError TN2007 with everything the clusters would refuse
 */
export async function buildOffline(job: OfflineJob): Promise<OfflineResult["resources"]> {
  const { resources, problems } = await runProgram(job);
  if (problems.length > 0) throw new TestnetError(problems);
  return resources;
}

function runProgram(job: OfflineJob): Promise<OfflineResult> {
  const program = path.join(__dirname, "program.ts");
  const args = ["--require", require.resolve("tsx/cjs"), program, JSON.stringify(job)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: LONGEST_OUTPUT }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as OfflineResult);
      else reject(new Error(`the program could not be built: ${stderr.trim() || error.message}`));
    });
  });
}
