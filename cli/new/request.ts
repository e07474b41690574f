import * as os from "node:os";
import { type Problem, TestnetError } from "../../errors/problem";
import { loadStackConfig, stackFile, stacksIn } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { durationSeconds } from "../expiry/duration";
import type { Question } from "./ask";
import { type NewImages, parseImages } from "./images";
import { ownerLabel } from "./name";
import { type Protocol, PROTOCOLS, type Size, SIZES } from "./sizes";
import * as fs from "node:fs";

/** Options of `testnet new`, as the command line gives them. */
export interface NewOptions {
  readonly name?: string;
  readonly protocol?: string;
  readonly environment?: string;
  readonly kubeconfig?: string;
  readonly context?: string | undefined;
  readonly size?: string;
  readonly expires?: string;
  readonly from?: string;
  readonly owner?: string;
  /** `NAME=REFERENCE` each. */
  readonly image?: readonly string[];
  /** False with --no-keys. */
  readonly keys?: boolean;
}

/** Everything a new network is made of. */
export interface NewNetwork {
  readonly name: string;
  /** Undefined where `from` decides. */
  readonly protocol: Protocol | undefined;
  readonly place: NewPlace;
  readonly size: Size;
  /** Undefined on this machine, where nothing costs. */
  readonly expires: string | undefined;
  readonly from: string | undefined;
  readonly owner: string;
  readonly images: NewImages;
}

/** Where it stands: a name (`local`, or an environment's stack), or a cluster that is there already. */
export type NewPlace = string | { readonly kubeconfig: string; readonly context: string };

/** What a network of one's own lives unless told otherwise: a working day. */
const DEFAULT_EXPIRES = "8 hours";

type Ask = (question: Question) => Promise<string>;

/**
 * Turns options into a request, asking for what is missing.
 * @param ask undefined without a terminal
 * @throws TestnetError TN1006, TN1014, TN1026, TN1054, TN1056
 */
export async function requestOf(
  options: NewOptions,
  directory: string,
  ask: Ask | undefined,
): Promise<NewNetwork> {
  refuseChoices(options);
  const images = parseImages(options.image ?? []);
  const need = (given: string | undefined, question: Question) => answerTo(given, question, ask);
  const { from } = options;
  if (from !== undefined) requireSource(directory, from);
  const name = await need(options.name, { option: "NAME", text: "Name of the network", choices: [] });
  const protocol =
    from === undefined
      ? await need(options.protocol, { option: "--protocol", text: "Protocol", choices: PROTOCOLS })
      : undefined;
  const place = await placeOf(options, directory, need);
  const local = place === "local";
  const { expires = local ? undefined : DEFAULT_EXPIRES } = options;
  if (expires !== undefined && expires !== "never") durationSeconds(expires, "--expires");
  return {
    ...{ name, place, from, expires, images },
    protocol: protocol as Protocol | undefined,
    size: (options.size ?? "small") as Size,
    owner: ownerLabel(options.owner ?? os.userInfo().username),
  };
}

async function placeOf(
  { environment, kubeconfig, context, from }: NewOptions,
  directory: string,
  need: (given: string | undefined, question: Question) => Promise<string>,
): Promise<NewPlace> {
  if (kubeconfig !== undefined) {
    const named = await need(context, {
      option: "--context",
      text: "Context of the kubeconfig",
      choices: [],
    });
    return { kubeconfig, context: named };
  }
  const choices = [...environmentsIn(directory), "local"];
  const given = environment ?? (from === undefined ? undefined : placeOfSource(directory, from));
  const place = await need(given, { option: "--environment", text: "Environment", choices });
  if (choices.includes(place)) return place;
  throw new TestnetError({
    code: "TN1026",
    at: "--environment",
    message: `there is no environment of this name in ${directory}`,
    given: place,
    allowed: choices.join(", "),
    remedy: "Name one of those allowed, or write the environment's stack file first.",
  });
}

/** Stacks of the folder that are environments; files that cannot be read are none. */
export function environmentsIn(directory: string): string[] {
  return stacksIn(directory).filter((stack) => {
    try {
      return kindOf(loadStackConfig(directory, stack)).kind === "environment";
    } catch (error) {
      if (error instanceof TestnetError) return false;
      throw error;
    }
  });
}

/** Where the network stands whose settings are taken; a bare kubeconfig is taken over as it stands. */
function placeOfSource(directory: string, from: string): string | undefined {
  const found = kindOf(loadStackConfig(directory, from));
  if (found.kind === "local network") return "local";
  return found.kind === "cluster network" && typeof found.environment === "string"
    ? found.environment
    : undefined;
}

/** @throws TestnetError TN1013 where there is no network to take settings from */
function requireSource(directory: string, from: string): void {
  if (
    !fs.existsSync(stackFile(directory, from)) ||
    kindOf(loadStackConfig(directory, from)).kind !== "environment"
  ) {
    loadStackConfig(directory, from);
    return;
  }
  throw new TestnetError({
    code: "TN1013",
    at: "--from",
    message: "this stack is an environment: there is no network to take settings from",
    given: from,
    allowed: "the stack of a network",
  });
}

function refuseChoices({ protocol, size, from, environment, kubeconfig, owner }: NewOptions): void {
  const problems: Problem[] = [
    ...notAmong("--protocol", protocol, PROTOCOLS),
    ...notAmong("--size", size, SIZES),
    ...together(["--from", from], ["--protocol", protocol]),
    ...together(["--from", from], ["--size", size]),
    ...together(["--environment", environment], ["--kubeconfig", kubeconfig]),
    ...(owner === undefined || ownerLabel(owner) === owner
      ? []
      : [
          {
            code: "TN1006" as const,
            at: "--owner",
            message: "this cannot be a tag",
            given: owner,
            allowed: LABEL,
          },
        ]),
  ];
  if (problems.length > 0) throw new TestnetError(problems);
}

const LABEL = "lower-case letters, digits and hyphens, 2 to 63, starting with a letter";

function notAmong(at: string, given: string | undefined, choices: readonly string[]): Problem[] {
  if (given === undefined || choices.includes(given)) return [];
  return [{ code: "TN1006", at, message: "no such choice", given, allowed: choices.join(", ") }];
}

function together(
  [one, first]: readonly [string, string | undefined],
  [other, second]: readonly [string, string | undefined],
): Problem[] {
  if (first === undefined || second === undefined) return [];
  return [{ code: "TN1014", at: other, message: `${other} and ${one} exclude each other` }];
}

async function answerTo(
  given: string | undefined,
  question: Question,
  ask: Ask | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  if (ask !== undefined) return ask(question);
  throw new TestnetError({
    code: "TN1054",
    at: question.option,
    message: "this must be told, and there is no terminal to ask on",
    ...(question.choices.length > 0 && { allowed: question.choices.join(", ") }),
    remedy: question.option.startsWith("--")
      ? `Add \`${question.option} …\`.`
      : "Name it: `testnet new NAME --protocol … --environment …`.",
  });
}
