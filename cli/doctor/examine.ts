import { type Problem, TestnetError } from "../../errors/problem";
import { missingCredentials, type Machine } from "../../stacks/credentials";
import type { DoctoredAccount, Patient } from "./accounts";
import type { CallerPlace } from "./caller";
import { DOCTORED_CLOUDS } from "./clouds";
import { rightsFor } from "./rights/rights";

/** One thing that was looked at. */
export interface Check {
  /** `credentials`, `rights`, `quotas` or `program`. */
  readonly of: "credentials" | "rights" | "quotas" | "program";
  /** An account such as `aws` or `gcp example-project`, or a program. */
  readonly at: string;
  /** Undefined where nobody could tell. */
  readonly ok: boolean | undefined;
  readonly detail: string;
  /** What is wrong, with its code. */
  readonly problems: readonly Problem[];
}

/** What an examination needs from outside: handed in, so that tests need no cloud. */
export interface Instruments {
  readonly machine: Machine;
  /** Where clouds are asked, where that is not their own address. */
  readonly place?: Omit<CallerPlace, "project">;
  /** Path of a program in PATH. */
  readonly find: (program: string) => string | undefined;
  /** What an environment wants and cannot have; undefined where there is nothing to compare. */
  readonly quotas: (patient: Patient) => Promise<readonly Problem[] | undefined>;
}

/** Rights named in one line. */
const MOST_NAMED = 12;

/** Looks at everything that deploying a stack takes. Changes nothing, and goes on after what is wrong. */
export async function examine(patient: Patient, instruments: Instruments): Promise<Check[]> {
  const accounts = await Promise.all(
    patient.accounts.map((account) => examineAccount(account, patient, instruments)),
  );
  const programs = programChecks(patient, instruments);
  const signedIn = accounts.flat().every(({ of, ok }) => of !== "credentials" || ok === true);
  // Without credentials the clouds would say the same once more.
  const quotas = signedIn ? await quotaChecks(patient, instruments) : [];
  return [...accounts.flat(), ...quotas, ...programs];
}

async function examineAccount(
  { cloud, project }: DoctoredAccount,
  { kind }: Patient,
  { machine, place }: Instruments,
): Promise<Check[]> {
  const at = project === undefined ? cloud : `${cloud} ${project}`;
  const missing = missingCredentials([cloud], machine);
  if (missing.length > 0) return [failed("credentials", at, "none on this machine", missing)];
  const { caller: callerOf, rights } = DOCTORED_CLOUDS[cloud];
  const caller = callerOf({ ...place, project });
  const who = await told("credentials", at, async () => passed("credentials", at, await caller.whoAmI()));
  if (who.ok !== true) return [who];
  const needed = rightsFor(rights, kind);
  const held = await told("rights", at, async () => {
    const answer = await caller.lacking(needed);
    if ("unknown" in answer) return { of: "rights", at, ok: undefined, detail: answer.unknown, problems: [] };
    const { lacking } = answer;
    return lacking.length === 0
      ? passed("rights", at, `all ${needed.length} that deploying takes`)
      : failed("rights", at, `${lacking.length} of ${needed.length} are missing`, [
          lackingProblem(at, lacking),
        ]);
  });
  return [who, held];
}

function lackingProblem(at: string, lacking: readonly string[]): Problem {
  const named = lacking.slice(0, MOST_NAMED).join(", ");
  const more = lacking.length > MOST_NAMED ? ` and ${lacking.length - MOST_NAMED} more` : "";
  return {
    code: "TN2052",
    at,
    message: `these rights are missing, asked for any resource: ${named}${more}`,
    remedy:
      "Have them added. Rights that are given for some resources only count as missing here, and may be enough.",
  };
}

async function quotaChecks(patient: Patient, { quotas }: Instruments): Promise<Check[]> {
  const at = patient.accounts.map(({ cloud }) => cloud).join(" ");
  const check = await told("quotas", at, async () => {
    const problems = await quotas(patient);
    if (problems === undefined) return passed("quotas", at, "nothing to compare");
    return problems.length === 0
      ? passed("quotas", at, "enough for every pool at its `min`")
      : failed("quotas", at, `${problems.length} are too small`, problems);
  });
  return patient.environment === undefined ? [] : [check];
}

function programChecks({ accounts, carriesImages }: Patient, { find }: Instruments): Check[] {
  const clouds = [...new Set(accounts.map(({ cloud }) => cloud))];
  const needed = [
    ...clouds.map((cloud) => ({
      ...DOCTORED_CLOUDS[cloud].tokenProgram,
      why: `it lets kubectl, Helm and the engine into clusters of ${cloud}`,
    })),
    ...(carriesImages
      ? [
          {
            name: "docker",
            install: "install Docker",
            why: "it carries images into the registries of the clouds",
          },
        ]
      : []),
  ];
  return needed.map(({ name, install, why }) => {
    const file = find(name);
    if (file !== undefined) return passed("program", name, file);
    const problem: Problem = {
      ...{ code: "TN4020", at: name, message: `${name} is not in PATH: ${why}` },
      remedy: `To get it, ${install}.`,
    };
    return failed("program", name, "not in PATH", [problem]);
  });
}

/** What a cloud refuses is told as a check, so that the others are looked at, too. */
async function told(of: Check["of"], at: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof TestnetError)) throw error;
    return failed(of, at, "could not be asked", error.problems);
  }
}

function passed(of: Check["of"], at: string, detail: string): Check {
  return { of, at, ok: true, detail, problems: [] };
}

function failed(of: Check["of"], at: string, detail: string, problems: readonly Problem[]): Check {
  return { of, at, ok: false, detail, problems };
}
