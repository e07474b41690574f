import { type handleUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as path from "node:path";
import { areEqual, differences, isWithin, topLevel, type Difference } from "./difference";
import type { EngineLog } from "./engine-log";
import { PartialFailure, UNKNOWN, type CheckFailure, type Operation, type ResourceHandler } from "./handler";
import { fromStruct, toServiceError, toStruct } from "./wire";

type Properties = Record<string, unknown>;

/** By type token, e.g. `testnet-local:index:Process`. */
export type Handlers = Readonly<Record<string, ResourceHandler>>;

/**
 * Pulumi's provider protocol for a set of resource handlers: everything that is the same for all types. One server
 * serves one provider resource: the engine starts a process for each.
 */
export class ProviderServer {
  private home: string | undefined;
  private readonly running = new Map<AbortController, Promise<unknown>>();

  constructor(
    private readonly handlers: Handlers,
    private readonly log: EngineLog,
  ) {}

  /** The methods of the gRPC service; those not named answer "unimplemented". */
  get service(): UntypedServiceImplementation {
    return {
      handshake: unary((request: provider.ProviderHandshakeRequest) => this.handshake(request)),
      attach: unary(() => new Empty()),
      getPluginInfo: unary(() => new PluginInfo().setVersion("0.1.0")),
      checkConfig: unary((request: provider.CheckRequest) => checkConfig(request)),
      diffConfig: unary((request: provider.DiffRequest) => diffConfig(request)),
      configure: unary((request: provider.ConfigureRequest) => this.configure(request)),
      check: unary((request: provider.CheckRequest) => this.check(request)),
      diff: unary((request: provider.DiffRequest) => this.diff(request)),
      create: unary((request: provider.CreateRequest) => this.create(request)),
      read: unary((request: provider.ReadRequest) => this.read(request)),
      update: unary((request: provider.UpdateRequest) => this.update(request)),
      delete: unary((request: provider.DeleteRequest) => this.delete(request)),
      cancel: unary(() => {
        this.cancel();
        return new Empty();
      }),
    };
  }

  /**
   * Aborts what runs now. Later calls are served again: in attach mode the engine cancels at the end of every run and
   * stays for the next one.
   */
  cancel(): void {
    for (const controller of this.running.keys()) controller.abort();
  }

  /** Resolves when no call is being worked on. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }

  private handshake(request: provider.ProviderHandshakeRequest): provider.ProviderHandshakeResponse {
    this.log.connect(request.getEngineAddress());
    // Accepting nothing special: the engine then sends plain values and marks secrets again by itself.
    return new provider.ProviderHandshakeResponse();
  }

  private configure(request: provider.ConfigureRequest): provider.ConfigureResponse {
    const { home } = fromStruct(request.getArgs()) as Properties;
    const failure = checkHome(home);
    if (failure !== undefined) throw new Error(failure.reason);
    this.home = home as string;
    return new provider.ConfigureResponse().setSupportspreview(true);
  }

  private check(request: provider.CheckRequest): provider.CheckResponse {
    const handler = this.handlerOf(request.getUrn());
    const inputs = fromStruct(request.getNews());
    const old = fromStruct(request.getOlds());
    const hasOld = Object.keys(old).length > 0;
    const failures = handler.check?.(inputs, hasOld ? old : undefined, this.configuredHome()) ?? [];
    return new provider.CheckResponse()
      .setInputs(toStruct(inputs))
      .setFailuresList(failures.map(toCheckFailure));
  }

  private diff(request: provider.DiffRequest): provider.DiffResponse {
    const handler = this.handlerOf(request.getUrn());
    const compared = (inputs: object) => handler.compared?.(inputs) ?? inputs;
    const ignored = request.getIgnorechangesList();
    const found = differences(
      compared(fromStruct(request.getOldInputs())),
      compared(fromStruct(request.getNews())),
    ).filter(({ path }) => !ignored.some((above) => isWithin(path, above)));
    return toDiffResponse(found, new Set<string>(handler.replacedBy));
  }

  private async create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    if (request.getPreview()) {
      const unknown = Object.fromEntries(Object.keys(handler.computed).map((name) => [name, UNKNOWN]));
      return new provider.CreateResponse().setProperties(toStruct({ ...inputs, ...unknown }));
    }
    const made = await this.operate(request.getUrn(), (operation) =>
      withInputs(inputs, () => handler.create(inputs, operation)),
    );
    return new provider.CreateResponse()
      .setId(made.id)
      .setProperties(toStruct({ ...inputs, ...made.outputs }))
      .setRefreshBeforeUpdate(true);
  }

  private async read(request: provider.ReadRequest): Promise<provider.ReadResponse> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = fromStruct(request.getInputs());
    // Without inputs it is an import, of which there is nothing to know: an empty answer says "does not exist".
    if (Object.keys(inputs).length === 0) return new provider.ReadResponse();
    const found = await this.operate(request.getUrn(), (operation) => handler.read(inputs, operation));
    if (found === undefined) return new provider.ReadResponse();
    return (
      new provider.ReadResponse()
        .setId(request.getId())
        .setInputs(toStruct(inputs))
        .setProperties(toStruct({ ...inputs, ...found }))
        // The engine looks before every update, so that a plain `up` mends what has died.
        .setRefreshBeforeUpdate(true)
    );
  }

  private async update(request: provider.UpdateRequest): Promise<provider.UpdateResponse> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = fromStruct(request.getNews());
    const old = fromStruct(request.getOldInputs());
    const outputs = fromStruct(request.getOlds());
    if (request.getPreview()) {
      const changes = !areEqual(old, inputs);
      const computed = Object.entries(handler.computed).map(([name, kind]) => [
        name,
        kind === "volatile" && changes ? UNKNOWN : (outputs as Properties)[name],
      ]);
      const properties = { ...inputs, ...(Object.fromEntries(computed) as object) };
      return new provider.UpdateResponse().setProperties(toStruct(properties));
    }
    const change = { id: request.getId(), old, inputs, outputs };
    const updated = await this.operate(request.getUrn(), (operation) =>
      withInputs(inputs, () => handler.update(change, operation)),
    );
    return new provider.UpdateResponse()
      .setProperties(toStruct({ ...inputs, ...updated }))
      .setRefreshBeforeUpdate(true);
  }

  private async delete(request: provider.DeleteRequest): Promise<Empty> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = fromStruct(request.getOldInputs() ?? request.getProperties());
    await this.operate(request.getUrn(), (operation) => handler.delete(inputs, operation));
    return new Empty();
  }

  private async operate<T>(urn: string, work: (operation: Operation) => T | Promise<T>): Promise<T> {
    const controller = new AbortController();
    const log = this.log.of(urn);
    const operation = { home: this.configuredHome(), urn, signal: controller.signal, log };
    const done = Promise.resolve(work(operation));
    this.running.set(controller, done);
    try {
      return await done;
    } finally {
      this.running.delete(controller);
    }
  }

  private handlerOf(urn: string): ResourceHandler {
    // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const handler = this.handlers[type];
    if (handler !== undefined) return handler;
    const known = Object.keys(this.handlers).join(", ");
    throw new Error(`the provider testnet-local has no resource type ${type}; it has ${known}`);
  }

  private configuredHome(): string {
    if (this.home === undefined) {
      throw new Error("the provider testnet-local is used before it was configured");
    }
    return this.home;
  }
}

function unary<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const answer = async () => work(call.request);
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error)),
    );
  };
}

/** What is kept in the state after a partial failure are the inputs, too. */
async function withInputs<T>(inputs: object, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw new PartialFailure(error.id, { ...inputs, ...error.outputs }, error.cause);
  }
}

function checkConfig(request: provider.CheckRequest): provider.CheckResponse {
  const inputs = fromStruct(request.getNews()) as Properties;
  const failure = inputs.home === UNKNOWN ? undefined : checkHome(inputs.home);
  return new provider.CheckResponse()
    .setInputs(toStruct(inputs))
    .setFailuresList(failure === undefined ? [] : [toCheckFailure(failure)]);
}

function checkHome(home: unknown): CheckFailure | undefined {
  if (typeof home === "string" && path.isAbsolute(home)) return undefined;
  return { property: "home", reason: "`home` must be the absolute path of the state directory" };
}

/** A home that was moved holds the same networks at another path: nothing has to be replaced. */
function diffConfig(request: provider.DiffRequest): provider.DiffResponse {
  const old = fromStruct(request.getOldInputs());
  return toDiffResponse(differences(old, fromStruct(request.getNews())), new Set());
}

function toDiffResponse(found: readonly Difference[], replacing: ReadonlySet<string>): provider.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const changed = [...new Set(found.map(({ path }) => topLevel(path)))];
  const response = new provider.DiffResponse()
    .setChanges(found.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(changed)
    .setReplacesList(changed.filter((name) => replacing.has(name)))
    .setHasdetaileddiff(true);
  for (const { path, kind } of found) {
    const replaces = replacing.has(topLevel(path));
    const name =
      `${kind.toUpperCase()}${replaces ? "_REPLACE" : ""}` as keyof typeof provider.PropertyDiff.Kind;
    const detail = new provider.PropertyDiff().setKind(provider.PropertyDiff.Kind[name]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function toCheckFailure({ property, reason }: CheckFailure): provider.CheckFailure {
  return new provider.CheckFailure().setProperty(property ?? "").setReason(reason);
}
