/**
 * Every coded error of this project. docs/errors.md is generated from this table (`npm run generate`).
 *
 * TN1xxx configuration and usage, TN2xxx engine and clouds, TN3xxx chain, TN4xxx this machine.
 * A code is never reused or renumbered: people search for them.
 */
export interface ErrorCodeEntry {
  /** A heading for the error page. */
  readonly title: string;
  /** When it appears and why, for the error page. */
  readonly meaning: string;
  /** What to do, where the problem itself names nothing more exact. */
  readonly remedy: string;
  /** 2 where the input or configuration is at fault, 1 otherwise. */
  readonly exit: 1 | 2;
}

function entry(exit: 1 | 2, title: string, meaning: string, remedy: string): ErrorCodeEntry {
  return { title, meaning, remedy, exit };
}

export const ERROR_CODES = {
  TN1001: entry(
    2,
    "Stack file missing",
    "There is no `Pulumi.<stack>.yaml` for the stack that was named.",
    "Name one of the stacks listed, or write the file.",
  ),
  TN1002: entry(
    2,
    "Stack file is not YAML",
    "The stack file cannot be parsed as YAML, or a key stands in it twice.",
    "Mend the line named.",
  ),
  TN1003: entry(
    2,
    "Unknown key",
    "A key of the configuration is not known. Nothing is ignored silently: a misspelt key would otherwise be a setting that does nothing.",
    "Remove the key, or write it as one of those allowed.",
  ),
  TN1004: entry(2, "Required key missing", "A key without a default is not set.", "Add the key."),
  TN1005: entry(
    2,
    "Wrong type",
    "A value is of another type than the key takes, such as a text where a number is wanted.",
    "Write a value of the type allowed.",
  ),
  TN1006: entry(
    2,
    "Value not allowed",
    "A value is of the right type but outside its bounds, format or list of choices.",
    "Write a value that is allowed.",
  ),
  TN1007: entry(
    2,
    "Settings contradict each other",
    "Each value is allowed by itself, together they cannot be met.",
    "Change one of the keys named.",
  ),
  TN1008: entry(
    2,
    "Client version not known",
    "Flags are rendered from a table keyed by client and version, and this version is not in it.",
    "Use one of the versions allowed.",
  ),
  TN1009: entry(
    2,
    "Extra argument clashes",
    "`extraArgs` repeats a flag that is already rendered from the configuration, or one this version of the client does not know.",
    "Remove the argument, or set the option that renders it.",
  ),
  TN1010: entry(
    2,
    "Ports clash",
    "Two daemons of one machine would listen on one port, or the network needs more ports than its range has.",
    "Set `ports.from` to another start, or make the network smaller.",
  ),
  TN1011: entry(
    2,
    "Key used twice",
    "Two daemons share a node key, or their validator ranges overlap; on a real chain that is slashed.",
    "Give each daemon keys of its own.",
  ),
  TN1012: entry(
    2,
    "Name too long or not allowed",
    "A name would not be accepted by DNS, Helm or Kubernetes.",
    "Use lower-case letters, digits and single hyphens, starting with a letter, and a shorter name.",
  ),
  TN1013: entry(
    2,
    "Not supported yet",
    "The schema knows the setting, this version cannot make it real.",
    "Use what is allowed.",
  ),
  TN1014: entry(
    2,
    "Wrong usage",
    "The command line has a wrong command, option or argument.",
    "See `testnet --help`.",
  ),
  TN1015: entry(
    2,
    "Daemon not known",
    "A command names a daemon that the network does not have.",
    "Name one of the daemons listed.",
  ),
  TN1016: entry(
    2,
    "Region not known",
    "A cluster names a region that its cloud does not have, or that needs opting in first.",
    "Use one of the regions allowed.",
  ),
  TN1017: entry(
    2,
    "Machine type not known",
    "A node pool names a machine type that its cloud does not have, or that we have no price and CPU facts of.",
    "Use one of the machine types allowed.",
  ),
  TN1018: entry(
    2,
    "Kubernetes version not known",
    "EKS and GKE do not both offer this minor version.",
    "Use one of the versions allowed.",
  ),
  TN1019: entry(
    2,
    "Zone of another place",
    "A cluster names a zone that is not in its region, or is one of another cloud.",
    "Use zones of the cluster's region, or leave `zones` out.",
  ),
  TN1020: entry(
    2,
    "Addresses overlap",
    "Two clusters would share private addresses, or a cluster would use addresses that are reserved. Networks that overlap can never be connected, and a daemon would trust pods of the wrong one.",
    "Give each cluster a block of its own, or leave `addresses` out.",
  ),
  TN1021: entry(2, "Name used twice", "Two things of one list have one name.", "Rename one of them."),
  TN1022: entry(
    2,
    "Not a domain name",
    "A public DNS zone needs a domain name in lower case, without a dot at its end.",
    "Write a domain that you can delegate, such as `testnets.example.org`.",
  ),
  TN1023: entry(
    2,
    "API servers open to the world",
    "A range of `apiAccess` is so wide that it names nobody. Whoever can reach an API server can try passwords and weaknesses on it.",
    "Name the addresses you and your CI come from: `curl https://checkip.amazonaws.com` shows yours.",
  ),
  TN1024: entry(
    2,
    "Image not given by digest",
    "An image to be mirrored is named without a digest, or without a tag. A tag can mean another image tomorrow; a digest cannot.",
    "Write it as `name:tag@sha256:…`. `docker buildx imagetools inspect name:tag` shows the digest of the linux/amd64 image.",
  ),
  TN1025: entry(
    2,
    "Image not kept by the environment",
    "A network wants an image in a registry that has no place for it.",
    "Add the image to `registries.images` of the environment and bring that up, or name one of the images allowed.",
  ),
  TN1026: entry(
    2,
    "No such environment",
    "A network names as its environment a stack that has no file here, or that is no environment of clusters.",
    "Name `local`, or a stack whose `testnet:environment` is a mapping of clusters, such as `prod`.",
  ),
  TN1040: entry(
    2,
    "Not on this machine",
    "A local network is asked for what only clusters can give: a client that is not built here, a public chain, or a setting about clusters.",
    "Remove the setting, or name an environment of clusters in `testnet:environment`.",
  ),
  TN1041: entry(
    2,
    "Client cannot run this chain",
    "A client has limits compiled in, such as slots of an epoch or the shortest slot, or its release does not know the forks of the chain.",
    "Choose another client, or change the setting named.",
  ),
  TN1042: entry(
    2,
    "Cluster cannot take the nodes",
    "No machine of a cluster can be reached by peers, so nodes of a network cannot run there.",
    "Give the cluster a node pool that peers reach, or place the nodes elsewhere.",
  ),
  TN1043: entry(
    2,
    "Seeds cannot be these nodes",
    "Seeds are the first nodes of the first pool, and their consensus client must be one that takes a key made beforehand: others know them by it before they ever ran.",
    "Lower `seeds.count`, or put a pool first whose consensus client is one of those allowed.",
  ),
  TN1044: entry(
    2,
    "Setting of another kind of network",
    "Private networks have a genesis, validators and seeds of their own; public ones have them already, and need a place to start from.",
    "Remove the setting named, or change `network`.",
  ),
  TN1045: entry(
    2,
    "Ports run out",
    "The ports of peers would reach beyond 29999, where Kubernetes has its node ports.",
    "Set `ports.from` to a lower start, or make the network smaller.",
  ),
  TN1030: entry(
    2,
    "Cluster not known",
    "A network names a cluster that its environment does not have.",
    "Name one of the clusters allowed, or add it to the environment and bring that up: `testnet up <environment>`.",
  ),
  TN1031: entry(
    2,
    "Trust list leaves pods out",
    "The client port of Mina daemons answers only addresses of `clientTrustList`, and that does not hold the pods of a cluster. SNARK workers there would get no work and say nothing.",
    "Add the range of pods named, or leave `clientTrustList` out: it is then that of each cluster.",
  ),
  TN1032: entry(
    2,
    "Machines cannot run the client",
    "The machines that a pod may come to are too small for it, or their processors lack what the client needs. The scheduler knows nothing of processors: the client would crash once it computes.",
    "Name a `nodePool` of other machines, or give the pool another `machine`.",
  ),
  TN1033: entry(
    2,
    "No machines to run on",
    "A cluster has no node pool with the labels that a pod asks for: `peers: true` for whom peers of the world reach, `spot: true` for workers that may be taken away, or the `nodePool` named.",
    "Add such a pool to the cluster in the environment, or place the pods elsewhere.",
  ),
  TN1034: entry(
    2,
    "Protocol runs in clusters only",
    "The programs of this protocol are published as images for Linux clusters, not as tools of this machine.",
    "Name an environment of clusters, or a cluster of your own: `environment: { kubeconfig: …, context: … }`.",
  ),
  TN1035: entry(
    2,
    "Not in this version",
    "A setting asks for what this version, or its usual images, cannot do. The daemon would stop at its start.",
    "Use what is allowed, or another version.",
  ),
  TN1050: entry(
    2,
    "Creation not written down",
    "A network that expires counts from its creation, and `testnet:created` is not in its stack file.",
    "Run `testnet up <stack>`: it writes the moment into the stack file. Or write it yourself: `pulumi config set testnet:created 2026-01-31T12:00:00Z`.",
  ),
  TN1051: entry(
    2,
    "Name taken",
    "A new network would share its name with another stack, or with something that every cluster has: namespaces, DNS names and secrets follow from it.",
    "Choose another name.",
  ),
  TN1052: entry(
    2,
    "Ports of another network",
    "Two networks of one environment would use the same ports of its machines. The pods of one of them would find no place.",
    "Set `ports.from` of the network to the free range named, then run the command again.",
  ),
  TN1053: entry(
    2,
    "Network has expired",
    "The time of the network is over: what is brought up now would be removed by the next `testnet reap`.",
    'Give it more time: `testnet extend <stack> "8 hours"`, or `testnet keep <stack>`.',
  ),
  TN1054: entry(
    2,
    "Answer missing",
    "A command needs to know something that no option tells, and there is no terminal to ask on.",
    "Add the option named.",
  ),
  TN1055: entry(
    2,
    "No free ports left",
    "The networks of an environment hold so many ports that no range in a row is left for another.",
    "Remove a network that is not needed: `testnet list` shows them all.",
  ),
  TN1056: entry(
    2,
    "No length of time",
    "A time is a count and a unit, counted from now or from the creation of the network.",
    "Write it as `90 minutes`, `8 hours`, `3 days` or `2 weeks`.",
  ),
  TN2001: entry(
    1,
    "Deployment failed",
    "The Pulumi engine could not bring a resource to the state asked for. What was made is kept in the state: a second run goes on from there.",
    "Read the cause named, mend it and run the same command again.",
  ),
  TN2002: entry(
    2,
    "Wrong passphrase",
    "The stack's state was written with another passphrase than the one given now.",
    "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the passphrase of this stack, or unset it to use the one kept beside the state.",
  ),
  TN2003: entry(
    1,
    "Stack is held by another run",
    "Another process is changing this stack. Two at once would corrupt it.",
    "Wait for the other run to end. A lock whose process on this machine is gone is broken by itself.",
  ),
  TN2004: entry(
    1,
    "State backend not usable",
    "The place where Pulumi keeps the state of the stacks cannot be read or written.",
    "Check the address and your login with `pulumi whoami -v`.",
  ),
  TN2005: entry(
    1,
    "Network is not up",
    "The command needs a running network, and the stack has none.",
    "Bring it up with `testnet up <stack>`.",
  ),
  TN2006: entry(
    2,
    "Credentials missing",
    "The stack stands on a cloud for which this machine has no credentials. Nothing was created.",
    "Log in with the command named, or set the variable named.",
  ),
  TN2007: entry(
    1,
    "Kubernetes would refuse an object",
    "An object of the program has a field that the clusters' version of Kubernetes does not know, lacks one, or has a value of another type. It was found before anything was created.",
    "Mend the field named.",
  ),
  TN2008: entry(
    1,
    "Environment cannot be read",
    "A network names an environment whose stack is not up, or was brought up by another version.",
    "Bring the environment up with this version: `testnet up <environment>`.",
  ),
  TN2009: entry(
    1,
    "Environment is protected",
    "The environment guards what holds data: clusters, keys, zones, buckets, registries and secrets. Nothing of it was removed.",
    "To remove it for good: set `protect: false` in `testnet:environment`, run `testnet up <stack>`, then `testnet down <stack>`.",
  ),
  TN2010: entry(
    1,
    "Quota exceeded",
    "The environment needs more than a cloud lets the account have, be it empty otherwise. Nothing was created. What the account uses already is not counted.",
    "Have the quota raised with the command named, or ask for less: smaller machines, a smaller `min`, another region.",
  ),
  TN2011: entry(
    1,
    "Image changed on its way",
    "A mirrored image has another digest in the registry than at its source. It is not used: nobody could tell what it is.",
    "Give the digest of the linux/amd64 image, not that of the list of all platforms, and let Docker keep images in the containerd image store, which pushes them as they were pulled.",
  ),
  TN2012: entry(
    2,
    "Key missing",
    "A daemon of the network has no key yet: the keyring, which holds the public parts, does not know it. Nothing was created.",
    "Make the keys with `testnet keys create <stack>`, then commit the keyring.",
  ),
  TN2013: entry(
    1,
    "Secret exists already",
    "A secret was to be made and one of its name is there. Secrets are never overwritten: the keys in them may be in use.",
    "Run `testnet keys create <stack>` again: it takes over what is there.",
  ),
  TN2014: entry(
    1,
    "Secret manager refused",
    "The secret manager of a cloud refused to write, read, list or delete a secret, or did not answer.",
    "Get the right that the problem names, or try again later. A second run goes on where this one stopped.",
  ),
  TN2015: entry(
    1,
    "Keyring and secrets do not agree",
    "The keyring knows a key whose private part is in no secret manager of the network, or the keyring or a secret is damaged.",
    "Take the keyring from version control. Where the private part is lost, `testnet keys rotate <stack> <daemon>` makes another key.",
  ),
  TN2016: entry(
    2,
    "Key is part of the genesis",
    "The key stands in the genesis of the network: a producer's wallet with stake, a funded account or validators. With another key the daemon has nothing to produce with, until a fresh chain is started.",
    "Leave the key as it is, or add `--force` and start a fresh chain: raise `era` of the network.",
  ),
  TN2017: entry(
    2,
    "Reference cannot be resolved in a cluster",
    "An argument, file or variable of a daemon names something that its pod cannot be told: a public key that the keyring does not hold, a seed that the network does not have, an address where none is advertised.",
    "Make the missing keys with `testnet keys create STACK`, or change the setting that the argument comes from.",
  ),
  TN2018: entry(
    2,
    "Files of a daemon too large",
    "The files that a daemon is given of its own travel in the description of its pod, which the kernel and Kubernetes limit.",
    "Shorten the files, or make them shared files of the network.",
  ),
  TN2019: entry(
    1,
    "Join bundle does not match",
    "A file that outsiders need to join the network is not the one the network was made with, or the stack's outputs are not those of a network in clusters. Nothing was written.",
    "Run `testnet up STACK` once more to publish the files again, then fetch the bundle anew.",
  ),
  TN2020: entry(
    1,
    "Join bundle cannot be had",
    "A file that outsiders need to join the network cannot be fetched from where it is published, or the bundle cannot be written.",
    "Try again; see whether the address named can be reached from here.",
  ),
  TN2021: entry(
    1,
    "Image has no digest",
    "An image is named by a tag, and its registry could not be asked which image that is, or knows none of that name. Most registries say the same (401 or 404) of an image that is not there and of one that is private. Nothing was changed.",
    "See whether name and tag are right and the registry can be reached from here; log in with `docker login` where it is one of the environment's own. Or write the image as `name:tag@sha256:…`: then nobody is asked. Or set `pinImages: false`, which the policy images-by-digest refuses in `prod`.",
  ),
  TN2030: entry(
    1,
    "Policy broken",
    "A resource breaks a rule that no stack may break. Before an `up` nothing was changed; during one, the resource named was not made.",
    "Change the setting or the code that the resource comes from. docs/policies.md has each rule and its reason.",
  ),
  TN2031: entry(
    1,
    "Policies cannot be asked",
    "The policy pack of this program did not start, so nobody could tell whether the stack keeps to the rules. Nothing was changed.",
    "Run `npm ci` in the folder of the program, then the command again. `node policy/index.js` in the folder policy shows what stops it.",
  ),
  TN2032: entry(
    2,
    "Settings of policies not valid",
    "The file policy.json beside the stack files sets the levels of rules. It names a rule that there is none of, or a level that there is none of.",
    "Correct policy.json: docs/policies.md shows an example.",
  ),
  TN2035: entry(
    1,
    "Stack cannot be read",
    "The backend holds a stack whose state cannot be read. The other stacks were read; nothing is decided about this one.",
    "Read the words named, then run the command again. `pulumi stack export --stack <stack>` shows whether the engine can read it.",
  ),
  TN2036: entry(
    1,
    "Expired network not removed",
    "The reaper could not remove all of a network. What is left stands in its state; other networks were removed.",
    "Mend the cause named. The next `testnet reap` tries again; `testnet down <stack>` does so at once.",
  ),
  TN2037: entry(
    1,
    "Warning not delivered",
    "The address that warnings go to did not take one. It is sent again by the next run.",
    "Check the address in TESTNET_WEBHOOK_URL.",
  ),
  TN2038: entry(
    1,
    "Cloud did not answer the inventory",
    "A cloud refused to list or delete tagged resources, or did not answer. Other clouds and regions were searched.",
    "Get the right named, or try again later.",
  ),
  TN2050: entry(
    2,
    "Record cannot be used",
    "A comment is made of what `testnet preview --json` or `testnet rehearse --json` printed, and the file named holds something else, or nothing.",
    "Write the file anew: `testnet preview STACK --json > record.json`.",
  ),
  TN2051: entry(
    2,
    "Record of another stack",
    "The record and the stack that was named are not of one stack.",
    "Name the stack of the record, or none.",
  ),
  TN2052: entry(
    1,
    "Permissions missing",
    "The cloud, asked which rights these credentials have, said that some of those the stack needs are not among them. Nothing was created.",
    "Have the rights named added to the role or account that deploys.",
  ),
  TN2053: entry(
    1,
    "Credentials do not work",
    "A cloud did not accept the credentials of this machine, or could not be asked.",
    "Log in again, and see whether the cloud can be reached from here.",
  ),
  TN2040: entry(
    1,
    "Environment over budget",
    "An environment with the networks on it would cost more in a month than the `budget.monthlyUsd` of its stack file allows, by the dated table of prices. Nothing was changed.",
    "Make the network smaller, remove one that nobody needs (`testnet list` shows them), raise the budget, or add `--allow-over-budget`.",
  ),
  TN2041: entry(
    1,
    "Cost not known",
    "The environment has a budget, and something of the stack has no price in the table, such as a new machine type. What is not known is never counted as free. Nothing was changed.",
    "Add the price to stacks/cost/prices.ts, or add `--allow-over-budget`.",
  ),
  TN2042: entry(
    1,
    "Owner over budget",
    "All networks of one owner on an environment would together cost more in a month than its `budget.perOwnerMonthlyUsd` allows. Nothing was changed.",
    "Make the network smaller, remove another one of the same owner, or add `--allow-over-budget`.",
  ),
  TN2043: entry(
    1,
    "Network of another version",
    "The outputs of the stack of a network in clusters are not those that this version writes: it was brought up by another version, or the stack is something else.",
    "Run `testnet up <stack>` with this version.",
  ),
  TN2044: entry(
    2,
    "Network is protected",
    "The network is protected, so its name must be typed before it is removed or its chain is dropped. `--yes` does not stand for the name. Nothing was changed.",
    "Type the name when asked, or add `--confirm <stack>` with the name of the network.",
  ),
  TN2045: entry(
    1,
    "Cluster does not answer",
    "The engine could not reach the API server of a cluster. What stands in other clusters was changed as wanted; nothing in this one was.",
    "See whether the cluster is there and whether this machine may reach it, then run the same command again: it goes on where it ended.",
  ),
  TN2046: entry(
    2,
    "Stack file cannot be changed",
    "The command writes a setting into the stack file, and the file cannot be read as it should, or not be written.",
    "Write the setting named by hand, then run `testnet up <stack>`.",
  ),
  TN3001: entry(
    1,
    "Verification failed",
    "The network runs, but at least one check of `verify` does not hold.",
    "Read the checks that failed, then the logs of the daemons named: `testnet logs <daemon>`.",
  ),
  TN3002: entry(
    1,
    "Daemon did not become ready",
    "A daemon was started but ended, or did not answer its readiness probe in time.",
    "Read the end of its log, shown with the error, or all of it with `testnet logs <daemon>`.",
  ),
  TN3003: entry(
    1,
    "Genesis could not be made",
    "The tool that makes the genesis files failed.",
    "Read the tool's words shown with the error.",
  ),
  TN3004: entry(
    1,
    "Chain lost in a crash",
    "All daemons of the network ended without an orderly stop (power loss, kill -9, reboot). Execution clients keep their newest blocks in memory, so the chain cannot be taken up again.",
    "Nothing: `up` starts a new era, with a fresh chain under the same names and ports. Stop networks with `testnet down --keep-data` to keep their chain.",
  ),
  TN3010: entry(
    1,
    "Cluster cannot be read",
    "The API server of a cluster does not answer, or refuses these credentials.",
    "Check the credentials of its cloud, and `apiAccess` of the environment: it names who may reach the API server.",
  ),
  TN3011: entry(
    1,
    "Log cannot be read",
    "The daemon has no pod, or its machine gives no log of it.",
    "See `testnet status <stack>`: it names what keeps the pod from running.",
  ),
  TN3012: entry(
    1,
    "Nobody to ask",
    "A command asks daemons, and none runs that could answer: the network is paused, or its machines are simulated.",
    "Run `testnet resume <stack>` where it is paused. In a rehearsal nothing runs in the pods.",
  ),
  TN3013: entry(
    1,
    "Volume not removed",
    "A volume that was to be removed is still there. Others were removed.",
    "Run `testnet reset <stack> --old-volumes` again.",
  ),
  TN3014: entry(
    1,
    "Diagnosis cannot be written",
    "The directory or file of the diagnosis cannot be made or written, or something else is there already.",
    "Name another place with `--output`.",
  ),
  TN4001: entry(
    1,
    "Tool missing",
    "A program the network needs is neither in PATH nor built yet, and cannot be built because Go is missing.",
    "Install Go 1.26 or newer (https://go.dev/dl), or put the tool itself in PATH, then run the command again.",
  ),
  TN4002: entry(
    1,
    "Go too old",
    "A tool must be built, and the Go in PATH is older than its module asks for.",
    "Install a newer Go (https://go.dev/dl), then run the command again.",
  ),
  TN4003: entry(
    1,
    "Tool could not be built",
    "`go install` of a pinned tool failed.",
    "Read the compiler's or downloader's words shown with the error. A second run goes on where this one stopped.",
  ),
  TN4004: entry(
    1,
    "State directory not usable",
    "The directory that keeps the state, keys and data of local networks cannot be made or written.",
    "Make it writable, or name another one in TESTNET_HOME.",
  ),
  TN4005: entry(
    1,
    "Port in use",
    "Another program listens on a port that a daemon needs.",
    "Stop the program named, or set `ports.from` of the network to another start.",
  ),
  TN4006: entry(
    1,
    "Node.js too old",
    "The program needs features of a newer Node.js.",
    "Install Node.js 20.19 or newer, 22 or 24.",
  ),
  TN4007: entry(
    1,
    "Program cannot be started",
    "The operating system refused to start a daemon's program.",
    "Check that the file named exists and may be executed.",
  ),
  TN4008: entry(
    1,
    "Program could not be stopped",
    "A process did not end, not even when killed.",
    "Look at the process named; it may hang in the kernel.",
  ),
  TN4020: entry(
    1,
    "Program for clusters missing",
    "A program that is not part of this project is needed to reach the clusters of a stack, or to carry its images, and is not in PATH.",
    "Install the program named.",
  ),
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
