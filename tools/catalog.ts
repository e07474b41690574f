/**
 * The tools this project pins: which Go module holds each one, which programs it yields, how it is built and which
 * versions from PATH do as well. Adding a tool is a folder under tools/go and one entry here (see README.md).
 */

/** How the version of a program in PATH is learnt. */
export type VersionSource =
  | {
      readonly args: readonly string[];
      /** Its first group is the version, as semver writes it. Must not match other programs of the same name. */
      readonly pattern: RegExp;
      /** Set while asking, e.g. to keep the program off the network. */
      readonly env?: Readonly<Record<string, string>>;
    }
  /** The program cannot tell; it is taken to be of the version of this one, when both lie in one directory. */
  | { readonly beside: string };

/** A program that comes out of a build beside others and has a version of its own. */
export interface OwnVersion {
  /** Go module whose version is pinned in the same go.mod. */
  readonly module: string;
  readonly version: string;
  /** Range of versions from PATH that does as well. */
  readonly fits: string;
}

/** One program of a tool. */
export type Program = VersionSource & {
  /** @default the version of the tool */
  readonly own?: OwnVersion;
};

/** What decides how the programs come out, apart from the module's files. Part of the key of the cache. */
export interface BuildSettings {
  /** Whether C code is compiled in, which needs a C compiler. */
  readonly cgo: boolean;
  readonly tags: readonly string[];
  /** Linker flags, on top of `-s -w`. */
  readonly ldflags: readonly string[];
}

/** One pinned tool: a Go module and the programs that come out of it in one build. */
export interface Tool {
  /** Go module whose version is pinned in tools/go/TOOL/go.mod. */
  readonly module: string;
  /** That version, without `v`, as the programs tell it. A test holds it against go.mod. */
  readonly version: string;
  /** What Go calls that version, where it is another one. @default the version */
  readonly moduleVersion?: string;
  /** What `go install` is given. `tool` means every `tool` line of go.mod. */
  readonly packages: readonly string[];
  readonly build: BuildSettings;
  /** Measured build time in minutes on 2 cores with an empty build cache, modules downloaded. */
  readonly minutes: number;
  /** Range of versions from PATH that does as well as the pinned one. */
  readonly fits: string;
  readonly programs: Readonly<Record<string, Program>>;
}

const PULUMI = "3.259.0";
const GETH = "1.17.8";
const PRYSM = "6.0.4";
const KUBERNETES = "1.36.2";
const ETCD = "3.7.3";
const HELM = "3.22.0";
const KWOK = "0.8.0";
const PROMETHEUS = "3.15.0";
const ACTIONLINT = "1.7.12";

/** Prysm's own releases and our builds stamp the tag; a build without it says `Prysm/Unknown` and fits nothing. */
const PRYSM_VERSION: VersionSource = {
  args: ["--version"],
  pattern: /\bversion Prysm\/v(\d+\.\d+\.\d+(?:-[\w.-]+)?)\//,
};

/** What the programs of Kubernetes answer to `--version`. */
const KUBERNETES_VERSION: VersionSource = {
  args: ["--version"],
  pattern: /^Kubernetes v(\d+\.\d+\.\d+(?:-[\w.-]+)?)/m,
};

/** All tools. The keys are the names of the folders in tools/go. */
export const TOOLS = {
  pulumi: {
    module: "github.com/pulumi/pulumi/pkg/v3",
    version: PULUMI,
    packages: ["tool"],
    build: {
      cgo: false,
      tags: ["osusergo", "grpcnotrace"],
      ldflags: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`],
    },
    minutes: 2.6,
    // The engine keeps its protocol and state format compatible within a major version.
    fits: `>=${PULUMI} <4`,
    programs: {
      pulumi: {
        args: ["version"],
        pattern: /^v(\d+\.\d+\.\d+(?:-[\w.-]+)?)/m,
        env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
      },
    },
  },
  geth: {
    module: "github.com/ethereum/go-ethereum",
    version: GETH,
    packages: ["tool"],
    build: { cgo: true, tags: [], ldflags: [] },
    minutes: 1.9,
    // Exactly one: geth adds and removes flags and changes what a genesis file must hold in patch releases too.
    // Our tables of flags know this one. Another one is used by naming it in TESTNET_TOOL_GETH.
    fits: GETH,
    programs: {
      // `-stable` is a mark of geth's releases, not of a pre-release as semver would read it.
      geth: { args: ["--version"], pattern: /^geth version (\d+\.\d+\.\d+(?:-(?!stable)[\w.-]+)?)/m },
    },
  },
  prysm: {
    module: "github.com/OffchainLabs/prysm/v6",
    version: PRYSM,
    packages: ["tool"],
    build: {
      cgo: true,
      tags: [],
      ldflags: [`-X github.com/OffchainLabs/prysm/v6/runtime/version.gitTag=v${PRYSM}`],
    },
    minutes: 1.3,
    // Exactly one, for the reasons given at geth.
    fits: PRYSM,
    programs: {
      "beacon-chain": PRYSM_VERSION,
      validator: PRYSM_VERSION,
      prysmctl: { beside: "beacon-chain" },
    },
  },
  etcd: {
    module: "go.etcd.io/etcd/server/v3",
    version: ETCD,
    packages: ["."],
    build: { cgo: false, tags: [], ldflags: [] },
    minutes: 0.7,
    fits: ">=3.5 <4",
    programs: { etcd: { args: ["--version"], pattern: /^etcd Version: (\d+\.\d+\.\d+(?:-[\w.-]+)?)/m } },
  },
  // One module for all that is made of the libraries of Kubernetes: they are compiled once.
  kubernetes: {
    module: "k8s.io/kubernetes",
    version: KUBERNETES,
    packages: ["tool"],
    build: {
      cgo: false,
      tags: [],
      // Unstamped, Kubernetes calls itself v0.0.0 and charts refuse it.
      ldflags: [
        `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES}`,
        "-X k8s.io/component-base/version.gitMajor=1",
        "-X k8s.io/component-base/version.gitMinor=36",
        `-X helm.sh/helm/v3/internal/version.version=v${HELM}`,
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=36",
      ],
    },
    minutes: 4.1,
    // A rehearsal answers for this version.
    fits: KUBERNETES,
    programs: {
      "kube-apiserver": KUBERNETES_VERSION,
      "kube-controller-manager": KUBERNETES_VERSION,
      "kube-scheduler": KUBERNETES_VERSION,
      kubectl: {
        args: ["version", "--client"],
        pattern: /^Client Version: v(\d+\.\d+\.\d+(?:-[\w.-]+)?)/m,
        own: { module: "k8s.io/kubernetes", version: KUBERNETES, fits: ">=1.34 <2" },
      },
      kwok: {
        args: ["--version"],
        pattern: /^kwok version v(\d+\.\d+\.\d+(?:-[\w.-]+)?)/m,
        own: { module: "sigs.k8s.io/kwok", version: KWOK, fits: KWOK },
      },
      helm: {
        args: ["version", "--short"],
        pattern: /^v(\d+\.\d+\.\d+(?:-[\w.-]+)?)/m,
        own: { module: "helm.sh/helm/v3", version: HELM, fits: ">=3.17 <4" },
      },
    },
  },
  prometheus: {
    module: "github.com/prometheus/prometheus",
    version: PROMETHEUS,
    // Go would want a path that ends in /v3: as a library Prometheus 3.15.0 is v0.315.0.
    moduleVersion: PROMETHEUS.replace(/^3\.(\d+)\./, "0.3$1."),
    packages: ["tool"],
    build: {
      cgo: false,
      // Rules are checked without the clouds that Prometheus can find its targets in.
      tags: ["remove_all_sd"],
      ldflags: [`-X github.com/prometheus/common/version.Version=${PROMETHEUS}`],
    },
    minutes: 1.4,
    // The long-term release, and what came after it: rules mean the same to all of them.
    fits: ">=3.5 <4",
    programs: {
      promtool: { args: ["--version"], pattern: /^promtool, version (\d+\.\d+\.\d+(?:-[\w.-]+)?)/m },
    },
  },
  actionlint: {
    module: "github.com/rhysd/actionlint",
    version: ACTIONLINT,
    packages: ["tool"],
    build: { cgo: false, tags: [], ldflags: [] },
    minutes: 0.2,
    // Each release knows more of what workflows may say, and refuses nothing that one before it took.
    fits: `>=${ACTIONLINT} <2`,
    programs: {
      actionlint: { args: ["-version"], pattern: /^v?(\d+\.\d+\.\d+(?:-[\w.-]+)?)\r?\ninstalled by/m },
    },
  },
} as const satisfies Record<string, Tool>;

/** Name of a pinned tool, e.g. `geth`. */
export type ToolName = keyof typeof TOOLS;

/** Name of a program that one of the tools yields, e.g. `beacon-chain`. */
export type ProgramName = { [T in ToolName]: keyof (typeof TOOLS)[T]["programs"] }[ToolName];

/** A tool with its name. */
export interface NamedTool extends Tool {
  readonly name: ToolName;
}

/** The tool of that name. */
export function toolNamed(name: ToolName): NamedTool {
  return { name, ...TOOLS[name] };
}

/** All tools, in the order of the table. */
export function allTools(): NamedTool[] {
  return (Object.keys(TOOLS) as ToolName[]).map(toolNamed);
}

/** The programs a tool yields. */
export function programsOf(tool: NamedTool): ProgramName[] {
  return Object.keys(tool.programs) as ProgramName[];
}

/** The version of a program that a tool yields, and which others do as well. */
export function pinOf(tool: NamedTool, program: ProgramName): { version: string; fits: string } {
  return tool.programs[program]?.own ?? tool;
}

/** The tool that yields a program. */
export function toolOf(program: ProgramName): NamedTool {
  const tool = allTools().find((candidate) => Object.hasOwn(candidate.programs, program));
  if (tool === undefined) throw new Error(`no tool yields a program called ${program}`);
  return tool;
}

/** Environment variable that names a binary to use instead, e.g. `TESTNET_TOOL_BEACON_CHAIN`. */
export function overrideVariable(program: ProgramName): string {
  return `TESTNET_TOOL_${program.toUpperCase().replaceAll("-", "_")}`;
}
