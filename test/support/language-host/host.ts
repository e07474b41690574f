import { spawn } from "node:child_process";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

/**
 * The part of Pulumi's Node language host that `pulumi up` needs, so that tests can go through that door with the real
 * CLI, the real engine and our real index.ts. Like the official one it runs `@pulumi/pulumi/cmd/run` in a Node process
 * with the `nodeargs` of Pulumi.yaml, and compiles nothing with `typescript: false`.
 */

/** The program told the user what is wrong; the engine need not (cmd/run of @pulumi/pulumi). */
const ALREADY_TOLD = 32;

const engineAddress = process.argv.at(-1) ?? "";

interface Options {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
}

function run(
  call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
  answer: grpc.sendUnaryData<language.RunResponse>,
): void {
  const { request } = call;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const options = (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as Options;
  const child = spawn(
    process.execPath,
    [...(options.nodeargs?.split(" ") ?? []), ...argumentsFor(request, directory)],
    {
      cwd: directory,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
      },
    },
  );
  child.once("exit", (status) => {
    const response = new language.RunResponse();
    if (status === ALREADY_TOLD) response.setBail(true);
    else if (status !== 0) response.setError(`Program exited with status ${String(status)}`);
    answer(null, response);
  });
}

function argumentsFor(request: language.RunRequest, directory: string): string[] {
  const runner = path.dirname(require.resolve("@pulumi/pulumi/package.json", { paths: [directory] }));
  return [
    path.join(runner, "cmd", "run"),
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engineAddress}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--root-directory=${request.getInfo()?.getRootDirectory() ?? directory}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() ?? ".",
  ];
}

const server = new grpc.Server();
server.addService(LanguageRuntimeService, {
  getPluginInfo: (_: unknown, answer: grpc.sendUnaryData<PluginInfo>) => {
    const info = new PluginInfo();
    info.setVersion("0.0.0");
    answer(null, info);
  },
  getRequiredPackages: (_: unknown, answer: grpc.sendUnaryData<language.GetRequiredPackagesResponse>) =>
    answer(null, new language.GetRequiredPackagesResponse()),
  getRequiredPlugins: (_: unknown, answer: grpc.sendUnaryData<language.GetRequiredPluginsResponse>) =>
    answer(null, new language.GetRequiredPluginsResponse()),
  run,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
